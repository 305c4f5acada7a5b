"""A page whose canonical URL redirects elsewhere.

A canonical that comes back to the page is `canonical-redirect-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import arrives, end_of, moved, pages, shared
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page, in the group of the redirect that its canonical meets."""
    moves = moved(facts)[["url", "final_url", "final_status", "outcome", "cause"]].rename(columns={"url": "canonical"})
    rows = pages(facts)[["url", "canonical"]].merge(moves, on="canonical")
    rows = rows[rows["final_url"] != rows["url"]]
    return rows[["url"]].assign(
        detail=say(rows, "Its canonical {canonical} redirects to {end}.", end=end_of(rows)),
        fix=say(rows, "On {url}, write {final_url} as the canonical.").where(
            arrives(rows),
            say(
                rows,
                "On {url}, name a canonical that answers 200, or the page itself: {canonical} is not known to lead to one.",
            ),
        ),
        group=shared(rows["cause"]),
    )


RULE = Rule(
    title="Canonical URL that redirects",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The page says which address search engines should show, and that address says it is somewhere else. The "
    "two strongest signals contradict each other, so the search engine decides by itself, and the page it "
    "shows may be neither. A template usually does this on every page: high.",
    fix="Write the final address, the one that answers 200, into rel=canonical.",
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
