"""Two redirects where one would do, one for https and one for the host.

Silent where http goes to https on the same host first and that answer sends HSTS, as preloading asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, is_https
from seoaudit.classify.entries import bare
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an http URL; medium where the host is changed over plain HTTP first, low where https comes first without HSTS."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["mechanism"] == "location")]
    moves = moves.loc[moves["change"].isin(["scheme", "host"]), ["url", "location_url", "change", "hsts"]]
    next_url = bare(moves["location_url"])
    pairs = moves.assign(next_url=next_url).merge(moves, left_on="next_url", right_on="url", suffixes=("", "_2"))
    both = is_http(pairs["url"]) & is_https(pairs["location_url_2"]) & (pairs["change"] != pairs["change_2"])
    rows = pairs[both & ((pairs["change"] == "host") | pairs["hsts_2"].isna())]
    return rows[["url"]].assign(
        severity=rows["change"].map({"host": "medium", "scheme": "low"}).astype("str"),
        detail=say(rows, "It goes to {location_url} ({change}), and that to {location_url_2} ({change_2})."),
        fix=say(
            rows,
            "Redirect {url} to {location_url_2} at once; or, to have its host preloaded for HSTS, first to https on "
            "the same host, and send Strict-Transport-Security there.",
        ),
    )


RULE = Rule(
    title="Two hops for scheme and host",
    family="HTTPS and hosts",
    severity="low",
    why="Every first visit by http pays for two redirects. Where the host changes first, the second request still "
    "goes out in plain text and the bare host never gets to say that it wants HTTPS (medium). Where https "
    "comes first, the extra hop is worth it only if its answer sends HSTS, and here it does not (low).",
    fix="Send each http URL to its final scheme and host in one redirect, in the first rule that the server applies.",
    references=(
        rfc(6797, "7.2"),
        Reference(
            source="HSTS preload list, submission requirements (redirect to HTTPS on the same host first)",
            url="https://hstspreload.org/#submission-requirements",
            date="2026-07",
        ),
        search_central("crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: avoid chains"),
    ),
    since="0.1",
    find=find,
)
