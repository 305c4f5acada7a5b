"""A chain in which the server redirects at one hop and the page itself (refresh or script) at another.

A long one is a `redirect-chain`, one that ends in an error page is told there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    short = chains["redirect_count"] < facts.thresholds.chain_high
    rows = chains[chains["in_turn"] & short & ~chains["dead"] & (chains["outcome"] != "loop")]
    return rows[["url"]].assign(
        detail=say(rows, "Server and page redirect in turn: {chain}.", chain=drawn(rows)),
        fix=say(
            rows, "Point {url} straight at {final_url} with one redirect of the server (301, or 302 if temporary)."
        ),
    )


RULE = Rule(
    title="Server and page redirects in one chain",
    family="Chains and loops",
    severity="medium",
    why="Most link checkers, link previews and many crawlers follow the server's redirects but not a refresh or a script, so they "
    "stop in the middle and take a page that only moves on for the end. People wait for a page that is thrown away.",
    fix="Make one redirect of the server out of the chain.",
    references=(
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: server-side redirects are read most reliably",
        ),
        whatwg("html", "semantics.html#attr-meta-http-equiv-refresh", "Refresh state"),
    ),
    since="0.1",
    find=find,
)
