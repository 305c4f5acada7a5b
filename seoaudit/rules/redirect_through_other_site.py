"""A chain that leaves the site and comes back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import detours, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, in the group of the other host."""
    rows = entries(facts).merge(detours(facts), on="requested_url")
    host = rows["away_url"].str.extract(r"^\w+://([^/?#]*)", expand=False)
    return rows[["url"]].assign(
        detail=say(rows, "It leaves the site and comes back: {chain}.", chain=drawn(rows)),
        fix=say(rows, "Point {url} straight at {final_url}, without the detour over {away_url}."),
        group=say(rows, "detours over {host}", host=host),
    )


RULE = Rule(
    title="Redirect through another site",
    family="Chains and loops",
    severity="medium",
    why="Visitors on the way to your own page depend on somebody else's server: it sees each of them, can be down, can be sold, and "
    "can send them anywhere tomorrow.",
    fix="Redirect from page to page of the site; count visits by other means than a detour.",
    references=(rfc(9110, "15.4"), rfc(9110, "17.11")),
    since="0.1",
    find=find,
)
