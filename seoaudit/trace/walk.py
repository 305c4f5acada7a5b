"""From the first request to the last answer: each hop by itself, as one kind of client makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from seoaudit import urls
from seoaudit.http.redirect import End, Request, client_location, first_request, next_request
from seoaudit.trace.arrival import Lead, lead_of
from seoaudit.trace.failures import failure_sentence
from seoaudit.trace.hsts import KnownHosts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.crawl.single import Answered
    from seoaudit.http.clients import Client
    from seoaudit.http.location import Location
    from seoaudit.http.preload import PreloadList

HopMechanism = Literal["location", "refresh-header", "meta-refresh", "hsts"]


class Asks(Protocol):
    """Whoever asks: one request, once; and the cookies it would send."""

    def ask(self, request: Request) -> Answered: ...  # noqa: D102 - the class says it

    def cookies(self) -> frozenset[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request and what came of it.

    `answered` is None where the client did not ask at all: `mechanism` is `hsts`, and `known_from` how it knew. `lead` is what the page itself says; `next` is the
    request that follows, None at the end.
    """

    request: Request
    answered: Answered | None
    location: Location | None
    lead: Lead | None
    mechanism: HopMechanism | None
    next: Request | None
    known_from: str | None = None

    @property
    def dropped(self) -> tuple[str, ...]:
        """Names of fields that this request had and the next has not."""
        if self.next is None:
            return ()
        kept = {name.lower() for name in self.next.fields}
        return tuple(name for name in self.request.fields if name.lower() not in kept)

    @property
    def dropped_for_reach(self) -> tuple[str, ...]:
        """Those of them that stay behind because of where it goes, not because the body does."""
        return tuple(name for name in self.dropped if name.lower() in ("authorization", "cookie", "host"))


@dataclass(frozen=True, slots=True)
class Trace:
    """All hops of one client, and why it asked no further."""

    client: Client
    hops: Sequence[Hop]
    end: End

    @property
    def last(self) -> Hop:
        """The hop at which it ended."""
        return self.hops[-1]

    @property
    def redirects(self) -> int:
        """How often it was sent on; HSTS is no redirect."""
        return self.last.request.redirect_count


def trace(
    client: Client,
    request: Request,
    asker: Asks,
    *,
    max_redirects: int | None = None,
    preload_list: PreloadList | None = None,
) -> Trace:
    """Follow `request` as `client` does; nothing is raised for what servers answer or networks do."""
    hops: list[Hop] = []
    known = KnownHosts(preload_list)
    asked: dict[object, int] = {}
    current = first_request(client, request)
    while True:
        upgrade = known.upgrade(current.url) if client.upgrades else None
        if upgrade is not None:
            secure = replace(current, url=upgrade.url)
            hops.append(_not_asked(current, secure, upgrade.known_from))
            current = secure
        key = (urls.without_fragment(current.url), current.method, current.headers, current.body, asker.cookies())
        if key in asked:
            return Trace(client, hops, _loop(client, asked[key], max_redirects))
        asked[key] = len(hops) + 1
        hop, end = _hop(client, current, asker.ask(current), max_redirects)
        hops.append(hop)
        if hop.answered is not None:
            policies = hop.answered.values("Strict-Transport-Security")
            known.learn(current.url, policies, trusted=hop.answered.certificate_error is None)
        if end is not None or hop.next is None:
            return Trace(client, hops, end or End("answer", ""))
        current = hop.next


def _not_asked(request: Request, secure: Request, known_from: str) -> Hop:
    return Hop(
        request=request, answered=None, location=None, lead=None, mechanism="hsts", next=secure, known_from=known_from
    )


def _hop(client: Client, request: Request, answered: Answered, max_redirects: int | None) -> tuple[Hop, End | None]:
    if answered.status is None:
        hop = Hop(request=request, answered=answered, location=None, lead=None, mechanism=None, next=None)
        return hop, End("failed", failure_sentence(answered, request.url))
    values = answered.values("Location")
    location = client_location(client, values, request.url) if values else None
    moves = answered.status in client.follows and location is not None
    lead = None if moves or request.method == "HEAD" else lead_of(answered, request.url)
    refresh = lead.url if lead is not None and lead.mechanism != "javascript" else None
    following = next_request(client, request, answered.status, values, refresh, max_redirects=max_redirects)
    goes_on = isinstance(following, Request)
    mechanism: HopMechanism | None = None
    if goes_on:
        mechanism = "location" if moves or lead is None or lead.mechanism == "javascript" else lead.mechanism
    hop = Hop(
        request=request,
        answered=answered,
        location=location,
        lead=lead,
        mechanism=mechanism,
        next=following if isinstance(following, Request) else None,
    )
    if isinstance(following, Request):
        return hop, None
    if answered.error is not None:
        return hop, End("failed", failure_sentence(answered, request.url))
    return hop, following


def _loop(client: Client, number: int, max_redirects: int | None) -> End:
    limit = client.max_redirects if max_redirects is None else max_redirects
    return End(
        "loop",
        f"A loop: it asks again what hop {number} asked; {client.subject} stops after {limit} redirects ({client.gives_up}).",
    )


class Remembering:
    """Asks on behalf of several clients one after another: what a client without cookies sends as one before it did is not sent again.

    So that clients which go the same way see the same answers, and a server gets a POST no oftener than need be. `answers` is shared.
    """

    def __init__(self, asker: Asks, answers: dict[object, Answered], *, jar: bool) -> None:
        self._asker, self._answers, self._jar = asker, answers, jar

    def cookies(self) -> frozenset[str]:
        """Those of the one who asks."""
        return self._asker.cookies()

    def ask(self, request: Request) -> Answered:
        """The answer, remembered or new."""
        key = (urls.without_fragment(request.url), request.method, request.headers, request.body)
        if not self._jar and key in self._answers:
            return self._answers[key]
        plain = not self.cookies()
        answered = self._asker.ask(request)
        if plain:
            self._answers[key] = answered
        return answered
