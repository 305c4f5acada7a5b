"""A 301 or 308 that may not be stored or reused, with at least `funnel_sources` links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.caching import with_freshness
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["permanence"] == "permanent")]
    rows = with_freshness(
        moves[(moves["mechanism"] == "location") & (moves["inlinks"] >= facts.thresholds.funnel_sources)]
    )
    rows = rows[rows["no_store"] | (rows["explicit"] & (rows["longest_s"] == 0)).fillna(value=False)]
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} (permanent), is linked {inlinks} times, and may not be reused ({says})."),
        fix=say(
            rows,
            "Send Cache-Control: max-age=86400 on {url}, more when the move has proven itself, and link "
            "{final_url} directly.",
        ),
    )


RULE = Rule(
    title="Permanent redirect that may not be stored",
    family="Caching",
    severity="low",
    why="A permanent move is stored by default, so that only the first click pays for it. Here every click asks "
    "the server again, on a redirect that the site links often. It costs time and nothing else: low.",
    fix="Allow the redirect to be stored, for a day at first.",
    references=(
        rfc(9110, "15.4.2"),
        rfc(9111, "5.2.2.5"),
    ),
    since="0.1",
    find=find,
)
