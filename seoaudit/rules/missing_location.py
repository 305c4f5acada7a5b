"""A redirect status without a Location, or with an empty one.

No other rule of Location syntax speaks of the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL whose redirect says nothing of where to go."""
    rows = faulty_locations(facts, "missing", "empty")
    what = rows["fault"].map({"missing": "no Location field", "empty": "an empty Location field"}).astype("str")
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} with {what}.", what=what),
        fix=say(
            rows,
            "Send Location with the absolute address of the page that replaces {url}; answer 410 if nothing does, "
            "and 200 if it still exists.",
        ),
    )


RULE = Rule(
    title="Redirect without a target",
    family="Location syntax",
    severity="high",
    why="The status says that the page is elsewhere, and nothing says where. Browsers show the body of the "
    "answer, which is empty or a server's stock text, and a search engine has nothing to index: whoever comes "
    "here is lost.",
    fix="Send one Location field with the absolute address of the target, or a status that is not a redirect.",
    references=(
        rfc(9110, "15.4"),
        rfc(9110, "10.2.2"),
        whatwg("fetch", "#concept-response-location-url", "location URL: none without the field"),
    ),
    since="0.1",
    find=find,
)
