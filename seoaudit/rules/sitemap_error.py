"""A URL in a sitemap that answers 4xx or 5xx, or not at all; one that redirects first is `sitemap-redirect`, and one that robots.txt forbids `sitemap-blocked-url`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import failed, mentioned, sentences
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    rows = mentioned(facts, "sitemap")[["url", "source"]].merge(failed(facts), on="url")
    sitemap = rows["source"].fillna("the sitemap")
    return rows[["url"]].assign(
        detail=sentences("It is listed in {sitemap} and {answer}.", rows, sitemap=sitemap),
        fix=sentences("Remove {url} from {sitemap}, or let it answer 200.", rows, sitemap=sitemap),
    )


RULE = Rule(
    title="Sitemap lists a broken URL",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The site asks search engines to show an address that has nothing to show. They come back to it again and "
    "again, and trust a list less that sends them to errors. High, because the list is the site's own and one "
    "rule of it makes many such entries.",
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
)
