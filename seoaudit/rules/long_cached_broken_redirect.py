"""A permanent redirect whose chain ends in an error or a loop, with an explicit lifetime over `temporary_max_age_s`.

The error itself has a rule of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.caching import lasting, with_freshness
from seoaudit.classify.evidence import say
from seoaudit.classify.probes import met
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

BROKEN = ["client-error", "server-error", "unreachable", "loop", "too-many", "invalid-location"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    lasting_moves = facts.redirects["in_scope"] & met(facts.redirects) & (facts.redirects["permanence"] == "permanent")
    moves = facts.redirects[lasting_moves]
    rows = with_freshness(
        moves[(moves["mechanism"] == "location") & moves["outcome"].isin(BROKEN) & moves["location_url"].notna()]
    )
    rows = rows[rows["explicit"] & (rows["longest_s"] > facts.thresholds.temporary_max_age_s)]
    stored = say(rows, "may be stored for {lasting}", lasting=lasting(rows["longest_s"]))
    return rows[["url"]].assign(
        detail=say(
            rows, "It leads to {location_url}, where nothing is to be had ({outcome}), and {stored}.", stored=stored
        ),
        fix=say(
            rows,
            "Let {location_url} itself answer, since browsers will go on asking it; until then send "
            "Cache-Control: no-store on {url}.",
        ),
    )


RULE = Rule(
    title="Broken redirect that is stored for long",
    family="Caching",
    severity="medium",
    why="Whoever has met this redirect keeps it: after the server's rule is mended, their browser still goes to "
    "the broken target for as long as the lifetime says, without asking. Mending only the rule therefore does "
    "not help them. Medium, because the broken end is told at its own severity.",
    fix="Repair the target that was stored, not only the redirect, and keep lifetimes short until a move is proven.",
    references=(
        rfc(9111, "4.2"),
        rfc(9110, "15.4.2"),
    ),
    since="0.1",
    find=find,
)
