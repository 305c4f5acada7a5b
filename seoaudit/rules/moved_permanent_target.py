"""A permanent redirect that led to another target in an earlier run; targets that rotate are left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.standing import PERMANENT, day, lately, redirects_now
from seoaudit.rules import Reference, Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL whose target changed in the last weeks (`changed_days`)."""
    moves = redirects_now(facts)
    permanent = moves["status"].isin(PERMANENT) & moves["before_status"].isin(PERMANENT)
    other = (moves["before_mechanism"] == "location") & (moves["before_target"] != moves["location_url"])
    steady = ~moves["rotating"].fillna(value=False).astype(bool)
    rows = moves[permanent & other.fillna(value=False) & steady & lately(facts, moves["since"])]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "This {status} leads to {location_url} since the run of {since}; before, it led to {before_target} ({before_status}).",
            since=day(rows["since"]),
        ),
        fix=say(
            rows,
            "Keep {location_url} as the target of {url}, and redirect {before_target} there too; while the target still moves, answer 302 or 307.",
        ),
    )


RULE = Rule(
    title="Permanent redirect whose target changed",
    family="Type and permanence",
    severity="medium",
    why="A permanent redirect promises that the target stays. Browsers and caches that stored the old one go on sending people "
    "there, for as long as they keep it, and search engines begin anew with the signals; Bing says that it tends to take a 301 "
    "whose destination changes each time for a 302.",
    fix="Freeze the target, or use 302 or 307 as long as it moves; let the old target lead to the new one.",
    references=(
        rfc(9110, "15.4.2"),
        rfc(9111, "4.2.2"),
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search: permanent ones are a signal"),
        Reference(
            source="Bing Webmaster Blog, Managing redirects: 301s, 302s and canonicals",
            url="https://blogs.bing.com/webmaster/2011/10/06/managing-redirects-301s-302s-and-canonicals/",
            date="2011-10-06",
        ),
    ),
    since="0.1",
    find=find,
)
