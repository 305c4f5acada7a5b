"""A page that answers GET with 303.

A 303 that only respells the URL is `temporary-canonicalisation` or `temporary-https-redirect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.probes import met
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


RESPELLED = ["scheme", "scheme-host", "host", "slash", "case", "same", "fragment"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL."""
    moves = facts.redirects
    other = (moves["status"] == 303) & (moves["mechanism"] == "location") & (moves["outcome"] != "loop")
    rows = moves[moves["in_scope"] & met(moves) & other & ~moves["change"].isin(RESPELLED)]
    return rows[["url"]].assign(
        detail=say(rows, "It answers a GET with 303 and sends to {location_url}."),
        fix=say(rows, "Answer {url} with 301 if it moved to {location_url} for good, else with 302."),
    )


RULE = Rule(
    title="303 (See Other) on a page",
    family="Type and permanence",
    severity="low",
    why="303 says that the page has no text of its own and that something else may serve instead; it does not say that the page "
    "moved. It is right after a form was sent. Visitors arrive, but search engines get no signal, hence low.",
    fix="Use 301 for a move, 302 for a detour; keep 303 for the answer to a form.",
    references=(
        rfc(9110, "15.4.4"),
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search: 303 is a temporary redirect"),
    ),
    since="0.1",
    find=find,
    inferred="The page was asked with GET; that it is not the far end of a form is inferred from its being linked or listed.",
)
