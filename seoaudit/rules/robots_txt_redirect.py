"""A robots.txt that redirects by itself, or too often.

One hop that moves the whole host to another scheme or host takes robots.txt along and is silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import mentioned, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

MAX_HOPS = 5
"""Crawlers follow at least so many for robots.txt, and need not follow more (RFC 9309, 2.3.1.2)."""


def find(facts: Facts) -> pd.DataFrame:
    """One row a robots.txt; high where crawlers may not arrive."""
    rows = mentioned(facts, "robots-txt", by_nobody="")[["url"]].merge(moved(facts), on="url")
    dead_end = rows["outcome"].isin(["loop", "too-many", "invalid-location", "unreachable", "server-error"])
    lost = (rows["redirect_count"] > MAX_HOPS) | dead_end
    rows = rows[lost | ~rows["change"].isin(["scheme", "host", "scheme-host"])]
    return rows[["url"]].assign(
        severity=lost[rows.index].map({True: "high", False: "medium"}).astype("str"),
        detail=say(rows, "It redirects to {final_url} (hops: {redirect_count}, end: {outcome})."),
        fix=say(rows, "Serve {url} with 200, and exempt /robots.txt from the redirect rules."),
    )


RULE = Rule(
    title="robots.txt that redirects",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="Crawlers follow a few redirects for robots.txt: at least five by the standard. After that, Google treats "
    "the file as missing and crawls what the site meant to forbid (high). With fewer hops the rules still "
    "arrive, but each crawler decides anew whether they hold for this host: medium.",
    fix="Serve robots.txt itself, with 200, on every host and scheme, or let at most the one redirect for the "
    "whole host move it.",
    references=(
        rfc(9309, "2.3.1.2"),
        search_central(
            "crawling-indexing/robots/robots_txt", "How Google interprets robots.txt: at least five hops, then as a 404"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
