"""Where a crawl stands, for whoever watches it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from seoaudit.crawl.frontier import Frontier
    from seoaudit.crawl.tally import Tally

_WINDOW_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts of URLs so far.

    `rate` in URLs a second over the last half minute, `seconds_left` by that rate (None: not known); `growing`: more wait than
    half a minute ago, so it takes longer; `slowed`: the hosts that are asked more slowly than they might be; `resumed`: rows
    of an earlier part of the run.
    """

    done: int
    known: int
    waiting: int
    redirects: int
    errors: int
    rate: float
    seconds_left: float | None
    growing: bool = False
    slowed: tuple[str, ...] = ()
    resumed: int = 0


class Watcher(Protocol):
    """Whoever watches an audit; every call is quick."""

    def note(self, text: str) -> None:
        """One line that the person who audits should know now."""

    def progress(self, progress: Progress) -> None:
        """Where the crawl stands, once a second."""

    def stage(self, text: str) -> None:
        """What is done now, where it is no crawling."""

    def signal(self, number: int) -> None:
        """The person, or the system, asked to stop, for the first or a later time."""


@dataclass(slots=True)
class Trend:
    """What was done and what waited when, over the last half minute. `resumed` rows are of an earlier part of the run."""

    resumed: int = 0
    _samples: deque[tuple[float, int, int]] = field(default_factory=deque)

    def progress(self, tally: Tally, frontier: Frontier, now: float) -> Progress:
        """Where the crawl stands at `now` (seconds)."""
        waiting = frontier.waiting
        self._samples.append((now, tally.rows, waiting))
        while self._samples[0][0] < now - _WINDOW_S:
            self._samples.popleft()
        began, before, waited = self._samples[0]
        rate = (tally.rows - before) / (now - began) if now > began else 0.0
        return Progress(
            done=tally.rows,
            known=len(frontier.known),
            waiting=waiting,
            redirects=tally.redirects,
            errors=tally.errors.total(),
            rate=rate,
            seconds_left=waiting / rate if rate else None,
            growing=waiting > waited,
            slowed=tuple(sorted(pace.host for pace in frontier.lanes.paces.values() if pace.slowed)),
            resumed=self.resumed,
        )
