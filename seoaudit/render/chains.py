"""Chains as they are drawn, hop by hop, and the listed URLs with the end that each one reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seoaudit.urls import parse, without_fragment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.records import Outcome, Permanence
    from seoaudit.render.tables import Tables

DRAWN_CHAINS = 60
"""Chains kept in the view."""

DRAWN_HOPS = 25
"""Hops drawn of one chain; what is longer says how much."""

ALIKE_FIRST = 3
"""So many chains of one shape are drawn before another shape has its turn."""

BADNESS = """list_position(['loop', 'too-many', 'unreachable', 'server-error', 'client-error', 'invalid-location',
    'unfinished', 'robots', 'ok', 'external'], outcome)"""
"""SQL for the rank of an outcome, 1 the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One URL of a chain and its own answer; the last one of a chain is where it ends.

    `location` is the target as the server wrote it, only where it is none that a client could ask.
    """

    url: str
    status: int | None
    error: str | None
    mechanism: str | None
    latency_ms: float | None
    refresh_delay: float | None
    location: str | None
    scheme: str

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
    """One URL that redirects, with every hop drawn; `alike` counts the chains of the same shape, this one included."""

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
    stateful: bool

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


_ORIGINS = "list_transform(url_list, lambda u: regexp_extract(u, '^[a-z]+://[^/?#]*'))"
_SHAPE = f"outcome, permanence, statuses, mechanisms, {_ORIGINS}"
_SAME = "outcome, list_sort(list_distinct(url_list))"  # one loop, entered at each of its URLs


def drawn_chains(tables: Tables) -> tuple[Chain, ...]:
    """Choose the chains to draw, worst outcome first, then the longest; more of a shape that is drawn already come last."""
    links = "coalesce(inlinks, 0) desc, requested_url"
    rows = tables.all(
        f"""with numbered as (
            select *, row_number() over (partition by {_SHAPE} order by {links}) as nth,
                row_number() over (partition by {_SAME} order by {links}) as entrance,
                count(*) over (partition by {_SHAPE}) as alike from chains
        )
        select requested_url, url_list[:?], redirect_count, final_url, final_status, final_error, outcome, permanence,
            latency_ms, loop_length, coalesce(inlinks, 0), alike,
            exists(select 1 from rewalks r where r.requested_url = numbered.requested_url and r.outcome = 'ok')
        from numbered order by nth > ? or entrance > 1, {BADNESS}, redirect_count desc, {links} limit ?""",
        [DRAWN_HOPS, ALIKE_FIRST, DRAWN_CHAINS],
    )
    answers = _answers(tables, {url for row in rows for url in row[1]})
    return tuple(_chain(row, answers) for row in rows)


def _answers(tables: Tables, urls: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    rows = tables.all(
        """select url, status, error, mechanism, latency_ms, refresh_delay,
            if(location_url is null, location, null) from responses
        semi join (select unnest(?::varchar[]) as url) using (url)""",
        [sorted(urls)],
    )
    return {row[0]: row[1:] for row in rows}


def _chain(row: tuple[Any, ...], answers: dict[str, tuple[Any, ...]]) -> Chain:
    (
        requested,
        url_list,
        count,
        final_url,
        status,
        error,
        outcome,
        permanence,
        latency,
        loop,
        inlinks,
        alike,
        stateful,
    ) = row
    return Chain(
        requested_url=requested,
        hops=tuple(_hop(url, answers.get(url)) for url in url_list),
        redirect_count=count,
        final_url=final_url,
        final_status=status,
        final_error=error,
        outcome=outcome,
        permanence=permanence,
        latency_ms=latency,
        loop_length=loop,
        inlinks=inlinks,
        alike=alike,
        stateful=stateful and outcome != "ok",
    )


def _hop(url: str, answer: tuple[Any, ...] | None) -> Hop:
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
    )


def listed(tables: Tables, urls: list[str]) -> tuple[ListedUrl, ...]:
    """Give each URL of the list in its order, with its own answer and its chain's end; the list is as the person wrote it."""
    asked = [without_fragment(parse(url) or url) for url in urls]
    rows = {
        row[0]: row[1:]
        for row in tables.all(
            """select r.url, r.status, r.error, c.redirect_count, c.statuses, c.final_url, c.final_status, c.outcome, c.permanence
            from responses r semi join (select unnest(?::varchar[]) as url) using (url)
            left join chains c on c.requested_url = r.url""",
            [sorted(set(asked))],
        )
    }
    unasked = (None,) * 8
    return tuple(
        _listed(position, url, *rows.get(key, unasked))
        for position, (url, key) in enumerate(zip(urls, asked, strict=True), 1)
    )


def _listed(
    position: int, url: str, status: int | None, error: str | None, count: int | None, *chain: Any
) -> ListedUrl:
    statuses, final_url, final_status, outcome, permanence = chain
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
    )


def _direct_outcome(status: int | None, error: str | None) -> str:
    if status is None:
        return "robots" if error == "robots" else ("unreachable" if error else "unfinished")
    return "ok" if status < 400 else ("client-error" if status < 500 else "server-error")
