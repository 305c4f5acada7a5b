"""Many different pages redirected to one; other spellings of that page, login pages and `path-lost` do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import LOGIN_URL, entries, origin_of, path_of
from seoaudit.classify.evidence import say
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


PLAIN = r"(?i)(?:/(?:index|default)\.[a-z]{2,5})?/*$"


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain into the funnel; both thresholds must be met."""
    limits = facts.thresholds
    chains = entries(facts)
    chains = chains[mentioned_by_site(chains)]
    path, final = (
        path_of(chains[name]).str.replace(PLAIN, "", regex=True).str.lower() for name in ("url", "final_url")
    )
    lost = (
        (final == "") & (chains["change"] == "path") & (origin_of(chains["url"]) != origin_of(chains["location_url"]))
    )
    moved = chains[(chains["outcome"] == "ok") & (path != final) & ~lost & ~chains["final_url"].str.contains(LOGIN_URL)]
    count = moved.groupby("final_url")["url"].transform("size")
    home = (final == "").map({True: " (the home page)", False: ""})
    moved = moved.assign(others=count - 1, home=home.reindex(moved.index))
    rows = moved[(count >= limits.funnel_sources) & (count >= limits.funnel_share * len(moved))]
    return rows[["url"]].assign(
        detail=say(rows, "It is sent to {final_url}{home} together with {others} other URLs."),
        fix=say(rows, "Point {url} at the page closest to what it was, or answer 410; {final_url} replaces only one."),
        group=say(rows, "many different URLs to {final_url}"),
    )


RULE = Rule(
    title="Many pages redirected to one",
    family="Targets",
    severity="medium",
    why="Whoever looks for a product or an article and lands on the home page is lost, and search engines may take such a redirect for "
    "an error page (a soft 404) and pass nothing on. Medium, because for pages that really became one it is right.",
    fix="Redirect each page to its nearest equivalent; where there is none, answer 404 or 410.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: many old URLs to one irrelevant destination may be treated as soft 404",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the pages had different content is inferred from their different paths.",
)
