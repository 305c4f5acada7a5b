"""A URL that redirected permanently and answers 200, 404 or 410 now, before the redirect was a year old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import among
from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.standing import PERMANENT, day, days_since
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL, until a year after its redirect was first seen."""
    known = facts.ledger
    own = among(known["url"], facts.responses.loc[facts.responses["in_scope"].fillna(value=False), "url"])
    moves = known[(known["mechanism"] == "location") & known["status"].isin(PERMANENT)]
    first = moves.groupby("url", as_index=False).agg(began=("first_seen", "min"))
    gone = known["now"] & known["mechanism"].isna() & known["status"].isin([200, 404, 410])
    rows = known[own & gone & known["before_status"].isin(PERMANENT) & (known["before_mechanism"] == "location")]
    rows = rows.merge(first, on="url")
    rows = rows[days_since(facts, rows["began"]) < facts.thresholds.redirect_min_days]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It answers {status} since the run of {since}; before, it redirected to {before_target} with {before_status}, first seen {began}, {weeks} before this run.",
            since=day(rows["since"]),
            began=day(rows["began"]),
            weeks=count_of((days_since(facts, rows["began"]) // 7).astype(int), "week"),
        ),
        fix=say(
            rows,
            "Bring back the redirect of {url} to {before_target} with {before_status}, and keep it for a year or more.",
        ),
    )


RULE = Rule(
    title="Redirect removed before it was a year old",
    family="Type and permanence",
    severity="high",
    why="Links, bookmarks and search results still name the old URL, and what it had earned may not have passed to the new one yet: "
    "Google asks to keep redirects as long as possible, generally for one year at least. People now meet an error, or two "
    "pages where there was one.",
    fix="Bring the redirect back, and keep it for at least a year.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: keep the redirects"
        ),
    ),
    since="0.1",
    find=find,
    inferred="A redirect may be older than the first run that saw it.",
)
