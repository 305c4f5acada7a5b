"""Chains where somebody meets them, how they were walked a second time, and what circles and detours are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.compute as pc

from seoaudit.classify import frames
from seoaudit.classify.once import once
from seoaudit.classify.probes import met
from seoaudit.classify.url_columns import truth, without_fragments
from seoaudit.records import FILE_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.classify.facts import Facts

LOGIN_URL = r"(?i)^[^?#]*/(?:[\w-]*log[-_]?in|sign[-_]?in|sign[-_]?on|sso|auth|authenticate)(?:[./;?#]|$)"
"""A URL that reads like a login page, by its path or host; a guess."""


@once
def own_chains(facts: Facts) -> pd.DataFrame:
    """Chains that begin in the site: the columns of chains.parquet, and the first hop's own.

    The first hop's: `url`, `status`, `mechanism`, `location_url`, `change`, `cause`, `probe`. `in_turn`: server and page redirect in
    turn. `dead`: the end is known to fail. Without robots.txt and sitemaps that no page links to: crawlers read those by
    rules of their own; and without what only the audit or a form asks (`probes.NOT_MET`).
    """
    columns = ["url", "status", "mechanism", "location_url", "change", "cause", "probe"]
    inside = facts.redirects["in_scope"].fillna(value=False) & met(facts.redirects)
    own = facts.redirects.loc[inside, columns].drop_duplicates("url")
    chains = facts.chains.merge(own, left_on="requested_url", right_on="url")
    files = facts.inlinks.loc[facts.inlinks["element"].isin(FILE_ELEMENTS), "target"]
    chains = chains[~among(chains["url"], files) | (chains["inlinks"].fillna(0) > 0)]
    server = facts.hops["mechanism"] == "location"
    by_server, by_page = (among(chains["url"], facts.hops.loc[which, "requested_url"]) for which in (server, ~server))
    silent = chains["final_status"].isna() & chains["final_error"].notna() & (chains["final_error"] != "robots")
    dead = (chains["final_status"] >= 400).fillna(value=False) | silent
    return chains.assign(in_turn=by_server & by_page, dead=dead.astype(bool))


@once
def entries(facts: Facts) -> pd.DataFrame:
    """`own_chains` where somebody meets them; a URL that is only a hop on another's way is told there, once."""
    chains = own_chains(facts)
    hop = among(chains["url"], bare(facts.redirects["location_url"]))
    known = chains["url"].isin([facts.run.start]) | among(chains["url"], _texts(facts.run.listed_urls))
    return chains[~hop | known | (chains["inlinks"].fillna(0) > 0)]


def among(column: pd.Series[str], values: pd.Series[str]) -> pd.Series[bool]:
    """Whether each text stands among the values; `isin`, which is slow for many texts, by Arrow's hash table."""
    found: Any = pc.is_in(frames.as_arrow(column), frames.as_arrow(values.dropna()))
    return pd.Series(truth(found), index=column.index)


def bare(column: pd.Series[str]) -> pd.Series[str]:
    """URLs as one asks for them: without fragments."""
    texts: Any = without_fragments(frames.as_arrow(column))  # pandas takes Arrow arrays; its stubs do not say so
    return pd.Series(pd.array(texts, dtype=frames.TEXT), index=column.index)


def path_of(column: pd.Series[str]) -> pd.Series[str]:
    """The paths of serialised URLs."""
    return column.str.extract(r"^[a-z]+://[^/?#]*([^?#]*)", expand=False).astype(frames.TEXT)


def origin_of(column: pd.Series[str]) -> pd.Series[str]:
    """Scheme, host and port of serialised URLs."""
    return column.str.extract(r"^(\w+://[^/?#]*)", expand=False).astype(frames.TEXT)


def detours(facts: Facts) -> pd.DataFrame:
    """Chains of any URL that leave the site and come back: `requested_url`, and `away_url`, the first URL outside."""
    outside = facts.redirects.loc[~facts.redirects["in_scope"].fillna(value=True), "url"]
    away = facts.hops.loc[among(facts.hops["url"], outside), ["requested_url", "position", "url"]]
    away = away.sort_values("position", kind="stable").drop_duplicates("requested_url")
    gone = facts.chains["outcome"].isin(["external", "loop", "too-many", "invalid-location"])
    back = away[~among(away["requested_url"], facts.chains.loc[gone, "requested_url"])]
    return back.drop(columns="position").rename(columns={"url": "away_url"})


@once
def loops(facts: Facts) -> pd.DataFrame:
    """`own_chains` that end in a circle, with what the circle is made of.

    `link_from`, `link_to` and `link_by` (its mechanism): the redirect to remove, the one that leaves HTTPS, else the one that
    leads back to the circle's lowest URL; `loop_cause`: the causes of its redirects, the same words for every circle made alike;
    `second_walk`: how a second walk with a cookie jar ended (missing if nobody walked); `walked_to`: where;
    `cookie_names`: what it was given.
    """
    rows = own_chains(facts)
    rows = rows[rows["outcome"] == "loop"]
    circles = [_circle(path, length) for path, length in zip(rows["url_list"], rows["loop_length"], strict=True)]
    cause_of = dict(zip(rows["url"], rows["cause"], strict=True))
    mechanism_of = dict(zip(rows["url"], rows["mechanism"], strict=True))
    broken = [_edge_to_remove(circle) for circle in circles]
    causes = [_loop_cause(circle, sorted({cause_of[url] for url in circle if url in cause_of})) for circle in circles]
    circle_of = {url: circle[0] for url, circle in zip(rows["url"], circles, strict=True)}
    walks = {
        circle_of[walk.requested_url]: walk for walk in facts.rewalks.itertuples() if walk.requested_url in circle_of
    }
    known: list[Any] = [walks.get(circle[0]) for circle in circles]
    return rows.assign(
        link_from=_texts([edge[0] for edge in broken]).array,
        link_to=_texts([edge[1] for edge in broken]).array,
        link_by=_texts([mechanism_of.get(edge[0]) for edge in broken]).array,
        loop_cause=_texts(causes).array,
        second_walk=_texts([walk.outcome if walk else None for walk in known]).array,
        walked_to=_texts([walk.final_url if walk else None for walk in known]).array,
        cookie_names=_texts([walk.cookie_names if walk else None for walk in known]).array,
    )


def _loop_cause(circle: Sequence[str], causes: Sequence[str]) -> str:
    """Two rules that undo each other are named; a longer circle by where it passes, or its name would fill the page."""
    return " and ".join(causes) if len(causes) <= 2 else f"circle of {len(circle)} URLs by way of {circle[0]}"


def _texts(values: list[Any]) -> pd.Series[str]:
    return pd.Series(values, dtype=frames.TEXT)


def _circle(path: Sequence[str], length: int) -> list[str]:
    """The URLs of the circle that a path ends in, from its lowest one on."""
    members = list(path)[-length:]
    start = members.index(min(members))
    return members[start:] + members[:start]


def _edge_to_remove(circle: Sequence[str]) -> tuple[str, str]:
    edges = list(zip(circle, [*circle[1:], circle[0]], strict=True))
    return next((edge for edge in edges if edge[0].startswith("https:") and edge[1].startswith("http:")), edges[-1])


def recovered(facts: Facts) -> pd.DataFrame:
    """Ends that failed at first and answered a second walk, one row an end.

    `final_url`, and of the walk: `walked_to`, `cookie_names`.
    """
    good = facts.rewalks[facts.rewalks["outcome"] == "ok"].rename(columns={"final_url": "walked_to"})
    failed = facts.chains.loc[facts.chains["outcome"] != "loop", ["requested_url", "final_url"]]
    walks = good[["requested_url", "walked_to", "cookie_names"]].merge(failed, on="requested_url")
    return walks.drop_duplicates("final_url").drop(columns="requested_url")
