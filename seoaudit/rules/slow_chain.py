"""A chain whose hops together take long, though none of them alone is a `slow-redirect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; the time is that of its redirects, without the page at the end."""
    slowest = facts.hops.groupby("requested_url")["latency_ms"].max()
    chains = entries(facts)
    told = (chains["url"].map(slowest) > facts.thresholds.slow_hop_ms).fillna(value=False)
    slow = (chains["latency_ms"] > facts.thresholds.slow_chain_ms).fillna(value=False)
    rows = chains[slow & ~told & (chains["outcome"] != "loop") & ~chains["dead"]]
    took = rows["latency_ms"].round().astype("Int64").astype("str")
    return rows[["url"]].assign(
        detail=say(rows, "{took} ms pass before the page itself is asked for: {chain}.", took=took, chain=drawn(rows)),
        fix=say(rows, "Point {url} straight at {final_url}, so that one redirect is left."),
    )


RULE = Rule(
    title="Slow chain",
    family="Chains and loops",
    severity="low",
    why="No hop is slow by itself, but the visitor pays for all of them before the first byte of the page. Low: it was measured "
    "once, from one place.",
    fix="Make one redirect of the chain.",
    references=(
        Reference(
            source="web.dev, Time to First Byte: redirects count in; 800 ms or less is good for the whole",
            url="https://web.dev/articles/ttfb",
            date="2026-07",
        ),
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: chains add latency"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
