"""The second pass: chains that looped or failed are walked once more, in one go, each with a cookie jar of its own."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.cookies import CookieJar

from seoaudit import urls
from seoaudit.records import MAX_REDIRECTS, REDIRECT_STATUSES
from seoaudit.store.journal import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response as ScrapyResponse

    from seoaudit.records import Outcome, Response

MAX_WALKS = 200
"""Chains walked again in one audit; ends that fail for one cause fail alike."""

WALKS_AT_ONCE = 2
"""The second pass asks what just failed: a server in trouble is asked gently."""


@dataclass(slots=True)
class Graph:
    """The redirects seen so far, and the URLs that gave no good answer: as much of the rows as the second pass needs."""

    edges: dict[str, str] = field(default_factory=dict)
    failed: dict[str, int | None] = field(default_factory=dict)

    def add(self, row: Response) -> None:
        """Take one row in."""
        target = _target(row)
        if target is not None:
            self.edges[row.url] = target
        elif row.error not in (None, "robots") or (row.status is not None and row.status >= 400):
            self.failed[row.url] = row.status

    def entries(self) -> list[str]:
        """One redirecting URL for each loop and each failed end, in the order found."""
        ends: dict[str, str] = {}
        memo: dict[str, str] = {}
        for url in self.edges:
            end = self._end(url, memo)
            if end in self.failed or end in self.edges:
                ends.setdefault(end, url)
        return list(ends.values())

    def _end(self, url: str, memo: dict[str, str]) -> str:
        """Where the redirects from `url` end; for a loop, the URL where it was first entered."""
        path: dict[str, None] = {}
        current = url
        while current in self.edges and current not in memo and current not in path:
            path[current] = None
            current = self.edges[current]
        end = memo.get(current, current)
        memo.update(dict.fromkeys(path, end))
        return end


def _target(row: Response) -> str | None:
    """Where a client without scripts goes next; a page that only loads itself again goes nowhere."""
    if row.mechanism is None or row.mechanism == "javascript" or row.location_url is None:
        return None
    target = urls.without_fragment(row.location_url)
    return None if target == row.url and row.mechanism != "location" else target


@dataclass(slots=True)
class Walker:
    """One walk: where it is, what it has seen, and its cookies. `url` is the next to ask, `number` tells walks apart."""

    requested_url: str
    number: int = 0
    url: str = ""
    url_list: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    jar: CookieJar = field(default_factory=CookieJar)
    cookie_names: Counter[str] = field(default_factory=Counter)
    states: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.url = self.requested_url

    def headers(self) -> list[tuple[str, str]]:
        """The Cookie header for the next request, if the jar has one for it."""
        request = Request(self.url, meta={"verbatim_url": True})
        self.jar.add_cookie_header(request)
        cookie = request.headers.get("Cookie")
        return [("Cookie", cookie.decode("latin-1"))] if cookie else []

    def step(self, row: Response, response: ScrapyResponse | None) -> Outcome | None:
        """Take one answer in; the outcome once the walk has ended, else None: then `url` is the next to ask."""
        self.url_list.append(row.url)
        if row.status is not None:
            self.statuses.append(row.status)
        state = (row.url, tuple(sorted(self._cookies())))
        if response is not None:
            self.jar.extract_cookies(response, Request(row.url, meta={"verbatim_url": True}))
            self.cookie_names.update(filter(None, (row.set_cookie_names or "").split(", ")))
        target = _target(row)
        if target is None:
            return _outcome(row)
        if state in self.states:
            return "loop"
        self.states.add(state)
        if len(self.url_list) > MAX_REDIRECTS:
            return "too-many"
        self.url = target
        return None

    def result(self, row: Response, outcome: Outcome) -> Walk:
        """The walk's row; a target that was not to be asked (`external`, `robots`) is its end."""
        unasked = outcome in ("external", "robots")
        url_list = [*self.url_list, self.url] if unasked else self.url_list
        return Walk(
            requested_url=self.requested_url,
            url_list=url_list,
            statuses=self.statuses,
            redirect_count=len(url_list) - 1,
            final_url=url_list[-1],
            final_status=None if unasked else row.status,
            error=None if unasked else row.error,
            outcome=outcome,
            cookie_names=", ".join(self.cookie_names) or None,
            walked_at=time.time(),
        )

    def _cookies(self) -> Iterator[str]:
        for cookie in self.jar:
            yield f"{cookie.domain} {cookie.path} {cookie.name}={cookie.value}"


def _outcome(row: Response) -> Outcome:
    if row.status is None:
        return "unreachable"
    if row.status >= 500:
        return "server-error"
    if row.status >= 400:
        return "client-error"
    return "invalid-location" if row.status in REDIRECT_STATUSES and row.mechanism is None else "ok"


@dataclass(slots=True)
class SecondPass:
    """Which chains are walked again, and when; `left_out` were too many, `walked` were walked in an earlier part of the run."""

    graph: Graph
    walked: set[str] = field(default_factory=set)
    begun: bool = False
    left_out: int = 0
    _begun_walks: int = 0
    _entries: deque[str] = field(default_factory=deque)

    def begin(self) -> list[Walker]:
        """The first walks, to be done at once."""
        self.begun = True
        entries = self.graph.entries()
        self.left_out = max(0, len(entries) - MAX_WALKS)
        self._entries.extend(url for url in entries[:MAX_WALKS] if url not in self.walked)
        return [walker for _ in range(WALKS_AT_ONCE) for walker in self.next()]

    def next(self) -> list[Walker]:
        """The walk to do after one that has ended; none when all are done."""
        if not self._entries:
            return []
        self._begun_walks += 1
        return [Walker(self._entries.popleft(), self._begun_walks)]
