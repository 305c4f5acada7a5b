"""More redirects in a row than needed; circles, dead ends, `mixed-mechanisms` and `scheme-then-host-hops` do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seoaudit.classify.blame import code_of, sequence_group
from seoaudit.classify.entries import bare, entries
from seoaudit.classify.evidence import count_of, drawn, say
from seoaudit.rules import Rule, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; the severity is that of the highest threshold reached."""
    limits = facts.thresholds
    chains = entries(facts)
    told = chains["outcome"].isin(["loop", "invalid-location"]) | (chains["dead"] & (chains["outcome"] != "too-many"))
    rows = chains[(chains["redirect_count"] >= limits.chain_low) & ~told]
    change_of = facts.redirects.drop_duplicates("url").set_index("url")["change"]
    second = bare(rows["location_url"]).map(change_of)
    pair = (rows["change"] + " " + second).isin(["scheme host", "host scheme"])
    rows = rows[
        ~((rows["redirect_count"] == 2) & pair) & ~(rows["in_turn"] & (rows["redirect_count"] < limits.chain_high))
    ]
    count, endless = rows["redirect_count"], rows["outcome"] == "too-many"
    steps = [endless | (count >= limits.chain_critical), count >= limits.chain_high, count >= limits.chain_medium]
    return rows[["url"]].assign(
        severity=np.select([step.to_numpy(bool) for step in steps], ["critical", "high", "medium"], "low"),
        detail=say(rows, "{redirects} in a row: {chain}.", redirects=count_of(count, "redirect"), chain=drawn(rows)),
        fix=say(rows, "Point {url} straight at {final_url} with {code}.", code=code_of(rows)),
        group=sequence_group(facts, rows),
    )


RULE = Rule(
    title="Redirect chain",
    family="Chains and loops",
    severity="medium",
    why="Every hop is one more request before the page begins to load, and one more rule that can break. Two redirects are low, "
    "three or four medium: Google asks for no more than three and fewer than five. From five on it is high; from ten on "
    "critical, because Google follows ten hops at most, and browsers stop after twenty.",
    fix="Point the first URL straight at the last one, and every link too; permanent hops become one permanent redirect.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: redirect to the final destination, ideally no more than 3 and fewer than 5; up to 10 are followed",
        ),
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch: a network error after 20 redirects"),
    ),
    since="0.1",
    find=find,
)
