"""A move to another host, slash or letter case of the same page, answered with 302, 303 or 307; from http to https it is `temporary-https-redirect`, in a circle `redirect-loop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


DIFFERS = {
    "scheme": "the scheme",
    "host": "the host name",
    "scheme-host": "scheme and host name",
    "slash": "the slash at the end",
    "case": "upper and lower case",
}


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL."""
    moves = facts.redirects
    upgrade = moves["url"].str.startswith("http:") & moves["location_url"].str.startswith("https:")
    elsewhere = upgrade & moves["change"].isin(["scheme", "scheme-host"])
    temporary = (moves["mechanism"] == "location") & (moves["permanence"] == "temporary")
    rows = moves[
        moves["in_scope"] & temporary & moves["change"].isin([*DIFFERS]) & ~elsewhere & (moves["outcome"] != "loop")
    ]
    status = rows["status"].astype("str")
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It answers {status} (temporary) and sends to {location_url}, where only {part} is different.",
            status=status,
            part=rows["change"].map(DIFFERS),
        ),
        fix=say(
            rows, "Answer {url} with 301 instead of {status} (308 where forms or APIs are sent there).", status=status
        ),
    )


RULE = Rule(
    title="Temporary redirect to another spelling of the same URL",
    family="Type and permanence",
    severity="high",
    why="Which host, slash or letter case is the right one is settled for good, but a temporary status says that it is not: "
    "search engines go on showing the URL that redirects, and nobody stores the answer, so every visit asks again. One rule "
    "on the server usually does it to all pages, hence high.",
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
