"""A Refresh header or meta refresh after a delay to another page.

One that names its own page is polling and no redirect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import moved
from seoaudit.classify.evidence import say
from seoaudit.classify.probes import met
from seoaudit.rules import Reference, Rule, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    moves = moved(facts)
    refresh = moves["mechanism"].isin(["refresh-header", "meta-refresh"]) & (moves["refresh_delay"] > 0)
    rows = moves[moves["in_scope"] & met(moves) & refresh]
    how = rows["mechanism"].map({"refresh-header": "a Refresh header", "meta-refresh": "a meta refresh"}).astype("str")
    seconds = rows["refresh_delay"].astype("str").str.removesuffix(".0")
    return rows[["url"]].assign(
        detail=say(rows, "It moves on by {how} after {seconds} seconds, to {location_url}.", how=how, seconds=seconds),
        fix=say(
            rows,
            "If the page has moved, answer {url} with 301 and Location: {location_url} (302 if it will come "
            "back); if it is to be read, drop the refresh and link to the target.",
        ),
    )


RULE = Rule(
    title="Page that moves on by refresh after a delay",
    family="Client-side redirects",
    severity="medium",
    why="The page changes under its reader: people who read slowly or use a screen reader lose their place and "
    "cannot stop it, which accessibility rules forbid. Google reads it as a temporary redirect, so the old "
    "page stays the one that search shows.",
    fix="Redirect on the server, or show a page with a link and no timer.",
    references=(
        search_central(
            "crawling-indexing/301-redirects", "Redirects and Google Search: a delayed refresh is read as temporary"
        ),
        whatwg("html", "semantics.html#shared-declarative-refresh-steps", "shared declarative refresh steps"),
        Reference(
            source="W3C, WCAG 2.2, failure F40: meta redirect with a time limit (2.2.1, 2.2.4, 3.2.5)",
            url="https://www.w3.org/WAI/WCAG22/Techniques/failures/F40",
            date="2023-10-05",
        ),
    ),
    since="0.1",
    find=find,
)
