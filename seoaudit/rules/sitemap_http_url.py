"""An http URL in a sitemap, of a host that answers over https; silent where it redirects or fails, which is told by `sitemap-redirect` and `sitemap-error`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    answers = facts.responses
    answered = answers["status"].notna() & answers["error"].isna() & answers["url"].str.startswith("https://")
    secure = answers.loc[answered, "url"].str.extract(r"^\w+://([^/?#]*)", expand=False).unique()
    told = answers.loc[answers["mechanism"].notna() | answers["error"].notna() | (answers["status"] >= 400).fillna(value=False), "url"]
    rows = facts.inlinks[(facts.inlinks["element"] == "sitemap") & facts.inlinks["target"].str.startswith("http://")]
    host = rows["target"].str.extract(r"^\w+://([^/?#]*)", expand=False)
    rows = rows[host.isin(secure) & ~rows["target"].isin(told)]
    sitemap = rows["source"].fillna("the sitemap")
    return rows[["target"]].rename(columns={"target": "url"}).assign(
        detail="It is listed in " + sitemap + " as a plain HTTP address.",
        fix="In " + sitemap + ", write https://" + rows["target"].str.slice(len("http://")) + " in place of " + rows["target"] + ".",
        group="http addresses in " + sitemap,
    )


RULE = Rule(
    title="Sitemap lists an HTTP address",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The site answers over HTTPS, and asks search engines to show its unprotected copy. A sitemap is a weak "
    "signal, so it rarely decides alone: medium.",
    fix="Write https addresses into the sitemap.",
    references=(
        search_central("crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: a sitemap is a weak canonical signal; HTTPS is preferred"),
        search_central("crawling-indexing/sitemaps/build-sitemap", "Build and submit a sitemap: list the canonical URLs"),
    ),
    since="0.1",
    find=find,
)
