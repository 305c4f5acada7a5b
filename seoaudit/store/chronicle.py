"""ledger.parquet of a site, kept up to date with its runs, whatever became of the file or of the runs."""

from __future__ import annotations

import os
import platform
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from pydantic import ValidationError

from seoaudit.store.folder import InUse, RunFolder, claimed
from seoaudit.store.folding import RunToFold, fold
from seoaudit.store.ledger import FoldedRun, Ledger
from seoaudit.store.tables import replacing

if TYPE_CHECKING:
    from pathlib import Path

LEDGER_FILE = "ledger.parquet"
BEFORE = "ledger.parquet.before"
"""The ledger as it was before the last change, for the day when the other is cut short."""

_AHEAD = timedelta(days=1)
"""A run that begins so much later than now was made under a wrong clock."""


class Chronicle(NamedTuple):
    """A site's ledger, and a line for each thing that somebody should know of it."""

    ledger: Ledger
    notes: list[str]


def chronicle(site: Path, *, rebuild: bool = False, patient: bool = False) -> Chronicle:
    """The ledger of a site's folder with every run that lies there; the file is written where that changes it.

    A run whose tables changed since is folded anew, and with it all later ones; with `rebuild` all are. What only runs knew
    that were deleted stays. Where another process works on the ledger, raises InUse; `patient`: gives the ledger as it will
    be without writing it, and says so. Raises OSError when the file cannot be written. Notes name runs, not folders: a report is passed on.
    """
    path = site / LEDGER_FILE
    process = f"{os.getpid()} on {platform.node()}"
    try:
        with claimed(site / ".ledger.lock", path, process):
            told, changed, sound = _updated(site, rebuild=rebuild)
            if changed:
                _write(told.ledger, path, keep=sound)
            return told
    except InUse:
        if not patient:
            raise
        told, _, _ = _updated(site, rebuild=rebuild)
        busy = (
            f"{LEDGER_FILE} was in use by another process, and is not written: the next report does, or seoaudit ledger"
        )
        return told._replace(notes=[*told.notes, busy])


def _write(ledger: Ledger, path: Path, *, keep: bool) -> None:
    if keep:
        with replacing(path.with_name(BEFORE)) as beside:
            shutil.copyfile(path, beside)
    ledger.write(path)


def _updated(site: Path, *, rebuild: bool) -> tuple[Chronicle, bool, bool]:
    """The ledger up to date, whether that is news to the file, and whether the file could be read."""
    ledger, notes, sound = _read(site)
    known = {run.name: run for run in ledger.runs}
    there = _runs(site, notes)
    stale = [one for one in there if rebuild or known.get(one.run.name) != one.run]
    if not stale:
        return Chronicle(ledger, notes), not sound and bool(ledger.runs), sound
    oldest = min(min(one.run.order, known.get(one.run.name, one.run).order) for one in stale)
    again = [one for one in there if one.run.order >= oldest or one in stale]
    folded = ledger.without({one.run.name for one in again})

    def passed_over(one: RunToFold, error: Exception) -> None:
        lines = str(error).replace(f"{one.folder.path}{os.sep}", "").splitlines()
        reason = lines[0] if lines else type(error).__name__
        notes.append(
            f"run {one.run.name} is left out of the history: its responses.parquet cannot be read ({reason}); delete that "
            "file, and seoaudit report makes it again from journal.jsonl"
        )

    folded = fold(folded, again, passed_over)
    there_now = {run.name for run in folded.runs}
    notes += _clocks([one.run for one in stale if one.run.name in there_now - known.keys()], known)
    missing = {one.run.name for one in again} - there_now
    if missing & known.keys():  # what was folded of a run before it was damaged is better than nothing
        folded = folded.taking(ledger, missing & known.keys())
    return Chronicle(folded, notes), True, sound


def _read(site: Path) -> tuple[Ledger, list[str], bool]:
    """The ledger as it lies there or as it was before, what is to be said of that, and whether it is the former."""
    path, before = site / LEDGER_FILE, site / BEFORE
    try:
        return Ledger.read(path), [], True
    except PermissionError:  # it may be whole
        raise
    except FileNotFoundError:
        damage = f"{LEDGER_FILE} was missing"
        if not before.exists():
            return Ledger(), [], False
    except (OSError, ValueError, pa.ArrowException):
        damage = f"{LEDGER_FILE} was damaged"
    try:
        ledger = Ledger.read(before)
    except (OSError, ValueError, pa.ArrowException):
        lost = "what only deleted runs knew is lost"
        return Ledger(), [f"{damage}, and so is {BEFORE}: it is made anew from the runs that are there; {lost}"], False
    lost = "what only a run knew that was folded last and then deleted is lost"
    return ledger, [f"{damage}: it is made anew from {BEFORE} and the runs that are there; {lost}"], False


def _runs(site: Path, notes: list[str]) -> list[RunToFold]:
    """The runs of the site that have tables, in order of start."""
    found = []
    for path in sorted(site.iterdir()):
        if not path.is_dir() or path.name.startswith("."):
            continue
        folder = RunFolder(path)
        try:
            if (one := _run(folder, site.name)) is not None:
                found.append(one)
        except _Half as half:
            notes.append(f"run {path.name} is left out of the history: {half}")
    return sorted(found, key=lambda one: one.run.order)


class _Half(Exception):  # noqa: N818 - a state of the folder, not a fault
    """A folder that is not, or no longer, a whole run."""


def _run(folder: RunFolder, site: str) -> RunToFold | None:
    table = folder.table("responses")
    something = table.is_file() or folder.journal.is_file()
    try:
        info = folder.read_info()
    except (OSError, ValidationError):
        if something:
            raise _Half("its run.json cannot be read; bring it back, or delete the folder") from None
        return None
    if info.site != site:
        raise _Half(f"it is an audit of {info.site}; move it to that site's folder")
    if not table.is_file():
        if folder.in_use or info.state == "running":
            return None  # it has not come so far
        mend = "seoaudit report makes them again" if folder.journal.is_file() else "delete the rest of it"
        raise _Half(f"its tables are gone; {mend}")
    there = table.stat()
    run = FoldedRun(info.started_at, folder.path.name, info.state, f"{there.st_size} {there.st_mtime_ns}")
    try:
        _ = run.order
    except ValueError:
        raise _Half(f"its start {info.started_at!r} is no time; mend started_at in run.json") from None
    return RunToFold(folder, run)


def _clocks(new: list[FoldedRun], known: dict[str, FoldedRun]) -> list[str]:
    """What is odd about the starts of runs that are new."""
    latest = max(known.values(), key=lambda run: run.order, default=None)
    limit = datetime.now(UTC) + _AHEAD
    notes = [
        f"run {run.name} began {run.started_at}, in the future: the clock was wrong; correct started_at in its run.json"
        for run in new
        if run.start > limit
    ]
    early = [run for run in new if latest and run.order < latest.order]
    if early and latest:
        notes.append(
            f"run {early[0].name} began before {latest.name}, which was folded earlier (a clock that was set, or a run from "
            "elsewhere): runs count in order of their start"
        )
    return notes
