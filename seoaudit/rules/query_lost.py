"""A redirect that moves a URL to another scheme, host or spelling and drops its query on the way.

One that only drops the query is meant to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import bare, origin_of
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


LAST_NAME = r"([^/?#]+)/*(?:[?#].*)?$"


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["outcome"] != "loop")]
    moves = moves[moves["url"].str.contains(r"\?.") & ~moves["location_url"].str.contains(r"^[^#]*\?.")]
    origin, target = (origin_of(moves[name]) for name in ("url", "location_url"))
    name, target_name = (moves[column].str.extract(LAST_NAME, expand=False) for column in ("url", "location_url"))
    respelled = moves["change"].isin(["slash", "case", "extension"]) | (
        (moves["change"] == "query") & (origin != target)
    )
    rows = moves[respelled | ((moves["change"] == "path") & (name == target_name))]
    rows = rows.assign(query=rows["url"].str.extract(r"(\?[^#]*)", expand=False), target=bare(rows["location_url"]))
    return rows[["url"]].assign(
        detail=say(rows, "It sends to {location_url} and drops {query} on the way."),
        fix=say(rows, "Append the query: redirect {url} to {target}{query}."),
    )


RULE = Rule(
    title="Query lost on the way",
    family="Targets",
    severity="low",
    why="The redirect moves the page and forgets what stands after the question mark: filters and page numbers lead to the wrong page, "
    "and campaign codes never reach the statistics. Low, because some queries are not missed.",
    fix="Append the query in the rule: nginx $is_args$args or $request_uri; in Apache's rewrite rules it is kept unless the target has "
    "a question mark.",
    references=(
        rfc(3986, "3.4"),
        Reference(
            source="nginx, ngx_http_core_module: $is_args, $args, $request_uri",
            url="https://nginx.org/en/docs/http/ngx_http_core_module.html#variables",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the query mattered is inferred; a redirect that changes nothing but the query is taken to mean it.",
)
