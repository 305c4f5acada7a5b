"""An https page whose canonical is an http URL that neither redirects nor fails; those two have rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

def find(facts: Facts) -> pd.DataFrame:
    """One row a page."""
    pages = facts.responses[facts.responses["in_scope"] & (facts.responses["status"] == 200) & facts.responses["mechanism"].isna()]
    answers = facts.responses
    told = answers.loc[answers["mechanism"].notna() | answers["error"].notna() | (answers["status"] >= 400).fillna(value=False), "url"]
    downgrade = pages["url"].str.startswith("https://") & pages["canonical"].str.startswith("http://")
    rows = pages[downgrade & ~pages["canonical"].isin(told)]
    return rows[["url"]].assign(
        detail="Its canonical is plain HTTP: " + rows["canonical"] + ".",
        fix="On " + rows["url"] + ", write https://" + rows["canonical"].str.slice(len("http://")) + " as the canonical.",
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
        search_central("crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: HTTPS is preferred unless the page has a canonical to HTTP"),
    ),
    since="0.1",
    find=find,
)
