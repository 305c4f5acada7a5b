"""Some URLs move from one host of the site to another and some move back.

Loops are `redirect-loop`, and pages on both hosts `both-hosts-answer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a pair of hosts: the first URL that moves in the rarer direction."""
    moves = facts.redirects[facts.redirects["in_scope"] & facts.redirects["change"].isin(["host", "scheme-host"])]
    moves = moves[~moves["outcome"].isin(["loop", "too-many"])]
    ends = moves[["url"]].assign(here=authority(moves["url"]), there=authority(moves["location_url"]))
    ways = ends.groupby(["here", "there"], sort=False)["url"].agg(["size", "first"]).reset_index()
    back = ways.rename(columns={"here": "there", "there": "here"})
    pairs = ways.merge(back, on=["here", "there"], suffixes=("", "_back"))
    equal = (pairs["size"] == pairs["size_back"]) & (pairs["here"] < pairs["there"])
    rows = pairs[(pairs["size"] < pairs["size_back"]) | equal].rename(columns={"first": "url"})
    return rows[["url"]].assign(
        detail=say(
            rows,
            "URLs that move from {here} to {there}: {size}; the other way: {size_back}, such as {first_back}.",
        ),
        fix=say(rows, "Choose one host; if it is {here}, remove the rule that moves {url} to {there}."),
        group=say(rows, "redirects between {here} and {there} in both directions"),
    )


RULE = Rule(
    title="Hosts that redirect to each other",
    family="HTTPS and hosts",
    severity="medium",
    why="The site says two things about which host is the right one, depending on path or scheme. Each rule works "
    "alone, so nobody notices; together they make chains, split search signals, and the next change closes "
    "them into a loop.",
    fix="Choose one host, let one rule move every path of the other to it, and remove the rules in the other "
    "direction.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: redirects are a strong signal"
        ),
        search_central("crawling-indexing/301-redirects", "Redirects and Google Search"),
    ),
    since="0.1",
    find=find,
)
