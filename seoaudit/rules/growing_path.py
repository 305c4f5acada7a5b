"""Redirects that lengthen the path by the same piece each time.

Doubled slashes and relative Locations of such hops are told only here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import growing_hops
from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain that grows: its first URL."""
    hops = growing_hops(facts)
    first = hops[~hops["url"].isin(hops["location_url"])]
    return first[["url"]].assign(
        detail=say(
            first, "It leads to {location_url}, and that to {next_url}: each redirect adds {added} to the path."
        ),
        fix=say(
            first, "Write the Location of {url} as an absolute address, and keep the rule from matching its own target."
        ),
        group=say(first, "a redirect that adds {added} to the path each time"),
    )


RULE = Rule(
    title="Path that grows with every redirect",
    family="Location syntax",
    severity="high",
    why="The rule applies to its own target and adds to the path each time, until the client gives up: browsers "
    "after 20 redirects, Google after 10. No page is ever shown. The usual cause is a target relative to the "
    "folder, or a request path appended to a prefix that the rule matches again.",
    fix="Give the target as an absolute address, and let the rule match only the old paths.",
    references=(
        rfc(3986, "5.2"),
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch: an error after 20 redirects"),
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: up to 10 hops are followed"
        ),
    ),
    since="0.1",
    find=find,
)
