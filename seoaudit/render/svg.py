"""Lays out the redirect map: sources on the left, targets on the right, a line for each flow. Geometry only, no markup."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.render.redirect_map import REST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.render.redirect_map import Flow, RedirectMap

WIDTH = 960
LEFT, RIGHT = 320, 640
_LABEL, _PORT, _GAP, _TOP = 36, 20, 14, 30
_THICKEST = 12.0


@dataclass(frozen=True, slots=True)
class Node:
    """A place that redirects leave or reach: where its label stands, from `y` on for `height`; `flows` counts from 0."""

    name: str
    origin: str
    path: str
    y: float
    height: float
    flows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Flow `number`, from 0: where it leaves and arrives, and how thick it is drawn (by the logarithm of its count)."""

    flow: Flow
    number: int
    y1: float
    y2: float
    thickness: float

    @property
    def kind(self) -> str:
        """`permanent`, `temporary`, or `mixed` where the flow has both."""
        if self.flow.permanent == self.flow.count:
            return "permanent"
        return "mixed" if self.flow.permanent else "temporary"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map in units of its own viewBox."""

    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    lines: tuple[Line, ...]
    height: float


def lay_out(redirects: RedirectMap) -> Drawing:
    """Give every node and line its place; targets stand in the order of what flows to them, so that few lines cross."""
    flows = redirects.flows
    sources = _stack(_unique(flow.source for flow in flows), [flow.source for flow in flows])
    places = {node.name: node.y for node in sources}
    by_target: dict[str, list[float]] = {}
    for flow in flows:
        by_target.setdefault(flow.target, []).append(places[flow.source])
    order = sorted(by_target, key=lambda name: sum(by_target[name]) / len(by_target[name]))
    targets = _stack(order, [flow.target for flow in flows])
    lines = _lines(flows, sources, targets)
    return Drawing(
        sources, targets, lines, max((node.y + node.height for node in (*sources, *targets)), default=0) + _GAP
    )


def _label(name: str) -> tuple[str, str]:
    """The origin and the path of a node's name; what is no web address is all path."""
    place = name.removesuffix(REST)
    slashes = place.split("/", 3)
    if len(slashes) < 3 or slashes[1]:
        return "", name
    return "/".join(slashes[:3]), "other folders" if place != name else "/" + "".join(slashes[3:])


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _stack(names: list[str], ends: list[str]) -> tuple[Node, ...]:
    nodes, y = [], float(_TOP)
    for name in names:
        flows = tuple(number for number, end in enumerate(ends) if end == name)
        height = max(_LABEL, _PORT * len(flows))
        origin, path = _label(name)
        nodes.append(Node(name, origin, path, y, height, flows))
        y += height + _GAP
    return tuple(nodes)


def _lines(flows: tuple[Flow, ...], sources: tuple[Node, ...], targets: tuple[Node, ...]) -> tuple[Line, ...]:
    left, right = {node.name: node for node in sources}, {node.name: node for node in targets}
    most = max((flow.count for flow in flows), default=1)
    leaving = _ports(sorted(flows, key=lambda flow: right[flow.target].y), left, "source")
    arriving = _ports(sorted(flows, key=lambda flow: left[flow.source].y), right, "target")
    return tuple(
        Line(flow, number, leaving[flow], arriving[flow], _thickness(flow.count, most))
        for number, flow in enumerate(flows)
    )


def _ports(flows: list[Flow], nodes: dict[str, Node], end: str) -> dict[Flow, float]:
    """A height of its own for each line at one node, so that lines and their numbers do not lie upon each other."""
    gathered: dict[str, list[Flow]] = {}
    for flow in flows:
        gathered.setdefault(getattr(flow, end), []).append(flow)
    return {
        flow: nodes[name].y + nodes[name].height * (position + 0.5) / len(group)
        for name, group in gathered.items()
        for position, flow in enumerate(group)
    }


def _thickness(count: int, most: int) -> float:
    return round(2 + (_THICKEST - 2) * math.log1p(count) / math.log1p(most), 1)
