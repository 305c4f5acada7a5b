"""How one run stands: live, stopped, killed or finished; nothing of it is touched."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from seoaudit.config import ConfigError
from seoaudit.run.opening import arguments_of
from seoaudit.store.folder import RunFolder
from seoaudit.store.runs import runs_of

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.config import Arguments
    from seoaudit.crawl.standing import Standing
    from seoaudit.records import Limit
    from seoaudit.store.folder import RunInfo

State = Literal["running", "reporting", "stopped", "finished", "failed"]
"""`reporting`: the crawl is over and its process judges it; `stopped`: by a signal, a kill, or because the site went away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One run; `process` is the number of the one that works on it, `standing` None where there is no journal."""

    folder: RunFolder
    info: RunInfo
    state: State
    process: int | None
    standing: Standing | None

    @property
    def limits(self) -> list[Limit]:
        """What limits the run: as it said itself at its end, before that as far as the journal shows."""
        return self.info.limits if self.info.finished_at or self.standing is None else self.standing.limits


def run_at(path: Path) -> tuple[RunFolder, RunInfo]:
    """The run in a folder, or the newest of a site's folder; raises ConfigError where there is none."""
    folder = RunFolder(path)
    if folder.info_file.is_file():
        try:
            return folder, folder.read_info()
        except (OSError, ValidationError) as error:
            raise ConfigError(f"RUN: {folder.info_file} cannot be read; audit the site again") from error
    newest = next(runs_of(path), None)
    if newest is None:
        raise ConfigError(
            f"RUN: {path} is no run folder (it has no run.json), nor a site's with runs; "
            "give one such as runs/example.com/20261120T103000Z or runs/example.com"
        )
    return newest


def status_of(path: Path) -> Status:
    """How the run in a folder, or the newest of a site's folder, stands; raises ConfigError."""
    folder, _ = run_at(path)
    holder = folder.held_by
    info = folder.read_info()  # after the question who works on it: a run that ends in between is then finished
    state = _state(info, live=holder is not None)
    now = time.time() if state == "running" else None
    return Status(
        folder=folder,
        info=info,
        state=state,
        process=int(holder) if holder and holder.isdigit() else None,
        standing=_standing(folder, arguments_of(info, {}, _UNNEEDED), now) if folder.journal.is_file() else None,
    )


def _standing(folder: RunFolder, arguments: Arguments, now: float | None) -> Standing:
    from seoaudit.crawl.standing import standing  # noqa: PLC0415 - Scrapy is slow to load; a wrong folder is told at once

    try:
        return standing(arguments, folder.journal, now)
    except (OSError, ValueError) as error:
        raise ConfigError(f"RUN: {folder.journal} cannot be read ({error}); audit the site again") from error


def _state(info: RunInfo, *, live: bool) -> State:
    if live:
        return "running" if info.state == "running" else "reporting"
    if info.state in ("finished", "failed"):
        return "finished" if info.state == "finished" else "failed"
    return "stopped"


_UNNEEDED = (
    "ca_file",
    "config",
    "hsts_list",
    "mail_to",
)  # files that may be gone by now, and what needs one, that say nothing about what is known
