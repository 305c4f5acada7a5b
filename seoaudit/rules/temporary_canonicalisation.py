"""A move to another host, slash or letter case of the same page, answered with 302, 303 or 307.

A change of scheme is `temporary-https-redirect` or `https-downgrade`, a circle `redirect-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import made_permanent, widespread
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


DIFFERS = {"host": "the host name", "slash": "the slash at the end", "case": "upper and lower case"}


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["outcome"] != "loop")]
    temporary = (moves["mechanism"] == "location") & (moves["permanence"] == "temporary")
    rows = moves[temporary & moves["change"].isin([*DIFFERS]) & (moves["probe"] != "form").fillna(value=True)]
    rows = rows.assign(part=rows["change"].map(DIFFERS))
    return rows[["url"]].assign(
        severity=widespread(rows).map({True: "high", False: "medium"}).astype("str"),
        detail=say(
            rows, "It answers {status} (temporary) and sends to {location_url}, where only {part} is different."
        ),
        fix=made_permanent(rows),
    )


RULE = Rule(
    title="Temporary redirect to another spelling of the same URL",
    family="Type and permanence",
    severity="medium",
    why="Which host, slash or letter case is the right one is settled for good, but a temporary status says that it is not: "
    "search engines go on showing the URL that redirects, and nobody stores the answer, so every visit asks again. Visitors "
    "do arrive, hence medium; where one cause does it to ten URLs or more, the whole site pays: high.",
    fix="Change the status of that one rule to 301 (or 308 where other methods than GET arrive).",
    references=(
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: temporary redirects are no canonical signal",
        ),
        rfc(9110, "15.4.3"),
        rfc(9110, "15.4.8"),
    ),
    since="0.1",
    find=find,
    inferred="That the move is meant for good is inferred from how the two URLs differ.",
)
