"""A redirect to another scheme or host of the site that throws the path away and lands on the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import on_site
from seoaudit.classify.entries import origin_of, path_of
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL, in the group of the rule that drops the path."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["outcome"] != "loop")]
    origin, target = (origin_of(moves[name]) for name in ("url", "location_url"))
    home = (path_of(moves["location_url"]) == "/") & (moves["change"] == "path")
    own = on_site(facts, moves["location_url"])
    rows = moves[home & own & (origin != target) & (moves["mechanism"] == "location")]
    kept = target + rows["url"].str.replace(r"^\w+://[^/?#]*", "", regex=True)
    return rows[["url"]].assign(
        detail=say(rows, "It sends to {location_url}: the path is thrown away."),
        fix=say(rows, "Append the path: redirect {url} to {kept}.", kept=kept),
        group=say(rows, "paths dropped from {origin} to {target}", origin=origin, target=target),
    )


RULE = Rule(
    title="Path lost on the way",
    family="Targets",
    severity="medium",
    why="Only the home page reaches its new address; every deep link, bookmark and search result lands on the home page instead of its "
    "page. Search engines may take that for an error page (a soft 404).",
    fix="Append the path in the rule: nginx return 301 https://host$request_uri; Apache Redirect 301 / https://host/ keeps it.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: redirect each old URL to its new URL, not many to one irrelevant destination",
        ),
    ),
    since="0.1",
    find=find,
)
