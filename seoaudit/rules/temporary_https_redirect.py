"""The move from http to https answered with 302, 303 or 307, with or without a change of host.

Moves of host, slash or case alone are `temporary-canonicalisation`, and circles `redirect-loop`. A URL that only a form sends
to is judged with its form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, is_https
from seoaudit.classify.blame import MANY, made_permanent
from seoaudit.classify.entries import among, bare, path_of
from seoaudit.classify.evidence import say
from seoaudit.classify.probes import mentioned_by_site, met
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


KEEPS = " A form posts here: 307 keeps its POST, and 308 would too, for good."
LOSES = " A form posts here: its POST becomes a GET, without what was typed."


def find(facts: Facts) -> pd.DataFrame:
    """One row an http URL."""
    moves = facts.redirects
    upgrade = is_http(moves["url"]) & is_https(moves["location_url"]) & moves["change"].isin(["scheme", "scheme-host"])
    temporary = (moves["mechanism"] == "location") & (moves["permanence"] == "temporary")
    rows = moves[moves["in_scope"] & met(moves) & upgrade & temporary & (moves["outcome"] != "loop")]
    status = rows["status"].astype("str")
    home = (path_of(rows["url"]) == "/") | rows["url"].isin([facts.run.start])
    sitewide = mentioned_by_site(rows).sum() >= MANY or bool(home.any())
    posts = facts.form_mentions.loc[facts.form_mentions["element"] == "form-post", "action"]
    posted = among(rows["url"], bare(posts))
    return rows[["url"]].assign(
        severity="high" if sitewide else "medium",
        detail=say(
            rows,
            "The server answers {status} (temporary) and sends it to {location_url}.{post}",
            status=status,
            post=rows["status"].map({307: KEEPS}).fillna(LOSES).where(posted, ""),
        ),
        fix=made_permanent(rows).mask(posted, say(rows, "Answer {url} with 308 instead of {status}.")),
    )


RULE = Rule(
    title="Temporary redirect from HTTP to HTTPS",
    family="HTTPS and hosts",
    severity="medium",
    why="Nobody means to go back to http, but that is what a temporary status says: search engines do not take it "
    "as a sign that the https page is the one to show, and nothing stores it, so every http visit asks again. "
    "Visitors do arrive on https, hence medium; but where the home page or the start URL does it, or ten URLs, it is one rule "
    "for the whole site, and every page pays: high. The status is the server's own: a 307 that a browser makes up "
    "because of HSTS never appears here. For a POST 307 is right as far as it goes: it keeps method and body, which 301 and 302 "
    "do not; 308 does the same for good.",
    fix="Change the status of that one rule to 301, or to 308 where a form or an API posts there.",
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
