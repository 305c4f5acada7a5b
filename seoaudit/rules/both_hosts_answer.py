"""Pages answer 200 on the bare host and on its www twin.

Moves between the two in both directions are `opposite-host-redirects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import authority, pages
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a pair of hosts: the first page of the host with fewer pages."""
    urls = pages(facts)["url"]
    hosts = pd.DataFrame({"url": urls, "scheme": urls.str.replace(r"(?s):.*", "", regex=True), "host": authority(urls)})
    counts = hosts.groupby(["scheme", "host"], sort=False)["url"].agg(["size", "first"]).reset_index()
    twins = counts.assign(bare=counts["host"], host="www." + counts["host"])
    rows = counts.merge(twins, on=["scheme", "host"], suffixes=("_www", "_bare"))
    fewer = rows["size_www"] < rows["size_bare"]
    drop, keep = rows["host"].where(fewer, rows["bare"]), rows["bare"].where(fewer, rows["host"])
    return pd.DataFrame(
        {
            "url": rows["first_www"].where(fewer, rows["first_bare"]),
            "detail": say(rows, "Pages answer 200 on both hosts: {size_bare} on {bare}, {size_www} on {host}."),
            "fix": say(rows, "Redirect every URL of {drop} to the same path on {keep} with 301.", drop=drop, keep=keep),
            "group": say(rows, "{bare} and {host} both answer"),
        }
    )


RULE = Rule(
    title="Site answers with and without www",
    family="HTTPS and hosts",
    severity="medium",
    why="Each page exists twice. Links, cookies and search signals are split between two hosts, and a search "
    "engine chooses by itself which one it shows. Canonical links soften that for search, not for visitors, "
    "hence medium and not high.",
    fix="Choose one host and redirect every path of the other to the same path on it.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: redirects are a strong signal"
        ),
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search: one canonical host"),
    ),
    since="0.1",
    find=find,
)
