"""A chain that takes more redirects than in the last finished run; circles have a rule of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import code_of
from seoaudit.classify.entries import entries
from seoaudit.classify.evidence import count_of, drawn, say
from seoaudit.classify.standing import earlier_counts
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    chains = chains[~chains["outcome"].isin(["loop", "invalid-location"])]
    earlier = earlier_counts(facts, chains["url"])
    rows = chains[(chains["redirect_count"] > earlier).fillna(value=False)]
    if rows.empty or facts.earlier_at is None:
        return rows[["url"]].assign(detail="")
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It took {before} in the run of {day} and takes {now} now: {chain}.",
            before=count_of(earlier.reindex(rows.index), "redirect"),
            day=f"{facts.earlier_at:%Y-%m-%d}",
            now=rows["redirect_count"].astype("str"),
            chain=drawn(rows),
        ),
        fix=say(
            rows,
            "Rewrite the older rule: point {url} straight at {final_url} with {code}, instead of at {location_url}.",
            code=code_of(rows),
        ),
    )


RULE = Rule(
    title="Redirect chain that grew",
    family="Chains and loops",
    severity="medium",
    why="A new redirect was put behind an old one, and the old one still leads where it did. Each move adds a hop in this way, until "
    "the chain is too long for visitors and search engines; now only one rule has to be rewritten.",
    fix="Point the older redirect at the new target.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: redirect to the final destination, avoid chains",
        ),
    ),
    since="0.1",
    find=find,
)
