"""What a table of sightings says of each answer: since when it stands, how often it was missed, what stood before it.

A sighting is one run that asked a URL and got this answer. Where a run got another answer of the same URL, this one was
missed; where a run did not ask, or got none, nothing is known. Numpy alone, one step a run over all answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Codes = NDArray[np.int64]

WEEK = 7 * 86_400_000_000
"""Microseconds."""

ROTATION_RUNS = 12
"""So many of the last runs tell whether targets rotate: a quarter of weekly runs; older changes are over."""

ROTATION_RETURNS = 2
"""So often an earlier target must have come back: once is a change that somebody took back."""


class Sightings(NamedTuple):
    """One entry an answer; runs by their number, -1 where there is none.

    `first`, `last`: runs that saw it; `total`: how many did; `missed`: finished runs since the first that got another
    answer. A streak ends where a finished run gets another answer: `since` is the run that began the last one, `streak` its
    sightings (0 once it ended), `weeks` the different weeks of it with a sighting, `longest` the sightings of the longest.
    `before`: the answer that was seen last before `since`. `rotating`: the URL alternates among answers of one kind.
    """

    first: Codes
    last: Codes
    total: Codes
    missed: Codes
    since: Codes
    streak: Codes
    weeks: Codes
    longest: Codes
    before: Codes
    rotating: Flags


def told_by(seen: Flags, url: Codes, kind: Codes, started: Codes, finished: Flags) -> Sightings:
    """What the sightings tell.

    `seen`: a row a run in order of start, a column an answer; of the answers of one URL a run sees one at most. `url`,
    `kind`: numbers from 0, of an answer's URL, and of its mechanism and status (-1 for an answer that does not redirect).
    `started`: the start of each run in microseconds; `finished`: whether the run may end a streak.
    """
    runs, answers = seen.shape
    urls = int(url.max()) + 1 if answers else 0
    none, zero = np.full(answers, -1, np.int64), np.zeros(answers, np.int64)
    first, last, since, before, week = (none.copy() for _ in range(5))
    total, missed, streak, weeks, longest = (zero.copy() for _ in range(5))
    latest = np.full(urls, -1, np.int64)
    for run in range(runs):
        rows = np.flatnonzero(seen[run])
        if finished[run]:
            asked = np.zeros(urls, np.bool_)
            asked[url[rows]] = True
            gone = asked[url] & ~seen[run] & (first >= 0)
            missed += gone
            streak[gone] = 0
        new = rows[streak[rows] == 0]
        since[new], before[new], weeks[new], week[new] = run, latest[url[new]], 0, -1
        first[rows] = np.where(first[rows] < 0, run, first[rows])
        last[rows] = run
        total[rows] += 1
        streak[rows] += 1
        longest[rows] = np.maximum(longest[rows], streak[rows])
        now = _weeks(started[run] - started[since[rows]])
        weeks[rows] += now != week[rows]
        week[rows] = now
        latest[url[rows]] = rows
    rotating = _rotating(seen[-ROTATION_RUNS:], url, kind, urls)
    return Sightings(first, last, total, missed, since, streak, weeks, longest, before, rotating)


def _weeks(spans: Codes) -> Codes:
    """Whole weeks, to the nearest: a weekly run may begin a minute early."""
    return (spans + WEEK // 2) // WEEK


def _rotating(seen: Flags, url: Codes, kind: Codes, urls: int) -> Flags:
    """Answers of URLs that go to and fro among targets, with one mechanism and status."""
    latest, switches = np.full(urls, -1, np.int64), np.zeros(urls, np.int64)
    for run in seen:
        rows = np.flatnonzero(run)
        known = latest[url[rows]]
        switches[url[rows]] += (known >= 0) & (known != rows)
        latest[url[rows]] = rows
    lately = np.flatnonzero(seen.any(axis=0))
    targets = np.bincount(url[lately], minlength=urls)
    lowest, highest = np.full(urls, np.iinfo(np.int64).max), np.full(urls, -1, np.int64)
    np.minimum.at(lowest, url[lately], kind[lately])
    np.maximum.at(highest, url[lately], kind[lately])
    alike = (lowest == highest) & (lowest >= 0)
    back = switches - (targets - 1) >= ROTATION_RETURNS
    found = np.zeros(len(url), np.bool_)
    found[lately] = (alike & back)[url[lately]]
    return found
