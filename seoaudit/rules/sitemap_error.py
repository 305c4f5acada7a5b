"""A URL in a sitemap that answers 4xx or 5xx, or not at all.

One that redirects first is `sitemap-redirect`, and one that robots.txt forbids `sitemap-blocked-url`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import failed, mentioned
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    rows = mentioned(facts, "sitemap", by_nobody="the sitemap")[["url", "source"]].merge(failed(facts), on="url")
    return rows[["url"]].assign(
        detail=say(rows, "It is listed in {source} and {answer}."),
        fix=say(rows, "Remove {url} from {source}, or let it answer 200."),
    )


RULE = Rule(
    title="Sitemap lists a broken URL",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The site asks search engines to show an address that has nothing to show. Each entry costs a "
    "visit that finds nothing, and hides what should be listed instead. High, because the list is the site's own, and "
    "one mistake in making it makes many such entries.",
    fix="List only addresses that answer 200, and drop a page from the list when it goes.",
    references=(
        search_central(
            "crawling-indexing/sitemaps/build-sitemap", "Build and submit a sitemap: list the canonical URLs"
        ),
        Reference(
            source="sitemaps.org, protocol: loc", url="https://www.sitemaps.org/protocol.html", date="2016-11-21"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
