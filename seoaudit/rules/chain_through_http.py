"""A chain that comes to a redirect from https to http after its first hop.

That hop itself is `https-downgrade` and names the cause; in a circle it is `redirect-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import is_http, is_https, shared
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, in the group of the redirect that leaves https."""
    own = facts.redirects.loc[facts.redirects["in_scope"] & (facts.redirects["outcome"] != "loop"), "url"]
    down = facts.hops[is_https(facts.hops["url"]) & is_http(facts.hops["location_url"])]
    first = down.sort_values("position", kind="stable").drop_duplicates("requested_url").sort_index()
    rows = first[(first["position"] > 0) & among(first["requested_url"], own)]
    cause = facts.redirects.drop_duplicates("url").set_index("url")["cause"]
    return pd.DataFrame(
        {
            "url": rows["requested_url"],
            "detail": say(
                rows, "Its chain leaves HTTPS at hop {hop}: {url} leads to {location_url}.", hop=rows["position"] + 1
            ),
            "fix": say(
                rows, "Mend the redirect of {url}, and point {requested_url} straight at the final https address."
            ),
            "group": shared(rows["url"].map(cause)),
        }
    )


RULE = Rule(
    title="Chain that passes through HTTP",
    family="HTTPS and hosts",
    severity="high",
    why="One hop in plain text is enough for somebody on the way to read the address and answer in the site's "
    "place, and Google may prefer the http address as canonical when a redirect leads through http. The "
    "visitor usually ends on https again, so it stays one step below a downgrade.",
    fix="Take the http hop out: every redirect on the way names an https target.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        rfc(6797, "7.2"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
