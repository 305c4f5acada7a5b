"""A sitemap file that redirects; one hop that moves the whole host to another scheme or host is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import end_of, mentioned, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a sitemap; low for /sitemap.xml, which the audit may have tried without being told of it."""
    rows = mentioned(facts, "sitemap-file", by_nobody="robots.txt")[["url", "source"]].merge(
        moved(facts)[["url", "change", "final_url", "final_status", "outcome"]], on="url"
    )
    rows = rows[~(rows["change"].isin(["scheme", "host", "scheme-host"]) & (rows["outcome"] == "ok"))]
    usual_place = (rows["source"] == "robots.txt") & rows["url"].str.fullmatch(r"\w+://[^/]+/sitemap\.xml")
    better = rows["final_url"].where(rows["outcome"] == "ok", "a sitemap that answers 200")
    return rows[["url"]].assign(
        severity=usual_place.map({True: "low", False: "medium"}).astype("str"),
        detail=say(rows, "It redirects to {end}.", end=end_of(rows)),
        fix=say(rows, "In {source}, name {better} in place of {url}.", better=better),
    )


RULE = Rule(
    title="Sitemap file that redirects",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="Search engines ask a sitemap again and again, and every visit takes the detour; a sitemap also speaks "
    "only for its own host, which a redirect may leave. It still arrives in most cases: medium, and low where "
    "it is only the usual address that leads to the real one.",
    fix="Name the final address of the sitemap in robots.txt, in the index and in Search Console, and serve it "
    "with 200.",
    references=(
        Reference(
            source="sitemaps.org, protocol: sitemap file location",
            url="https://www.sitemaps.org/protocol.html",
            date="2016-11-21",
        ),
        search_central("crawling-indexing/sitemaps/build-sitemap", "Build and submit a sitemap: sitemap location"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
