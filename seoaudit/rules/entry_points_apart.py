"""Ways into the site that redirect, and do not end where the others do.

Two hosts that both answer are `both-hosts-answer`, http that answers is `http-page-without-redirect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_https
from seoaudit.classify.entry_points import entry_points
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an entry point that ends at a page of its own, while others of its name meet."""
    entries = entry_points(facts)
    name = entries["host"].str.removeprefix("www.")
    there = name.map(entries[entries["meets"].fillna(value=False)].groupby(name)["final_url"].first()).astype("str")
    arrives = entries["outcome"].isin(["ok", "external"]) & (entries["final_status"].fillna(200) < 400)
    apart = arrives & (entries["redirect_count"] > 0) & (entries["final_url"] != there) & is_https(entries["final_url"])
    rows = entries.assign(there=there)[apart & there.notna()]
    here, place = (rows[column].str.replace("://www.", "://", regex=False) for column in ("final_url", "there"))
    rows = rows[here != place]
    return rows[["url"]].assign(
        detail=say(rows, "It leads to {final_url}, while other entry points lead to {there}."),
        fix=say(rows, "Redirect {url} to {there} in one step."),
        group=say(rows, "entry points that do not lead to {there}"),
    )


RULE = Rule(
    title="Entry points that do not meet",
    family="HTTPS and hosts",
    severity="medium",
    why="People come in by four doors: http and https, with www and without. Where the doors lead to different "
    "pages, each collects links, bookmarks and search signals of its own, and a search engine chooses by "
    "itself which one is the home page.",
    fix="Let every name and scheme redirect to one home page, path and query kept, with one redirect each.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: redirects are a strong signal"
        ),
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search"),
    ),
    since="0.1",
    find=find,
    inferred="Where most entry points end is taken for the home page that is meant.",
)
