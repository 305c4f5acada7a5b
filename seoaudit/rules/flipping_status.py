"""A redirect that was permanent and became temporary, or goes back to a status it had before; its target stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.standing import PERMANENT, TEMPORARY, day, lately, redirects_now
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL whose status changed in the last weeks; from temporary to permanent, once, is a mend."""
    moves = redirects_now(facts)
    same = (moves["before_mechanism"] == "location") & (moves["before_target"] == moves["location_url"])
    changed = same.fillna(value=False) & (moves["before_status"] != moves["status"]).fillna(value=False)
    weaker = moves["before_status"].isin(PERMANENT) & moves["status"].isin(TEMPORARY)
    again = (moves["sightings"] > moves["streak"]).fillna(value=False)
    moves = moves.assign(again=again.map({True: ", as it had before that", False: ""}))
    rows = moves[changed & (weaker | again) & lately(facts, moves["since"])]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It answers {status} since the run of {since}{again}, and answered {before_status} until then; the target is the same, {location_url}.",
            since=day(rows["since"]),
        ),
        fix=say(
            rows,
            "Find the second rule that answers {url} (in the CDN, the server or the application), and let one status stand: "
            "301 or 308 if the move is for good.",
        ),
    )


RULE = Rule(
    title="Status of a redirect that changes between runs",
    family="Type and permanence",
    severity="medium",
    why="When the same redirect is permanent in one week and temporary in another, two layers or two releases disagree, and whoever "
    "asks gets the one or the other. What was stored as permanent stays so; search engines see a signal that comes and goes.",
    fix="Find the competing rule, and let one status stand.",
    references=(
        rfc(9110, "15.4"),
        search_central(
            "crawling-indexing/301-redirects", "Redirects and Google Search: only permanent ones are a signal"
        ),
    ),
    since="0.1",
    find=find,
    inferred="That two rules compete is inferred from the change; somebody may have changed one on purpose.",
)
