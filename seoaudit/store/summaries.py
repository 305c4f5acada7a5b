"""The few numbers of each run that a trend is drawn from, kept in run.json."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from seoaudit.records import SEVERITIES
from seoaudit.store.folder import InUse, RunFolder
from seoaudit.store.history import earlier_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seoaudit.store.folder import RunInfo

WEEKS = 52
"""Runs of a trend: a year of weekly ones."""


class Point(NamedTuple):
    """One run of a trend: when it began, and how many findings of each severity and redirects it had (`redirects`)."""

    started_at: str
    numbers: Mapping[str, int]


def summary_of(by_severity: Mapping[str, int], redirects: int) -> dict[str, int]:
    """The numbers of one run: findings by severity, a zero for each without any, and URLs that redirect."""
    return {name: int(by_severity.get(name, 0)) for name in SEVERITIES} | {"redirects": redirects}


def trend(folder: RunFolder, most: int = WEEKS) -> tuple[Point, ...]:
    """The last runs of the site up to this one, oldest first: those that are finished and judged, at most `most`.

    An earlier run from before run.json had these numbers is read once, and gets them. A run that is not finished is left
    out, for its numbers are too small. Empty where this run itself was not judged yet.
    """
    points: list[Point] = []
    this = folder.read_info()
    if not this.summary:
        return ()
    for run, info in _finished(folder):
        if info.site == this.site and (numbers := info.summary or _read_once(run)):
            points.append(Point(info.started_at, numbers))
        if len(points) == most:
            break
    return tuple(reversed(points))


def _finished(folder: RunFolder) -> Iterator[tuple[RunFolder, RunInfo]]:
    for run in (folder, *earlier_runs(folder)):
        try:
            info = run.read_info()
        except (OSError, ValidationError):  # no run, or one that was killed before it began
            continue
        if info.state == "finished":
            yield run, info


def _read_once(run: RunFolder) -> dict[str, int]:
    """The numbers of a run that was judged before they were kept; empty where it has no tables that can be read."""
    try:
        severities = pq.read_table(run.table("findings"), columns=["severity"])["severity"]
        mechanisms = pq.read_table(run.table("responses"), columns=["mechanism"])["mechanism"]
        with run.claimed():
            summary = summary_of(Counter(map(str, severities.to_pylist())), len(mechanisms) - mechanisms.null_count)
            run.write_info(run.read_info().model_copy(update={"summary": summary}))
    except (OSError, pa.ArrowException, ValidationError, InUse):  # a trend is no reason to stop: the run is left out
        return {}
    return summary
