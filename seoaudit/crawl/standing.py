"""Where a crawl stands by its journal alone: for whoever looks on from another process. Nothing is written to the run."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.crawl.knowledge import Knowledge
from seoaudit.crawl.spool import Spool

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.config import Arguments
    from seoaudit.records import Limit

LAST_S = 300.0
"""The last minutes, over which the present rate is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Counts of URLs so far.

    `errors` by kind; `last_at` when the newest answer came, in seconds since the epoch; `a_minute` the URLs a minute over the
    last minutes (None: too few to tell); `limits` as far as the journal shows them.
    """

    done: int
    waiting: int
    known: int
    redirects: int
    errors: dict[str, int]
    last_at: float | None
    a_minute: float | None
    limits: list[Limit]


def standing(arguments: Arguments, journal: Path, now: float | None = None) -> Standing:
    """Read a journal, which may be growing; raises OSError.

    The rate is that of the minutes before `now` (seconds since the epoch), without it before the last answer.
    """
    with Spool() as spool:
        knowledge = Knowledge(arguments, spool)
        recent: deque[float] = deque()
        for row in knowledge.replay(journal):
            if row.fetched_at is not None:
                recent.append(row.fetched_at)
                while recent[0] < row.fetched_at - LAST_S:
                    recent.popleft()
        frontier, tally = knowledge.frontier, knowledge.tally
        last = max(recent, default=None)
        return Standing(
            done=tally.rows,
            waiting=frontier.waiting,
            known=len(frontier.known),
            redirects=tally.redirects,
            errors=dict(tally.errors.most_common()),
            last_at=last,
            a_minute=None if last is None else _a_minute(recent, now or last),
            limits=[*frontier.limits(), *knowledge.notes],
        )


def _a_minute(times: deque[float], end: float) -> float | None:
    last = [time for time in times if time >= end - LAST_S]
    took = end - min(last, default=end)
    return 60 * len(last) / took if took >= 1 else None
