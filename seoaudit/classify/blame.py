"""Which redirect of a chain with a bad end is the wrong one, and what chains have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.answers import on_site
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS
from seoaudit.classify.probes import mentioned_by_site

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seoaudit.classify.facts import Facts

SPELLING = frozenset({"scheme", "host", "scheme-host", "slash", "case"})
"""Changes that leave the page the same: such a redirect is right even where the page it leads to is gone."""

SAME_HOST = SPELLING - {"host", "scheme-host"}
"""The same where nobody answers: then the name of the host may be what is wrong."""

METHOD_KEPT = frozenset({307, 308})
"""Statuses after which a client repeats the same method (RFC 9110, 15.4.8 and 15.4.9)."""

MANY = 10
"""From so many URLs on, what one rule of the server does is a matter of the whole site; a choice of ours."""

MAX_NAMED = 6
"""Causes that a chain's group names; longer chains have a group each."""


def blamed(facts: Facts, chains: pd.DataFrame, right: Collection[str] = SPELLING) -> pd.DataFrame:
    """These chains, with the redirect to change.

    `wrong_url`: the last URL of the site that redirects to another page, missing where every redirect only mends the spelling
    (`right`: the changes that count as such); `wrong_cause`: its cause, missing where other redirects of that cause arrive;
    `links`: the links to the requested URL, in words that follow "mend".
    """
    hops = facts.hops.loc[among(facts.hops["requested_url"], chains["url"]), ["requested_url", "position", "url"]]
    moves = facts.redirects.loc[among(facts.redirects["url"], hops["url"])].drop_duplicates("url")
    spelling = moves["change"].isin([*right]) & on_site(facts, moves["location_url"])
    moves = moves[moves["in_scope"].fillna(value=False) & ~spelling]
    wrong = hops.merge(moves[["url", "cause"]], on="url").sort_values("position", kind="stable")
    wrong = wrong.drop_duplicates("requested_url", keep="last").set_index("requested_url")
    # A shortened list of hops does not show the last redirects; the first one can always be changed.
    cut = chains["redirect_count"] > chains["url"].map(hops["requested_url"].value_counts()).fillna(0)
    arrive = facts.redirects.loc[facts.redirects["outcome"] == "ok", "cause"]
    cause = chains["url"].map(wrong["cause"]).astype(frames.TEXT)
    return chains.assign(
        wrong_url=chains["url"].map(wrong["url"]).astype(frames.TEXT).mask(cut, chains["url"]),
        wrong_cause=cause.mask(cut | among(cause, arrive)),
        links=_links(facts, chains),
    )


def _links(facts: Facts, chains: pd.DataFrame) -> pd.Series[str]:
    rows = facts.inlinks[facts.inlinks["element"].isin(LINK_ELEMENTS) & facts.inlinks["source"].notna()]
    rows = rows[among(rows["target"], chains["url"])].sort_values("sources", ascending=False, kind="stable")
    by = rows.groupby("target", sort=False)
    words = "the " + count_of(by["mentions"].sum(), "link") + " to it (for example on " + by["source"].first() + ")"
    return chains["url"].map(words).astype(frames.TEXT).fillna("what leads to it (the audit found no link)")


def blame_group(rows: pd.DataFrame, end: pd.Series[str]) -> pd.Series[str]:
    """What more of the rows of `blamed` share: the cause of the wrong redirect, or the end; missing where they share none."""
    cause = rows["wrong_cause"]
    by_cause = cause.groupby(cause).transform("size").reindex(cause.index).fillna(0)
    by_end = end.groupby(end).transform("size")
    return end.where((by_end > by_cause) | cause.isna(), cause).where((by_end > 1) | (by_cause > 1))


def sequence_group(facts: Facts, chains: pd.DataFrame) -> pd.Series[str]:
    """The causes of each chain's redirects in order, where another of these chains has the same; missing for long chains."""
    hops = facts.hops[among(facts.hops["requested_url"], chains["url"])].sort_values("position", kind="stable")
    cause = hops["url"].map(facts.redirects.drop_duplicates("url").set_index("url")["cause"])
    named = cause.groupby(hops["requested_url"], sort=False).agg(list)
    short = chains["redirect_count"] <= MAX_NAMED
    words = chains["url"].where(short).map(named[named.map(len) <= MAX_NAMED].map(_in_order)).astype(frames.TEXT)
    return words.where((words.groupby(words).transform("size") > 1).fillna(value=False))


def _in_order(causes: Sequence[str]) -> str:
    """`http to https, then trailing slash added on example.com`: a host that all share is named once."""
    places = {cause.rpartition(" on ")[2] if " on " in cause else "" for cause in causes}
    if len(places) == 1 and "" not in places:
        place = f" on {places.pop()}"
        return ", then ".join(cause.removesuffix(place) for cause in causes) + place
    return ", then ".join(causes)


def code_of(chains: pd.DataFrame) -> pd.Series[str]:
    """The status that one redirect in the place of each chain should have: "308", or "301 if the move is for good, else 302"."""
    codes = [
        _code(list(statuses)[: len(mechanisms)], list(mechanisms), permanence)
        for statuses, mechanisms, permanence in zip(
            chains["statuses"], chains["mechanisms"], chains["permanence"], strict=True
        )
    ]
    return pd.Series(codes, index=chains.index, dtype=frames.TEXT)


def _code(statuses: Sequence[int | None], mechanisms: Sequence[str], permanence: str) -> str:
    kept = all(
        status in METHOD_KEPT and mechanism == "location"
        for status, mechanism in zip(statuses, mechanisms, strict=True)
    )
    lasting, passing = ("308", "307") if kept else ("301", "302")
    return lasting if permanence == "permanent" else f"{lasting} if the move is for good, else {passing}"


def mend(rows: pd.DataFrame, change: str, keep: str) -> pd.Series[str]:
    """A sentence on each row of `blamed`: `change` where a redirect is wrong, `keep` where every redirect is right."""
    return say(rows, change).mask(rows["wrong_url"].isna(), say(rows, keep))


def widespread(moves: pd.DataFrame) -> pd.Series[bool]:
    """Whether the cause of each redirect moves so many of them that it is a matter of the whole site; probes do not count."""
    return mentioned_by_site(moves).groupby(moves["cause"]).transform("sum") >= MANY


def made_permanent(rows: pd.DataFrame) -> pd.Series[str]:
    """What to write instead of these temporary redirects: the one rule where several share a cause, else the status of each."""
    code = rows["status"].map({307: "308"}).fillna("301")
    own = say(rows, "Answer {url} with {code} instead of {status} (308 where forms or APIs are sent there).", code=code)
    rule = rows["cause_fix"].astype("str")
    rule = rule.where(code != "308", rule.str.replace("with 301", "with 308", regex=False))
    return own.where(~rows["cause"].duplicated(keep=False), rule)
