"""A page whose canonical URL redirects back to the page itself.

Other redirecting canonicals are `canonical-to-redirect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import moved, pages, shared
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page, in the group of the redirect that sends its canonical back."""
    moves = moved(facts)[["url", "final_url", "cause"]].rename(columns={"url": "canonical"})
    rows = pages(facts)[["url", "canonical"]].merge(moves, on="canonical")
    rows = rows[rows["final_url"] == rows["url"]]
    return rows[["url"]].assign(
        detail=say(rows, "Its canonical {canonical} redirects back to it."),
        fix=say(
            rows,
            "If {url} is the address to show, write it as the canonical; if {canonical} is, let that answer 200 "
            "and turn the redirect round.",
        ),
        group=shared(rows["cause"]),
    )


RULE = Rule(
    title="Canonical and redirect that point at each other",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The redirect says that this page is the right one, its canonical says that the other is: there is no "
    "consistent answer, and which of the two is shown is left to the search engine. It is mostly one template or one "
    "server rule, and then holds for every page: high.",
    fix="Pick one address: it answers 200 and names itself as canonical, and the other redirects to it.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: redirects and rel=canonical are strong signals",
        ),
        Reference(source="RFC 6596, section 3", url="https://www.rfc-editor.org/rfc/rfc6596#section-3", date="2012-04"),
    ),
    since="0.1",
    find=find,
)
