"""An http URL in a sitemap, of a host that answers over https.

Silent where it redirects or fails, which is told by `sitemap-redirect` and `sitemap-error`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import answers_on_https, is_http, mentioned, over_https, unsettled
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    rows = mentioned(facts, "sitemap", by_nobody="the sitemap")
    rows = rows[is_http(rows["url"]) & ~among(rows["url"], unsettled(facts))]
    rows = rows[answers_on_https(facts, rows["url"])]
    return rows[["url"]].assign(
        detail=say(rows, "It is listed in {source} as a plain HTTP address."),
        fix=say(rows, "In {source}, write {secure} in place of {url}.", secure=over_https(rows["url"])),
        group=say(rows, "http addresses in {source}"),
    )


RULE = Rule(
    title="Sitemap lists an HTTP address",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The site answers over HTTPS, and asks search engines to show its unprotected copy. A sitemap is a weak "
    "signal, so it rarely decides alone: medium.",
    fix="Write https addresses into the sitemap.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: a sitemap is a weak canonical signal; HTTPS is preferred",
        ),
        search_central(
            "crawling-indexing/sitemaps/build-sitemap", "Build and submit a sitemap: list the canonical URLs"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
