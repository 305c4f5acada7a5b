"""A 302, 303 or 307 that has stood unchanged for weeks; what varies by visitor or rotates is temporary by nature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.standing import day, standing
from seoaudit.http.status import STATUSES
from seoaudit.rules import Reference, Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

GOOGLE = {code: f"{STATUSES[code].google[:-1]} (Search Central, {STATUSES[code].date})." for code in (302, 303, 307)}
BING = "Bing may come to treat it as permanent (Webmaster Blog, 2011-10-06), which nobody can check."


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL; the severity is that of the highest age reached."""
    rows = standing(facts)
    rows = rows[rows["severity"].notna()]
    since = day(rows["since"])
    sentence = (
        "This {status} has stood for {weeks}, since {since}, and was seen in {seen}; it leads to {location_url}. "
    )
    seen = count_of(rows["streak_weeks"], "different week")
    detail = say(rows, sentence, weeks=count_of(rows["weeks"], "week"), since=since, seen=seen)
    return rows[["url"]].assign(
        severity=rows["severity"],
        detail=detail + rows["status"].map(GOOGLE).astype("str") + f" {BING}",
        fix=say(
            rows, "If the move is for good, answer {url} with {proposed} instead of {status}; else note when it ends."
        ),
    )


RULE = Rule(
    title="Temporary redirect that has stood for weeks",
    family="Type and permanence",
    severity="low",
    why="What has stood for months is not temporary, but the status still says so: search engines go on showing the URL that "
    "redirects, and nothing stores the answer. No search engine names a period; after 28 days it is worth a look (low), after "
    "90 medium, after 180 high, if runs of 4, 12 and 26 different weeks saw it.",
    fix="Answer 301, or 308 where forms or APIs send data there; a move that is meant to end needs a date.",
    references=(
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search: temporary ones are no signal"),
        Reference(
            source="Bing Webmaster Blog, Managing redirects: 301s, 302s and canonicals",
            url="https://blogs.bing.com/webmaster/2011/10/06/managing-redirects-301s-302s-and-canonicals/",
            date="2011-10-06",
        ),
        rfc(9110, "15.4.9"),
    ),
    since="0.1",
    find=find,
    inferred="That the move is for good is inferred from its age.",
)
