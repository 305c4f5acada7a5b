"""A redirect of the server that takes long to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.probes import met
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL."""
    moves = facts.redirects
    slow = (moves["latency_ms"] > facts.thresholds.slow_hop_ms) & (moves["mechanism"] == "location")
    rows = moves[moves["in_scope"] & met(moves) & slow.fillna(value=False) & (moves["outcome"] != "loop")]
    took = rows["latency_ms"].round().astype("Int64").astype("str")
    return rows[["url"]].assign(
        detail=say(rows, "It took {took} ms to answer {status} and send to {location_url}.", took=took),
        fix=say(
            rows,
            "Answer {url} at the edge (CDN or web server) with {status} to {location_url}, before the application runs.",
        ),
    )


RULE = Rule(
    title="Slow redirect",
    family="Chains and loops",
    severity="low",
    why="The visitor waits for an answer that only says where to wait next. A redirect needs no database and no template; where it "
    "takes long, the whole application runs to produce it. Low: it was measured once, from one place.",
    fix="Answer redirects in the web server or CDN, and let caches keep permanent ones.",
    references=(
        Reference(
            source="web.dev, Time to First Byte: redirects count in; 800 ms or less is good for the whole",
            url="https://web.dev/articles/ttfb",
            date="2026-07",
        ),
        rfc(9110, "15.1"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
