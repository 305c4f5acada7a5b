"""The home page of a host moves to https, deeper pages asked there lead to no page.

Pages that answer 200 over http are `http-page-without-redirect`, those sent to the home page `path-lost`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entry_points import entry_points, sampled_pages
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host: the first of its pages that fails."""
    entries = entry_points(facts)
    moving = entries[(entries["scheme"] == "http") & (entries["redirect_count"] > 0) & (entries["outcome"] == "ok")]
    pages = sampled_pages(facts)
    failing = pages[(pages["pages_failed"] == 1) & (pages["redirect_count"] == 0) & pages["final_status"].notna()]
    counted = failing.groupby(["scheme", "host"], sort=False)["url"].agg(["size", "first"]).reset_index()
    shown = failing.drop_duplicates(["scheme", "host"])[["scheme", "host", "statuses"]]
    doors = moving[["scheme", "host", "pages_asked", "final_url"]]
    rows = (
        counted.merge(shown, on=["scheme", "host"]).merge(doors, on=["scheme", "host"]).rename(columns={"first": "url"})
    )
    return rows[["url"]].assign(
        detail=say(
            rows,
            "The home page of {host} redirects to {final_url}, but deeper pages asked over {scheme} do not: "
            "{size} of {pages_asked} failed; this one answers {statuses}.",
        ),
        fix=say(rows, "Let the rule of {scheme}://{host} cover every path, and keep path and query."),
    )


RULE = Rule(
    title="Only the home page redirects to HTTPS",
    family="HTTPS and hosts",
    severity="medium",
    why="The rule was written for one address, mostly the one that somebody tried. Old links and bookmarks lead "
    "to deeper pages, and there it does not apply.",
    fix="Write the rule for every path: nginx return 301 https://host$request_uri; Apache Redirect permanent / "
    "https://host/.",
    references=(
        rfc(6797, "7.2"),
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: redirect each old URL to its new URL",
        ),
    ),
    since="0.1",
    find=find,
)
