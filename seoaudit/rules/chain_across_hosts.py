"""A chain that visits several hosts; one that leaves the site and comes back is `redirect-through-other-site`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import sequence_group
from seoaudit.classify.entries import among, detours, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    many = (chains["host_count"] >= facts.thresholds.chain_hosts) & (chains["redirect_count"] > 1)
    rows = chains[many & (chains["outcome"] != "loop") & ~chains["dead"]]
    rows = rows[~among(rows["url"], detours(facts)["requested_url"])]
    return rows[["url"]].assign(
        detail=say(rows, "{host_count} hosts on the way: {chain}.", chain=drawn(rows)),
        fix=say(rows, "Point {url} straight at {final_url}, without the hosts in between."),
        group=sequence_group(facts, rows),
    )


RULE = Rule(
    title="Chain across several hosts",
    family="Chains and loops",
    severity="medium",
    why="Each new host costs a name lookup, a connection and a TLS handshake before the page begins to load, and each is one more "
    "server whose failure breaks the link.",
    fix="Redirect once, from the first host to the last.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: avoid chaining redirects"
        ),
        rfc(9110, "4.3"),
    ),
    since="0.1",
    find=find,
)
