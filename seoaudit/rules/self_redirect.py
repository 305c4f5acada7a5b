"""A URL that redirects to itself, and what leads there.

A refresh to the own page is no redirect, and what a cookie opens is `cookie-dependent-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import loops
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """Every URL that ends there."""
    rows = loops(facts)
    rows = rows[(rows["loop_length"] == 1) & (rows["second_walk"] != "ok")]
    return rows[["url"]].assign(
        detail=say(rows, "It never ends: {chain}.", chain=drawn(rows)),
        fix=say(
            rows,
            "Remove the rule that redirects {link_from} to itself, or exclude that URL from it, so that it answers 200.",
        ),
        group=rows["loop_cause"],
    )


RULE = Rule(
    title="URL that redirects to itself",
    family="Chains and loops",
    severity="critical",
    why="Nobody reaches the page: the server sends every visitor back to where he came from, until the browser gives up. Behind a "
    "load balancer that ends TLS this often hits the whole site, because the server takes every request for http.",
    fix="Remove the rule or exclude its own target; behind a proxy, judge the scheme by X-Forwarded-Proto or Forwarded.",
    references=(
        rfc(9110, "15.4"),
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch: a network error after 20 redirects"),
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: up to 10 hops are followed"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
