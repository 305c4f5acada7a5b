"""An https page whose canonical is an http URL that neither redirects nor fails; those two have rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, is_https, over_https, pages, unsettled
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page."""
    rows = pages(facts)
    rows = rows[is_https(rows["url"]) & is_http(rows["canonical"]) & ~among(rows["canonical"], unsettled(facts))]
    return rows[["url"]].assign(
        detail=say(rows, "Its canonical is plain HTTP: {canonical}."),
        fix=say(rows, "On {url}, write {over_https} as the canonical.", over_https=over_https(rows["canonical"])),
        group="canonicals on http",
    )


RULE = Rule(
    title="Canonical URL on HTTP",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="The page is protected, and asks search engines to send people to the copy that is not. Google prefers "
    "https pages unless they say otherwise, and this says otherwise. One template, usually; every page of it "
    "is affected.",
    fix="Write https into the canonical.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless the page has a canonical to HTTP",
        ),
    ),
    since="0.1",
    find=find,
)
