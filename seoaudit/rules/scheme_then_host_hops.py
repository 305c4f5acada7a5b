"""Two redirects where one would do, one for https and one for the host; silent where http goes to https on the same host first and that answer sends HSTS, as preloading asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Reference, Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an http URL; medium where the host is changed over plain HTTP first, low where https comes first without HSTS."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["mechanism"] == "location")]
    moves = moves.loc[moves["change"].isin(["scheme", "host"]), ["url", "location_url", "change", "hsts"]]
    moves["next_url"] = moves["location_url"].str.replace(r"#.*", "", regex=True)
    pairs = moves.merge(moves, left_on="next_url", right_on="url", suffixes=("", "_2"))
    rows = pairs[
        pairs["url"].str.startswith("http://")
        & pairs["location_url_2"].str.startswith("https://")
        & (pairs["change"] != pairs["change_2"])
    ]
    rows = rows[(rows["change"] == "host") | rows["hsts_2"].isna()]
    host_first = rows["change"] == "host"
    return rows[["url"]].assign(
        severity=host_first.map({True: "medium", False: "low"}).astype("str"),
        detail="It goes to "
        + rows["location_url"]
        + " and then to "
        + rows["location_url_2"]
        + ": "
        + host_first.map({True: "first the host, then the scheme.", False: "first the scheme, then the host."}),
        fix="Redirect "
        + rows["url"]
        + " to "
        + rows["location_url_2"]
        + " at once; or, if the bare host is to be preloaded for HSTS, to https on "
        "the same host first, with Strict-Transport-Security on that answer.",
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
