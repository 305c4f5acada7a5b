"""A Refresh header or meta refresh of 0 seconds that stands in for a redirect.

One that names its own page is no redirect.
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
    refresh = moves["mechanism"].isin(["refresh-header", "meta-refresh"]) & (moves["refresh_delay"] == 0)
    rows = moves[moves["in_scope"] & met(moves) & refresh]
    how = rows["mechanism"].map({"refresh-header": "a Refresh header", "meta-refresh": "a meta refresh"}).astype("str")
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} and moves on by {how} after 0 seconds, to {location_url}.", how=how),
        fix=say(rows, "Answer {url} with 301 and Location: {location_url}, and drop the refresh."),
    )


RULE = Rule(
    title="Page that moves on by refresh at once",
    family="Client-side redirects",
    severity="medium",
    why="The visitor waits for a page that exists only to be left, and many link checkers, feed readers and link "
    "previews stop at its 200. Google follows it and reads it as permanent, so search signals do arrive: "
    "medium.",
    fix="Answer with 301 (or 308) and a Location instead of the page.",
    references=(
        search_central(
            "crawling-indexing/301-redirects", "Redirects and Google Search: an instant refresh is read as permanent"
        ),
        whatwg("html", "semantics.html#shared-declarative-refresh-steps", "shared declarative refresh steps"),
        Reference(
            source="W3C, WCAG 2.2, technique H76: use of an instant client-side redirect",
            url="https://www.w3.org/WAI/WCAG22/Techniques/html/H76",
            date="2023-10-05",
        ),
    ),
    since="0.1",
    find=find,
)
