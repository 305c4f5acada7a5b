"""Chains as they are drawn, hop by hop, and the listed URLs with the end that each one reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seoaudit.http.hsts import upgraded
from seoaudit.render.hsts import visitors
from seoaudit.urls import parse, without_fragment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.records import Outcome, Permanence
    from seoaudit.render.hsts import Visitor
    from seoaudit.render.tables import Tables

DRAWN_CHAINS = 60
"""Chains kept in the view."""

DRAWN_HOPS = 25
"""Hops drawn of one chain; what is longer says how much."""

ALIKE_FIRST = 3
"""So many chains of one shape are drawn before another shape has its turn."""

FAILED_OUTSIDE = (
    "(outcome = 'external' and (coalesce(final_error, 'robots') <> 'robots' or coalesce(final_status, 0) >= 400))"
)
"""SQL: the chain leaves the site, and what it reaches there failed."""

BADNESS = f"""if({FAILED_OUTSIDE}, 6, list_position(['loop', 'too-many', 'unreachable', 'server-error', 'client-error', 'outside',
    'invalid-location', 'unfinished', 'robots', 'ok', 'external'], outcome))"""
"""SQL for the rank of an end, 1 the worst; a failed end on another site stands with the broken ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One URL of a chain and its own answer; the last one of a chain is where it ends.

    `location` is the target as the server wrote it, only where it is none that a client could ask. `visitor`: whose browser
    never asks this http URL but, by an internal 307 because of HSTS, `internal_url`; None where none does.
    """

    url: str
    status: int | None
    error: str | None
    mechanism: str | None
    latency_ms: float | None
    refresh_delay: float | None
    location: str | None
    scheme: str
    visitor: Visitor | None = None
    internal_url: str | None = None

    @property
    def permanent(self) -> bool | None:
        """Whether the hop says "moved for good" (Google, Redirects and Google Search); None where it does not redirect."""
        if self.mechanism is None:
            return None
        if self.mechanism == "location":
            return self.status in {301, 308}
        return not self.refresh_delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One URL that redirects, with every hop drawn; `alike` counts the chains of the same shape, this one included.

    `entrances` counts the URLs that lead into the same loop, this one included; 1 for what is no loop.
    """

    requested_url: str
    hops: tuple[Hop, ...]
    redirect_count: int
    final_url: str | None
    final_status: int | None
    final_error: str | None
    outcome: Outcome
    permanence: Permanence | None
    latency_ms: float | None
    loop_length: int | None
    inlinks: int
    alike: int
    entrances: int
    stateful: bool

    @property
    def failed_outside(self) -> bool:
        """Whether the chain leaves the site and what it reaches there failed."""
        failed = self.final_error not in {None, "robots"} or (self.final_status or 0) >= 400
        return self.outcome == "external" and failed

    @property
    def hops_left_out(self) -> int:
        """Hops of the chain that are not drawn."""
        return max(0, self.redirect_count + 1 - len(self.hops))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedUrl:
    """One line of the URL list, in the order given; `status` is its own answer, the rest where it leads.

    `statuses` has one answer for each URL of the chain, the end included; none for a URL that does not redirect.
    """

    position: int
    url: str
    status: int | None
    error: str | None
    redirect_count: int
    statuses: tuple[int | None, ...]
    final_url: str | None
    final_status: int | None
    outcome: str | None
    permanence: str | None
    failed_outside: bool


_COLUMNS = (
    "requested_url",
    "redirect_count",
    "final_url",
    "final_status",
    "final_error",
    "outcome",
    "permanence",
    "latency_ms",
    "loop_length",
)

# Shapes and loops are compared by hash: the lists of 100,000 long chains would not fit into memory side by side. A loop is
# the same whichever of its URLs it is entered by, or whatever leads to it: it is known by its circle.
_CHOSEN = f"""with hashed as (
    select requested_url, {BADNESS} as badness, redirect_count, coalesce(inlinks, 0) as inlinks,
        hash(outcome, permanence, statuses, mechanisms,
            list_transform(url_list, lambda u: regexp_extract(u, '^[a-z]+://[^/?#]*'))) as shape,
        if(outcome = 'loop', hash(list_sort(url_list[-coalesce(loop_length, redirect_count):])), hash(requested_url)) as loop
    from chains
    where requested_url not in (select url from responses where probe in ('slash', 'doubled-slash', 'case', 'index', 'form'))
), loops as (
    select *, count(*) over (partition by loop) as entrances from hashed
    qualify row_number() over (partition by loop order by redirect_count, inlinks desc, requested_url) = 1
), numbered as (
    select *, sum(entrances) over (partition by shape) as alike,
        row_number() over (partition by shape order by inlinks desc, requested_url) as nth
    from loops
), chosen as (
    select requested_url, inlinks, alike, entrances,
        row_number() over (
            order by nth > {ALIKE_FIRST}, badness, redirect_count desc, inlinks desc, requested_url) as place
    from numbered qualify place <= {DRAWN_CHAINS}
)"""


def drawn_chains(tables: Tables) -> tuple[Chain, ...]:
    """Choose the chains to draw, worst outcome first, then the longest; more of a shape that is drawn already come last.

    A loop is drawn once, whichever of its URLs it is entered by.
    """
    rows = tables.all(
        f"""{_CHOSEN}
        select {", ".join(f"chains.{name}" for name in _COLUMNS)}, chosen.inlinks, alike::bigint, entrances,
            outcome <> 'ok' and requested_url in (select requested_url from rewalks where outcome = 'ok') as stateful,
            url_list[:{DRAWN_HOPS}]
        from chosen join chains using (requested_url) order by place"""
    )
    drawn = {url for *_, url_list in rows for url in url_list}
    answers, browsers = _answers(tables, drawn), visitors(tables, drawn)
    names = (*_COLUMNS, "inlinks", "alike", "entrances", "stateful")
    return tuple(
        Chain(
            hops=tuple(_hop(url, answers.get(url), browsers.get(url)) for url in url_list),
            **dict(zip(names, cells, strict=True)),
        )
        for *cells, url_list in rows
    )


def _answers(tables: Tables, urls: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    rows = tables.all(
        """select url, status, error, mechanism, latency_ms, refresh_delay,
            if(location_url is null, location, null) from responses
        semi join (select unnest(?::varchar[]) as url) using (url)""",
        [sorted(urls)],
    )
    return {row[0]: row[1:] for row in rows}


def _hop(url: str, answer: tuple[Any, ...] | None, visitor: Visitor | None) -> Hop:
    status, error, mechanism, latency, delay, location = answer or (None,) * 6
    return Hop(
        url=url,
        status=status,
        error=error,
        mechanism=mechanism,
        latency_ms=latency,
        refresh_delay=delay,
        location=location,
        scheme=url.partition(":")[0],
        visitor=visitor,
        internal_url=upgraded(url) if visitor else None,
    )


def listed(tables: Tables, urls: list[str]) -> tuple[ListedUrl, ...]:
    """Give each URL of the list in its order, with its own answer and its chain's end; the list is as the person wrote it."""
    asked = [without_fragment(parse(url) or url) for url in urls]
    rows = {
        row[0]: row[1:]
        for row in tables.all(
            f"""select r.url, r.status, r.error, c.redirect_count, c.statuses, c.final_url, c.final_status, c.outcome, c.permanence,
                {FAILED_OUTSIDE}
            from responses r semi join (select unnest(?::varchar[]) as url) using (url)
            left join chains c on c.requested_url = r.url""",
            [sorted(set(asked))],
        )
    }
    unasked = (None,) * 9
    return tuple(
        _listed(position, url, *rows.get(key, unasked))
        for position, (url, key) in enumerate(zip(urls, asked, strict=True), 1)
    )


def _listed(
    position: int, url: str, status: int | None, error: str | None, count: int | None, *chain: Any
) -> ListedUrl:
    statuses, final_url, final_status, outcome, permanence, failed_outside = chain
    direct = count is None
    return ListedUrl(
        position=position,
        url=url,
        status=status,
        error=error,
        redirect_count=count or 0,
        statuses=tuple(statuses or ()),
        final_url=(url if status is not None else None) if direct else final_url,
        final_status=status if direct else final_status,
        outcome=_direct_outcome(status, error) if direct else outcome,
        permanence=permanence,
        failed_outside=bool(failed_outside),
    )


def _direct_outcome(status: int | None, error: str | None) -> str:
    if status is None:
        return "robots" if error == "robots" else ("unreachable" if error else "unfinished")
    return "ok" if status < 400 else ("client-error" if status < 500 else "server-error")
