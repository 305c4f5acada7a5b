"""Where a site's redirects go, gathered until a person can read it: from one URL a node down to whole hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seoaudit.render.tables import Tables

MAX_FLOWS = 20
"""More lines than this are not read any more; measured by looking."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Redirects from one place to another; `permanent` of the `count` are permanent.

    `hosts`: the two origins whose redirects are gathered here, but for those that have a flow of their own.
    """

    source: str
    target: str
    count: int
    permanent: int
    hosts: tuple[str, str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RedirectMap:
    """The largest flows first; `by` says what a node is; `other` counts the redirects in flows that are not drawn."""

    flows: tuple[Flow, ...]
    by: str
    total: int
    other: int


SMALLEST_SHARE = 0.002
"""A flow between folders that is smaller than this share, or a single redirect, goes into the line of its hosts."""

REST = " (other folders)"

_ORIGIN = "regexp_extract({0}, '^[a-z][a-z0-9+.-]*:(?://[^/?#]*)?')"
_PATH = "regexp_extract({0}, '^[a-z]+://[^/?#]*([^?#]*)', 1)"
_FOLDER = _ORIGIN + " || regexp_extract(" + _PATH + ", '^(?:/[^/]*){{0,LEVELS}}/') || '…'"

# What a node is, and its name from a URL, the finest first.
_NODES = (
    ("URL", "{0}"),
    ("folder, two levels deep", _FOLDER.replace("LEVELS", "2")),
    ("folder", _FOLDER.replace("LEVELS", "1")),
)


def redirect_map(tables: Tables) -> RedirectMap:
    """Gather to the finest map that fits into `MAX_FLOWS` lines; where none fits, the largest folders and the rest by host."""
    (total,) = tables.one(f"select count(*) {_REDIRECTS}")
    flows: list[Flow] = []
    for by, node in _NODES:
        flows = _flows(tables, node)
        if len(flows) <= MAX_FLOWS:
            return RedirectMap(tuple(flows), by, total, 0)
    large = [flow for flow in flows if flow.count >= max(2, total * SMALLEST_SHARE)][: MAX_FLOWS * 2 // 3]
    kept = (*large, *_rest(_flows(tables, _ORIGIN), large)[: MAX_FLOWS - len(large)])
    return RedirectMap(kept, "folder", total, total - sum(flow.count for flow in kept))


_REDIRECTS = "from responses where mechanism is not null and location_url is not null and probe is null"
_TARGET = "regexp_replace(location_url, '#.*', '', 's')"


def flow_numbers(redirects: RedirectMap) -> tuple[str, list[Any]]:
    """SQL and its parameters for `url` and `flow`: which of the drawn flows, counted from 0, each redirect belongs to."""
    node, flows = dict(_NODES)[redirects.by], redirects.flows
    ends = [flow.hosts or (flow.source, flow.target) for flow in flows]
    sql = f"""with drawn as (
        select unnest(?::varchar[]) as source, unnest(?::varchar[]) as target, unnest(?::boolean[]) as gathered,
            unnest(range(?)) as flow
    ), moves as (select url, {_TARGET} as target_url {_REDIRECTS})
    select url, coalesce(own.flow, gathered.flow) as flow from moves
    left join drawn own on not own.gathered and own.source = {node.format("url")} and own.target = {node.format("target_url")}
    left join drawn gathered on gathered.gathered
        and gathered.source = {_ORIGIN.format("url")} and gathered.target = {_ORIGIN.format("target_url")}"""
    return sql, [
        [source for source, _ in ends],
        [target for _, target in ends],
        [flow.hosts is not None for flow in flows],
        len(flows),
    ]


def _flows(tables: Tables, node: str) -> list[Flow]:
    rows = tables.all(
        f"""select {node.format("url")} as source, {node.format("target_url")} as target, count(*), count(*) filter (permanent)
        from (select url, {_TARGET} as target_url,
            if(mechanism = 'location', status in (301, 308), coalesce(refresh_delay, 0) = 0) as permanent {_REDIRECTS})
        group by source, target order by count(*) desc, source, target limit ?""",
        [MAX_FLOWS + 1],
    )
    return [Flow(*row) for row in rows]


def _rest(hosts: list[Flow], large: list[Flow]) -> list[Flow]:
    """Take what remains of the flows between hosts when the large flows between their folders are drawn on their own."""
    rest = []
    for flow in hosts:
        inside = [one for one in large if (_origin(one.source), _origin(one.target)) == (flow.source, flow.target)]
        count = flow.count - sum(one.count for one in inside)
        if count:
            permanent = flow.permanent - sum(one.permanent for one in inside)
            suffix = REST if inside else "/…"
            rest.append(Flow(flow.source + suffix, flow.target + suffix, count, permanent, (flow.source, flow.target)))
    return sorted(rest, key=lambda flow: -flow.count)


def _origin(folder: str) -> str:
    return "/".join(folder.split("/", 3)[:3])
