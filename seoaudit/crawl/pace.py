"""How fast one host is asked: as many requests at a time as it bears, and none while it asks for quiet (pure; times in seconds)."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from seoaudit.records import FetchError

MAX_CRAWL_DELAY_S = 10.0
"""A longer Crawl-delay is not kept: at 10 s, ten thousand URLs take 28 hours. The report says so."""

MAX_RETRY_AFTER_S = 300.0
"""A longer Retry-After (RFC 9110, 10.2.3) is not waited for; the URL's row says what was answered."""

MAX_BACKOFF_S = 8.0
"""The longest pause where the host does not say how long."""

REFUSALS = frozenset({429, 503})
"""Answers by which a host asks for less (RFC 6585, 4; RFC 9110, 15.6.4)."""

_SLOWER = 3.0
_SLOWER_BY_S = 0.3
"""Latency counts as risen when it is this many times, and this much more than, the best so far."""

_MEMORY = 0.2
"""The weight of the newest latency in the mean."""


class Reply(NamedTuple):
    """What politeness must know of one answer. `latency` and `retry_after` in seconds; `connected` is False where nobody listened."""

    status: int | None
    error: FetchError | None = None
    latency: float | None = None
    retry_after: float | None = None
    connected: bool = True
    detail: str | None = None

    @property
    def is_failure(self) -> bool:
        """Whether the network gave no answer."""
        return self.status is None and self.error in ("dns", "connect", "timeout", "reset")


def backoff(times: int, *, hurried: bool) -> float:
    """Seconds to wait before asking again what failed `times` times before; a host of one's own need not be spared."""
    return min(MAX_BACKOFF_S, 2.0 ** min(times, 10)) * (0.02 if hurried else 1.0)


@dataclass(slots=True)
class Pace:
    """The pace of one host: one request more a round of good answers, half as many after trouble (as TCP does, RFC 5681).

    `most` requests at a time at best, `allowed` now; `interval` between two starts as rate or Crawl-delay want it; `spacing`
    as the host's own refusals taught it; `hurried`: a host of one's own, whose latency is nobody's worry. `reasons` counts
    what slowed it, `waited` the seconds of pauses, `slowest` the fewest requests at a time.
    """

    host: str
    most: int = 8
    interval: float = 0.0
    hurried: bool = False
    in_flight: int = 0
    allowed: float = 0.0
    spacing: float = 0.0
    next_at: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0
    slowest: int = 0
    _refusals: int = 0
    _reacted_at: float = -1.0
    _latency: float | None = None
    _best_latency: float | None = None

    def __post_init__(self) -> None:
        self.allowed = float(self.most)
        self.slowest = self.most

    @property
    def full(self) -> bool:
        """Whether one more request would be one too many."""
        return self.in_flight >= max(1, int(self.allowed))

    @property
    def slowed(self) -> bool:
        """Whether it is slower now than it may be."""
        return int(self.allowed) < self.most or self.spacing > self.interval

    @property
    def was_slowed(self) -> bool:
        """Whether it cost time that is worth a word."""
        return self.waited >= 1 or self.reasons.total() >= 10

    def account(self) -> str:
        """What slowed it and how far, in one sentence."""
        causes = ", ".join(f"{count:,} {reason}" for reason, count in self.reasons.most_common())
        waited = f", with pauses of {self.waited:,.0f} s in all" if self.waited >= 1 else ""
        return f"{self.host} was asked {self.slowest} at a time at the slowest{waited}, after {causes}"

    def begin(self, now: float) -> None:
        """One request goes out."""
        self.in_flight += 1
        self.next_at = max(self.next_at, now + max(self.interval, self.spacing))

    def end(self, reply: Reply, began: float, now: float, *, again: bool = False) -> None:
        """Its answer came, or none. What fails `again` says more of its URL than of the host."""
        self.in_flight -= 1
        if reply.is_failure:
            self._slow_down(_FAILURES[reply.error], began, now, again=again)
        elif reply.status in REFUSALS:
            self._refused(reply, began, now, again=again)
        else:
            self._refusals = 0
            self.spacing = 0.0 if self.spacing < 0.005 else self.spacing * 0.98
            if self._latency_rose(reply.latency):
                self._slow_down("answers that took longer and longer", began, now)
            else:
                self.allowed = min(float(self.most), self.allowed + 1 / self.allowed)

    def _refused(self, reply: Reply, began: float, now: float, *, again: bool) -> None:
        reacted = self._slow_down(f"answers {reply.status}", began, now, again=again)
        if reply.retry_after is not None:
            self._pause(min(reply.retry_after, MAX_RETRY_AFTER_S), now)
        elif reacted:
            self._pause(backoff(self._refusals, hurried=self.hurried), now)
        if reacted:
            self._refusals += 1
            least = 0.01 if self.hurried else 0.1
            self.spacing = min(MAX_BACKOFF_S, max(2 * self.spacing, reply.latency or 0.0, least))

    def _slow_down(self, reason: str, began: float, now: float, *, again: bool = False) -> bool:
        """Halve, once for all the requests that were on their way when the trouble began; whether it did."""
        self.reasons[reason] += 1
        if again or began <= self._reacted_at:
            return False
        self._reacted_at = now
        self.allowed = max(1.0, self.allowed / 2)
        self.slowest = min(self.slowest, int(self.allowed))
        return True

    def _pause(self, seconds: float, now: float) -> None:
        if now + seconds > self.next_at:
            self.waited += now + seconds - max(now, self.next_at)
            self.next_at = now + seconds

    def _latency_rose(self, latency: float | None) -> bool:
        if latency is None or self.hurried:
            return False
        mean = latency if self._latency is None else (1 - _MEMORY) * self._latency + _MEMORY * latency
        best = mean if self._best_latency is None else min(mean, self._best_latency)
        self._latency, self._best_latency = mean, best
        return mean > _SLOWER * best and mean > best + _SLOWER_BY_S


_FAILURES: dict[FetchError | None, str] = {
    "dns": "failed name look-ups",
    "connect": "refused connections",
    "timeout": "timeouts",
    "reset": "broken connections",
}


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its name or address (RFC 6761, 6.3; RFC 6890, 2.2.2)."""
    name = host.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
