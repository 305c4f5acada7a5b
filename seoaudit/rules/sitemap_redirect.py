"""A URL in a sitemap that redirects, whatever else is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import end_of, mentioned, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    rows = mentioned(facts, "sitemap", by_nobody="the sitemap")[["url", "source"]].merge(
        moved(facts)[["url", "final_url", "final_status", "outcome"]], on="url"
    )
    replaced = say(rows, "In {source}, write {final_url} in place of {url}.")
    return rows[["url"]].assign(
        detail=say(rows, "It is listed in {source} and redirects to {end}.", end=end_of(rows)),
        fix=replaced.where(
            rows["outcome"] == "ok",
            say(rows, "In {source}, remove {url}, or write an address of the site that answers 200 in its place."),
        ),
    )


RULE = Rule(
    title="Sitemap lists a redirect",
    family="Canonical, sitemap and hreflang",
    severity="high",
    why="A sitemap is the list of addresses that the site wants to be shown, so each must be the final one. A "
    "redirect in it wastes a visit of the crawler and contradicts itself; and it mostly means that the "
    "sitemap was not made anew after a move, so the new addresses are missing. High, because one list holds "
    "many.",
    fix="List only final addresses that answer 200, and make the sitemap from the same data as the links.",
    references=(
        search_central(
            "crawling-indexing/sitemaps/build-sitemap", "Build and submit a sitemap: list the canonical URLs"
        ),
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: a sitemap is a weak canonical signal",
        ),
        Reference(
            source="sitemaps.org, protocol: loc", url="https://www.sitemaps.org/protocol.html", date="2016-11-21"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
