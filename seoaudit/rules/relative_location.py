"""A Location relative to the request's folder.

Legal, and silent where any other fault of syntax stands in the same value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL, with the address that browsers make of it."""
    rows = faulty_locations(facts, "path-relative")
    return rows[["url"]].assign(
        detail=say(rows, "It answers with Location: {location}, which browsers read as {location_url}."),
        fix=say(rows, "Send Location: {location_url} on {url}."),
    )


RULE = Rule(
    title="Redirect target relative to the folder",
    family="Location syntax",
    severity="low",
    why="Where it leads depends on whether the requested address ends in a slash, and some crawlers and scripts "
    "resolve it wrongly. The standard allows it and browsers get it right: a risk, not a fault.",
    fix="Write the target as an absolute address, or at least with a leading slash.",
    references=(
        rfc(9110, "10.2.2"),
        rfc(3986, "5.2"),
    ),
    since="0.1",
    find=find,
)
