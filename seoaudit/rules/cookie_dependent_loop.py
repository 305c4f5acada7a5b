"""A circle without cookies that a second walk with a cookie jar got out of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import loops
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """Every URL that leads into such a circle; without any cookie the second walk's luck is `intermittent-failure`."""
    rows = loops(facts)
    rows = rows[(rows["second_walk"] == "ok") & rows["cookie_names"].notna()]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "Without cookies it never ends: {chain}; with the cookies it sets ({cookie_names}) it ends well.",
            chain=drawn(rows),
        ),
        fix=say(
            rows,
            "Let {link_to} answer 200 to a request without the cookie ({cookie_names}) instead of redirecting to set it.",
        ),
        group=rows["loop_cause"],
    )


RULE = Rule(
    title="Redirect loop for whoever sends no cookies",
    family="Chains and loops",
    severity="medium",
    why="Visitors with cookies get in, so it goes unnoticed. Crawlers, link previews and people who block cookies go round in a "
    "circle, and the page may never be indexed. Medium, because most people do arrive; raise it in your mind for pages that "
    "should be found by search.",
    fix="Serve the page also to a request without cookies; set the cookie on the page itself rather than on the way to it.",
    references=(
        Reference(
            source="Google Search Central Blog, Inside Googlebot: rendering keeps no session data between requests",
            url="https://developers.google.com/search/blog/2026/03/crawler-blog-post",
            date="2026-03-31",
        ),
        rfc(9110, "15.4"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
    inferred="That a search engine's crawler keeps no cookie between two hops of one chain is inferred: Google says that it keeps "
    "no state between requests when it renders.",
)
