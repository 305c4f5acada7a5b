"""Old runs are deleted only where somebody asked for it; the site's ledger and its schedule stay."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from pydantic import ValidationError

from seoaudit.store.folder import InUse, RunFolder

if TYPE_CHECKING:
    from pathlib import Path

_RUN = re.compile(r"[0-9]{8}T[0-9]{6}Z(-[0-9]+)?")
_LEFT = ".deleting-"


def outdated(site: Path, keep: int) -> list[Path]:
    """The run folders of a site that are older than its `keep` newest finished runs, oldest first.

    An unfinished run that is newer than those stays, as does anything that does not look like a run.
    """
    names = sorted((path.name for path in site.iterdir() if path.is_dir() and _RUN.fullmatch(path.name)), key=_order)
    finished = [name for name in names if _is_finished(RunFolder(site / name))]
    if len(finished) <= keep:
        return []
    return [site / name for name in names[: names.index(finished[-keep])]]


def prune(site: Path, keep: int, *, dry_run: bool = False) -> list[Path]:
    """Delete what is outdated, unless a process works in it; returns what was, or with `dry_run` would be, deleted. Raises OSError."""
    if not site.is_dir():
        return []
    if not dry_run:
        for path in site.glob(f"{_LEFT}*"):  # a deletion that was interrupted
            shutil.rmtree(path)
    return [path for path in outdated(site, keep) if _delete(path, dry_run=dry_run)]


def _delete(path: Path, *, dry_run: bool) -> bool:
    folder = RunFolder(path)
    if dry_run:
        return not folder.in_use
    try:
        with folder.claimed():  # in one step, so that half a run is never taken for a run
            gone = path.rename(path.with_name(f"{_LEFT}{path.name}"))
            shutil.rmtree(gone)
    except InUse:
        return False
    return True


def _order(name: str) -> tuple[str, int]:
    """Runs of one second are counted: `-10` is later than `-9`."""
    started, _, number = name.partition("-")
    return started, int(number or 1)


def _is_finished(folder: RunFolder) -> bool:
    try:
        return folder.read_info().state == "finished"
    except (OSError, ValidationError):  # deleted in part, or never begun
        return False
