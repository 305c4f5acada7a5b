"""A URL of the list to audit that answers 4xx or 5xx itself, or not at all; one that redirects first is told by its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import failed
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL; nothing where no list was given."""
    rows = failed(facts)
    rows = rows[rows["url"].isin(facts.run.listed_urls)]
    return rows[["url"]].assign(
        detail=say(rows, "It is in the list to audit and {answer}."),
        fix=say(
            rows,
            "If {url} was moved, answer it with 301 to the page that replaces it; if it should be there, let it answer 200; if it is "
            "gone for good, answer 410 and take it off the list.",
        ),
    )


RULE = Rule(
    title="Listed URL that answers with an error",
    family="Targets",
    severity="high",
    why="Somebody put this URL on the list because it matters: an old address that should lead on, or a page that should be there. "
    "It does neither. After a move this is the redirect that was forgotten, and what the old URL had earned is lost.",
    fix="Redirect it to its replacement, or let it answer; answer 410 where neither is wanted.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: map every old URL to its new one, and redirect it",
        ),
        rfc(9110, "15.5"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
