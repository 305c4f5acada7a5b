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
    hosts = pd.DataFrame({"url": urls, "scheme": urls.str.extract(r"^(\w+):", expand=False), "host": authority(urls)})
    counts = hosts.groupby(["scheme", "host"], sort=False)["url"].agg(["size", "first"]).reset_index()
    twins = counts.assign(bare=counts["host"], host=say(counts, "www.{host}"))
    pairs = counts.merge(twins, on=["scheme", "host"], suffixes=("_www", "_bare"))
    fewer_www = pairs["size_www"] < pairs["size_bare"]
    drop, keep = pairs["host"].where(fewer_www, pairs["bare"]), pairs["bare"].where(fewer_www, pairs["host"])
    numbers = say(pairs, "{size_bare} on {bare}, {size_www} on {host}")
    return pd.DataFrame(
        {
            "url": pairs["first_www"].where(fewer_www, pairs["first_bare"]),
            "detail": say(pairs, "Pages answer 200 on both hosts: {numbers}.", numbers=numbers),
            "fix": say(
                pairs,
                "Redirect every URL of {drop} to the same path on {scheme}://{keep} with 301, and link only {keep}.",
                drop=drop,
                keep=keep,
            ),
            "group": say(pairs, "{bare} and {host} both answer"),
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
