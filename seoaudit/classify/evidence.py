"""What several rules look at: chains where somebody meets them, circles, second walks, linked redirects, and chains in words."""

from __future__ import annotations

import ipaddress
import re
from string import Formatter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from seoaudit.classify import frames

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seoaudit.classify.facts import Facts

MAX_DRAWN = 12
"""Steps of a chain that a sentence shows; the tables have them all."""

LINK_ELEMENTS = frozenset({"a", "area", "iframe", "frame", "next", "prev", "amphtml"})
"""Mentions that somebody edits as a link to a page; canonical, hreflang and sitemap say something else."""

LOGIN_URL = r"(?i)^[^?#]*/(?:[\w-]*log[-_]?in|sign[-_]?in|sign[-_]?on|sso|auth|authenticate)(?:[./;?#]|$)"
"""A URL that reads like a login page, by its path or host; a guess."""

_MECHANISM = {"refresh-header": "Refresh header", "meta-refresh": "meta refresh", "javascript": "JavaScript"}


def own_chains(facts: Facts) -> pd.DataFrame:
    """Chains that begin in the site: the columns of chains.parquet, and the first hop's own.

    The first hop's: `url`, `status`, `mechanism`, `location_url`, `change`, `cause`.
    """
    columns = ["url", "status", "mechanism", "location_url", "change", "cause"]
    own = facts.redirects.loc[facts.redirects["in_scope"].fillna(value=False), columns].drop_duplicates("url")
    return facts.chains.merge(own, left_on="requested_url", right_on="url")


def entries(facts: Facts) -> pd.DataFrame:
    """`own_chains` where somebody meets them; a URL that is only a hop on another's way is told there, once."""
    chains = own_chains(facts)
    hop = chains["url"].isin(bare(facts.redirects["location_url"]))
    known = chains["url"].isin([facts.run.start, *facts.run.listed_urls])
    return chains[~hop | known | (chains["inlinks"].fillna(0) > 0)]


def bare(column: pd.Series[str]) -> pd.Series[str]:
    """URLs as one asks for them: without fragments."""
    return column.str.replace(r"(?s)#.*", "", regex=True)


def path_of(column: pd.Series[str]) -> pd.Series[str]:
    """The paths of serialised URLs."""
    return column.str.extract(r"^[a-z]+://[^/?#]*([^?#]*)", expand=False).astype(frames.TEXT)


def loops(facts: Facts) -> pd.DataFrame:
    """`own_chains` that end in a circle, with what the circle is made of.

    `link_from` and `link_to`: the redirect to remove, the one that leaves HTTPS, else the one that leads back to the
    circle's lowest URL; `loop_cause`: the causes of its redirects, the same words for every circle made alike;
    `second_walk`: how a second walk with a cookie jar ended (missing if nobody walked); `cookie_names`: what it was given.
    """
    rows = own_chains(facts)
    rows = rows[rows["outcome"] == "loop"].copy()
    circles = [_circle(path, length) for path, length in zip(rows["url_list"], rows["loop_length"], strict=True)]
    cause_of = dict(zip(rows["url"], rows["cause"], strict=True))
    broken = [_edge_to_remove(circle) for circle in circles]
    causes = [" and ".join(sorted({str(cause_of.get(url, "")) for url in circle} - {""})) for circle in circles]
    key = {url: circle[0] for url, circle in zip(rows["url"], circles, strict=True)}
    walks = {key[walk.requested_url]: walk for walk in facts.rewalks.itertuples() if walk.requested_url in key}
    known = [walks.get(circle[0]) for circle in circles]
    return rows.assign(
        link_from=_texts([edge[0] for edge in broken]).array,
        link_to=_texts([edge[1] for edge in broken]).array,
        loop_cause=_texts(causes).array,
        second_walk=_texts([walk.outcome if walk else None for walk in known]).array,
        cookie_names=_texts([walk.cookie_names if walk else None for walk in known]).array,
    )


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
    """Ends that failed, and answered a second walk: `final_url` and the columns of rewalks.parquet, one row an end."""
    good = facts.rewalks[facts.rewalks["outcome"] == "ok"].rename(
        columns={"final_url": "walked_to", "final_status": "walked_status"}
    )
    failed = facts.chains.loc[facts.chains["outcome"] != "loop", ["requested_url", "final_url"]]
    return (
        good[["requested_url", "walked_to", "walked_status", "cookie_names"]]
        .merge(failed, on="requested_url")
        .drop_duplicates("final_url")
    )


def linked(facts: Facts, elements: Collection[str]) -> pd.DataFrame:
    """Redirects that these elements mention: the columns of `Facts.redirects` with, summed over the elements, those of `inlinks`.

    `sources` is that of the element on the most pages; `example` says where one of them stands, in words.
    """
    rows = facts.inlinks[facts.inlinks["element"].isin(elements)].sort_values("sources", ascending=False, kind="stable")
    sums = {
        "mentions": "sum",
        "sources": "max",
        "fragments": "sum",
        "source": "first",
        "text": "first",
        "href": "first",
    }
    targets = rows.groupby("target", sort=False).agg(sums).reset_index()
    permanence = facts.chains[["requested_url", "permanence"]].rename(
        columns={"requested_url": "target", "permanence": "chain_permanence"}
    )
    redirects = facts.redirects.drop(columns=["inlinks", "location"]).drop_duplicates("url")
    found = redirects.merge(targets.merge(permanence, on="target"), left_on="url", right_on="target")
    return found.assign(
        example=_texts([_example(*row) for row in zip(found["source"], found["text"], strict=True)]).array
    )


def _example(source: str, text: str) -> str:
    words = f" (“{text}”)" if isinstance(text, str) and text else ""
    return f"for example on {source}{words}" if isinstance(source, str) else "named by no page of the site"


def count_of(numbers: pd.Series[int], noun: str) -> pd.Series[str]:
    """Numbers with their noun: `1 link`, `7 links`."""
    return numbers.astype("str") + np.where(numbers == 1, f" {noun}", f" {noun}s")


def origin_of(column: pd.Series[str]) -> pd.Series[str]:
    """Scheme, host and port of serialised URLs."""
    return column.str.extract(r"^(\w+://[^/?#]*)", expand=False).astype(frames.TEXT)


MIN_SITEWIDE = 5
"""On fewer pages than this a link proves no template."""


def sitewide(facts: Facts, links: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `linked` stand on so many pages that one template must hold them."""
    return links["sources"] >= max(MIN_SITEWIDE, facts.thresholds.sitewide_share * facts.page_count)


def misdirected(facts: Facts) -> pd.DataFrame:
    """Redirects of the site to where the public cannot go, with the `fault`: `internal` host, or `port` of its own host.

    Hosts that are themselves audited are public enough; without port, they are known by name.
    """
    rows = facts.redirects[facts.redirects["in_scope"].fillna(value=False) & facts.redirects["location_url"].notna()]
    source, target = (_authority(rows[name]) for name in ("url", "location_url"))
    hosts = {host: is_internal(host) for host in target["host"].unique()}
    internal = target["host"].map(hosts).astype(bool) & ~target["host"].isin(
        [_HOST_PORT.sub("", host) for host in facts.run.hosts]
    )
    other_port = (target["port"] != "") & (target["port"] != source["port"]) & (target["host"] == source["host"])
    fault = np.select([internal, other_port], ["internal", "port"], "")
    rows = rows.assign(host=target["host"], port=target["port"], fault=fault)
    return rows[rows["fault"] != ""]


_HOST_PORT = re.compile(r":\d+$")
_INTERNAL_NAME = re.compile(r"[^.]+|(?:.+\.)?(?:localhost|local|internal|intranet|lan|corp|home\.arpa|test|invalid)")


def _authority(column: pd.Series[str]) -> pd.DataFrame:
    found = column.str.extract(r"^[a-z]+://(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*):?(?P<port>\d*)")
    return found.fillna("")


def is_internal(host: str) -> bool:
    """Whether a host is one that only its own network can reach: a non-global address, or a name that no public DNS has.

    Addresses: the IANA special-purpose registries, by Python's `ipaddress`; names: RFC 6761, RFC 6762, RFC 8375, the
    `.internal` that ICANN reserved in 2024, and names of one label.
    """
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return bool(_INTERNAL_NAME.fullmatch(host.rstrip(".")))


def shared_group(cause: pd.Series[str], end: pd.Series[str]) -> pd.Series[str]:
    """What more of the found rows share: the cause on the server, or the end where they meet; missing where they share none."""
    by_cause = cause.groupby(cause).transform("size")
    by_end = end.groupby(end).transform("size")
    return end.where(by_end > by_cause, cause).where((by_end > 1) | (by_cause > 1))


def say(rows: pd.DataFrame, template: str, **more: pd.Series[str] | str) -> pd.Series[str]:
    """One sentence a row: `{name}` in the template stands for that column of `rows`, or of `more`; `?` where it is missing."""
    text = pd.Series("", index=rows.index, dtype=frames.TEXT)
    for literal, name, _, _ in Formatter().parse(template):
        text = text + literal
        if name is not None:
            value = more[name] if name in more else rows[name]
            text = text + (
                value if isinstance(value, str) else value.reindex(rows.index).astype(frames.TEXT).fillna("?")
            )
    return text


def drawn(chains: pd.DataFrame) -> pd.Series[str]:
    """Each chain in one line: `https://x/a 301 → https://x/b 302 → https://x/c 200`."""
    lines = [draw(*row) for row in zip(chains["url_list"], chains["statuses"], chains["mechanisms"], strict=True)]
    return pd.Series(lines, index=chains.index, dtype=frames.TEXT)


def draw(url_list: Sequence[str], statuses: Sequence[int | None], mechanisms: Sequence[str]) -> str:
    """One chain in one line; a long one keeps its beginning and its end."""
    answers = [
        _answer(status, mechanism) for status, mechanism in zip(statuses, [*mechanisms, "location"], strict=False)
    ]
    steps = [f"{url}{answer}" for url, answer in zip(url_list, answers, strict=False)]
    if len(steps) > MAX_DRAWN:
        steps[MAX_DRAWN - 2 : -1] = [f"… {len(steps) - MAX_DRAWN + 1} more …"]
    return " → ".join(steps)


def _answer(status: int | None, mechanism: str) -> str:
    code = "" if status is None or pd.isna(status) else f" {status}"
    return f"{code} ({_MECHANISM[mechanism]})" if mechanism in _MECHANISM else code
