"""A 302, 303 or 307 that may be stored for longer than `temporary_max_age_s`.

Without an explicit lifetime it is not stored at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.caching import lasting, with_freshness
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["permanence"] == "temporary")]
    rows = with_freshness(moves[moves["mechanism"] == "location"])
    rows = rows[rows["explicit"] & (rows["longest_s"] > facts.thresholds.temporary_max_age_s)]
    advised = str(min(3600, facts.thresholds.temporary_max_age_s))
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It answers {status} (temporary) and may be stored for {lasting} ({says}).",
            lasting=lasting(rows["longest_s"]),
        ),
        fix=say(
            rows,
            "If the move is final, answer {url} with 301; if not, send Cache-Control: max-age={advised}.",
            advised=advised,
        ),
    )


RULE = Rule(
    title="Temporary redirect that is stored for long",
    family="Caching",
    severity="medium",
    why="The status says that the move will end, the cache says that it holds for days: browsers and proxies go "
    "on redirecting long after the server has stopped, and nobody can call that back. "
    "Nothing is wrong while the move lasts: medium.",
    fix="Shorten the lifetime to what an end of the move may take to arrive, or make the move permanent.",
    references=(
        rfc(9111, "4.2.1"),
        rfc(9110, "15.4.3"),
    ),
    since="0.1",
    find=find,
)
