"""The move from http to https answered with 302, 303 or 307, with or without a change of host.

Moves of host, slash or case alone are `temporary-canonicalisation`, and circles `redirect-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, is_https
from seoaudit.classify.blame import MANY, made_permanent
from seoaudit.classify.entries import path_of
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an http URL."""
    moves = facts.redirects
    upgrade = is_http(moves["url"]) & is_https(moves["location_url"]) & moves["change"].isin(["scheme", "scheme-host"])
    temporary = (moves["mechanism"] == "location") & (moves["permanence"] == "temporary")
    rows = moves[moves["in_scope"] & upgrade & temporary & (moves["outcome"] != "loop")]
    status = rows["status"].astype("str")
    home = (path_of(rows["url"]) == "/") | rows["url"].isin([facts.run.start])
    sitewide = len(rows) >= MANY or bool(home.any())
    return rows[["url"]].assign(
        severity="high" if sitewide else "medium",
        detail=say(rows, "The server answers {status} (temporary) and sends it to {location_url}.", status=status),
        fix=made_permanent(rows),
    )


RULE = Rule(
    title="Temporary redirect from HTTP to HTTPS",
    family="HTTPS and hosts",
    severity="medium",
    why="Nobody means to go back to http, but that is what a temporary status says: search engines do not take it "
    "as a sign that the https page is the one to show, and nothing stores it, so every http visit asks again. "
    "Visitors do arrive on https, hence medium; but where the home page or the start URL does it, or ten URLs, it is one rule "
    "for the whole site, and every page pays: high. The status is the server's own: a 307 that a browser makes up "
    "because of HSTS never appears here.",
    fix="Change the status of that one rule to 301 (or 308).",
    references=(
        rfc(6797, "7.2"),
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: temporary redirects are no canonical signal",
        ),
        rfc(9110, "15.4"),
    ),
    since="0.1",
    find=find,
)
