"""Where clients that began alike part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.trace.walk import Trace


class Parting(NamedTuple):
    """Where `client` parts from the first of them: at which hop (from 1), what it does there, and what the first does."""

    client: str
    hop: int
    way: str
    instead_of: str


def partings(traces: Sequence[Trace]) -> tuple[Parting, ...]:
    """Where each trace parts from the first: in what is asked, by which method, with which body; none for one that never does."""
    return tuple(found for trace in traces[1:] if (found := _parting(traces[0], trace)) is not None)


def _parting(first: Trace, other: Trace) -> Parting | None:
    for number in range(max(len(first.hops), len(other.hops))):
        way, instead_of = _way(other, number), _way(first, number)
        if way != instead_of:
            return Parting(other.client.name, number + 1, way, instead_of)
    return None


def _way(trace: Trace, number: int) -> str:
    if number >= len(trace.hops):
        return f"asks no more ({trace.end.kind})"
    hop = trace.hops[number]
    body = f" with {len(hop.request.body):,} bytes" if hop.request.body else ""
    unasked = " (turned to https by itself, HSTS)" if hop.answered is None else ""
    return f"{hop.request.method} {hop.request.url.partition('#')[0]}{body}{unasked}"
