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

    `rate` in URLs a second over the last half minute, `seconds_left` by that rate (None: not known); `slowed`: the hosts that
    are asked more slowly than they might be; `resumed`: rows of an earlier part of the run.
    """

    done: int
    known: int
    waiting: int
    redirects: int
    errors: int
    rate: float
    seconds_left: float | None
    slowed: tuple[str, ...]
    resumed: int = 0


class Watcher(Protocol):
    """Whoever watches an audit; every call is quick."""

    def note(self, text: str) -> None:
        """One line that the person who audits should know now."""

    def progress(self, progress: Progress) -> None:
        """Where the crawl stands, once a second."""

    def signal(self, number: int) -> None:
        """The person, or the system, asked to stop, for the first or a later time."""


@dataclass(slots=True)
class Trend:
    """What was done when, over the last half minute. `resumed` rows are of an earlier part of the run."""

    resumed: int = 0
    _samples: deque[tuple[float, int]] = field(default_factory=deque)

    def progress(self, tally: Tally, frontier: Frontier, now: float) -> Progress:
        """Where the crawl stands at `now` (seconds)."""
        self._samples.append((now, tally.rows))
        while self._samples[0][0] < now - _WINDOW_S:
            self._samples.popleft()
        began, before = self._samples[0]
        rate = (tally.rows - before) / (now - began) if now > began else 0.0
        waiting = frontier.waiting
        return Progress(
            done=tally.rows,
            known=len(frontier.known),
            waiting=waiting,
            redirects=tally.redirects,
            errors=tally.errors.total(),
            rate=rate,
            seconds_left=waiting / rate if rate else None,
            slowed=tuple(sorted(pace.host for pace in frontier.lanes.paces.values() if pace.slowed)),
            resumed=self.resumed,
        )
