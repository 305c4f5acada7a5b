"""A page whose canonical URL answers 4xx or 5xx, or not at all.

One that redirects first is `canonical-to-redirect`, and what robots.txt forbids is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import failed, pages
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page."""
    broken = failed(facts).rename(columns={"url": "canonical"})
    rows = pages(facts)[["url", "canonical"]].merge(broken, on="canonical")
    return rows[["url"]].assign(
        detail=say(rows, "Its canonical {canonical} {answer}."),
        fix=say(rows, "On {url}, write the page's own address as the canonical, or let {canonical} answer 200."),
    )


RULE = Rule(
    title="Canonical URL that fails",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The page asks search engines to show an address that has nothing to show. They may ignore "
    "the wish and choose by themselves; the page itself is fine, and loses its say for nothing. High, because templates "
    "make canonicals, and then many pages name what is gone.",
    fix="Name a canonical that answers 200; a page without duplicates names itself.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: specify a canonical"
        ),
        Reference(source="RFC 6596, section 3", url="https://www.rfc-editor.org/rfc/rfc6596#section-3", date="2012-04"),
    ),
    since="0.1",
    find=find,
)
