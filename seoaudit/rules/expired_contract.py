"""A URL whose entry in `[[expected]]` of seoaudit.toml has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.contracts import in_state
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    rows = in_state(facts.contracts, "expired")
    return rows[["url", "detail"]].assign(
        fix=say(
            rows, "Decide what {url} is to answer from now on; then change or remove the entry, or move its `until`."
        ),
        group=say(rows, "the expected redirects of {source}"),
    )


RULE = Rule(
    title="Expected redirect whose time is over",
    family="Contracts",
    severity="medium",
    why="The entry in seoaudit.toml said until when this redirect is meant, and that day has passed: a campaign that is over, a "
    "move that should be finished. Nobody stands behind the redirect any more, and its other findings count again.",
    fix="Take the redirect down or make it permanent, and remove the entry; or move its date.",
    references=(
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: a temporary redirect is for a page that is only temporarily elsewhere",
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
