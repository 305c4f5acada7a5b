"""A Location with raw characters beyond ASCII.

Silent where the value is malformed in another way too (`malformed-location`).
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
    """One row a URL; the mend is the address as browsers encode it."""
    rows = faulty_locations(facts, "non-ascii")
    return rows[["url"]].assign(
        detail=say(rows, "It answers with raw non-ASCII bytes in Location: {location}."),
        fix=say(
            rows,
            "Send Location: {target} on {url}, as browsers read it.",
            target=rows["location_url"].fillna("the percent-encoded address"),
        ),
    )


RULE = Rule(
    title="Redirect target with raw non-ASCII characters",
    family="Location syntax",
    severity="medium",
    why="A header field is ASCII. Browsers send the bytes on as they came, other clients read them as Latin-1 "
    "first, so one redirect leads to different addresses, and the wrong one is usually a 404. Most browsers "
    "cope, hence medium.",
    fix="Percent-encode the UTF-8 bytes of the address before it goes into the header (é becomes %C3%A9).",
    references=(
        rfc(9110, "5.5"),
        rfc(3986, "2.1"),
    ),
    since="0.1",
    find=find,
)
