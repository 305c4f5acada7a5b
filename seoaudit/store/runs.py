"""The runs of one site, side by side: which one can go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from seoaudit.store.folder import RunFolder, RunInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def runs_of(site: Path) -> Iterator[tuple[RunFolder, RunInfo]]:
    """The runs below a site's folder whose run.json can be read, newest first."""
    names = sorted((path.name for path in site.iterdir() if path.is_dir()), reverse=True) if site.is_dir() else []
    for name in names:
        folder = RunFolder(site / name)
        try:
            yield folder, folder.read_info()
        except (OSError, ValidationError):  # no run, or one that was killed before it began
            continue


def can_go_on(info: RunInfo) -> bool:
    """Whether something is left to ask: the run was stopped, killed, or reached max_urls."""
    return info.state in ("running", "unfinished") or (info.state == "finished" and info.urls_left > 0)


def newest_unfinished(site: Path) -> tuple[RunFolder, RunInfo] | None:
    """The newest run that was stopped or killed and that no process works on."""
    for folder, info in runs_of(site):
        if info.state in ("running", "unfinished") and folder.journal.is_file() and not folder.in_use:
            return folder, info
    return None


_SCOPE = ("urls", "max_urls", "max_depth", "subdomains", "include", "exclude", "external", "assets", "robots", "probes")
"""Arguments on which the number of URLs depends."""


def last_alike(folder: RunFolder, info: RunInfo) -> tuple[RunFolder, RunInfo] | None:
    """The newest earlier run of the site that is finished and was asked to see as much; None where there is none."""
    for earlier, before in runs_of(folder.path.parent):
        if earlier.path.name < folder.path.name and before.state == "finished" and _scope(before) == _scope(info):
            return earlier, before
    return None


def _scope(info: RunInfo) -> list[object]:
    return [info.start, info.listed_urls, *(info.arguments.get(name) for name in _SCOPE)]
