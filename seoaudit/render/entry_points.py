"""The ways into the site as a matrix of names and schemes, with what is to be said of them as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seoaudit.render.verdict import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.render.tables import Tables

MAX_HOSTS = 50
"""Hosts kept in the view; the table has them all."""

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """The home page of one host under one scheme: columns of entry_points.parquet."""

    host: str
    scheme: str
    url: str
    status: int | None
    error: str | None
    redirect_count: int | None
    statuses: str | None
    final_url: str | None
    final_status: int | None
    outcome: str | None
    permanence: str | None
    meets: bool | None
    pages_asked: int
    pages_kept: int
    pages_answered: int
    paths_lost: int
    queries_lost: int
    pages_failed: int

    @property
    def answers(self) -> tuple[str, ...]:
        """Each answer on the way: a status code, or the word of an error."""
        return tuple((self.statuses or self.error or "not asked").split(" → "))

    @property
    def pages(self) -> str:
        """What became of the pages that were asked there, in words; empty where none was."""
        counts = {
            "keep path and query": self.pages_kept,
            "lose the path": self.paths_lost,
            "lose the query": self.queries_lost,
            "answer there": self.pages_answered,
            "fail": self.pages_failed,
        }
        said = [f"{count:,} {words}" for words, count in counts.items() if count]
        return f"{plural(self.pages_asked, 'page')} asked: {', '.join(said)}" if self.pages_asked else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoints:
    """Hosts with their entry points by scheme, in the order of the table, and sentences on all of them, each good or not."""

    hosts: dict[str, dict[str, EntryPoint]] = field(default_factory=dict)
    sentences: tuple[tuple[bool, str], ...] = ()
    hosts_total: int = 0


def entry_points(tables: Tables) -> EntryPoints:
    """Read the matrix; empty where no home page was asked."""
    names = list(EntryPoint.__dataclass_fields__)
    rows = [
        EntryPoint(**dict(zip(names, row, strict=True)))
        for row in tables.all(f"select {', '.join(names)} from entry_points")
    ]
    hosts: dict[str, dict[str, EntryPoint]] = {}
    for row in rows:
        hosts.setdefault(row.host, {})[row.scheme] = row
    kept = dict(list(hosts.items())[:MAX_HOSTS])
    said = (_meeting(rows), _hops(rows), _pages(rows), _permanence(rows)) if rows else ()
    return EntryPoints(hosts=kept, sentences=tuple(one for one in said if one), hosts_total=len(hosts))


def _meeting(rows: Sequence[EntryPoint]) -> tuple[bool, str] | None:
    led = [row for row in rows if row.final_status is not None]
    places = list(dict.fromkeys(row.final_url for row in led if row.meets))
    apart = [row for row in led if not row.meets]
    if not places:
        return False, "No entry point leads to a page."
    place = ", ".join(map(str, places)) if len(places) <= _NAMED else f"{len(places)} pages, one a name"
    if not apart:
        return True, f"All {len(led)} entry points that answer meet at {place}." if len(
            led
        ) > 1 else f"It leads to {place}."
    ends = ", ".join(f"{row.url} ends at {row.final_url}" for row in apart[:_NAMED])
    return (
        False,
        f"{len(led) - len(apart)} of {len(led)} entry points that answer meet at {place}; {ends}{_more(apart)}.",
    )


def _hops(rows: Sequence[EntryPoint]) -> tuple[bool, str]:
    longer = [row for row in rows if (row.redirect_count or 0) > 1]
    if not longer:
        return True, "None takes more than one redirect."
    named = ", ".join(f"{row.url} ({row.redirect_count})" for row in longer[:_NAMED])
    return False, f"More than one redirect: {named}{_more(longer)}."


def _pages(rows: Sequence[EntryPoint]) -> tuple[bool, str] | None:
    asked, kept = sum(row.pages_asked for row in rows), sum(row.pages_kept for row in rows)
    if not asked:
        return None
    if asked == kept:
        return True, f"Path and query survive: {plural(asked, 'page')} asked under the other scheme, all of them kept."
    lost = [row for row in rows if row.pages_asked > row.pages_kept]
    named = "; ".join(f"{row.scheme}://{row.host}: {row.pages}" for row in lost[:_NAMED])
    return False, f"Path and query do not survive everywhere: {named}{_more(lost)}."


def _permanence(rows: Sequence[EntryPoint]) -> tuple[bool, str] | None:
    moving = [
        row
        for row in rows
        if row.scheme == "http" and row.redirect_count and (row.final_url or "").startswith("https:")
    ]
    weak = [row for row in moving if row.permanence != "permanent"]
    if not moving:
        return None
    if not weak:
        return True, "The step from http to https is permanent."
    named = ", ".join(f"{row.url} ({row.statuses})" for row in weak[:_NAMED])
    return (
        False,
        f"The step from http to https is not permanent: {named}{_more(weak)}. It should be 301, or 308 where a form posts.",
    )


def _more(rows: Sequence[EntryPoint]) -> str:
    return f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
