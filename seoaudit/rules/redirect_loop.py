"""Redirects in a circle of two URLs or more.

One URL alone is `self-redirect`, what a cookie opens `cookie-dependent-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import loops
from seoaudit.classify.evidence import MECHANISM, drawn, say
from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """Every URL that leads into such a circle."""
    rows = loops(facts)
    rows = rows[(rows["loop_length"] > 1) & (rows["second_walk"] != "ok")]
    by = rows["link_by"].map({**MECHANISM, "javascript": "JavaScript redirect"})
    return rows[["url"]].assign(
        detail=say(rows, "It never ends: {chain}.", chain=drawn(rows)),
        fix=say(
            rows, "Remove the redirect from {link_from} to {link_to}, so that the first of the two answers 200."
        ).mask(
            rows["link_by"] != "location",
            say(
                rows, "Take the {by} to {link_to} out of the page {link_from}, so that visitors can stay there.", by=by
            ),
        ),
        group=rows["loop_cause"],
    )


RULE = Rule(
    title="Redirect loop",
    family="Chains and loops",
    severity="critical",
    why="Nobody reaches the page: a browser shows an error page after 20 redirects, a search engine gives up and has nothing to index.",
    fix="Break the circle at one place: let the URL that should exist answer 200 without a refresh or script that leads on, "
    "and keep only the redirects that lead to it.",
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
