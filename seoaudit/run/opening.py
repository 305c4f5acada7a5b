"""The run that an audit works on: a new one, or one that was interrupted."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from seoaudit import urls
from seoaudit.config import Arguments, ConfigError, credentials
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.runs import can_go_on, newest_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Opened = tuple[Arguments, RunFolder, RunInfo]


def open_run(given: Mapping[str, str], note: Callable[[str], None]) -> Opened:
    """The run that `resume` names, with its own arguments and what is given on top; else a new one. Raises ConfigError."""
    if given.get("resume", "").strip().lower() not in ("", "0", "no", "false"):
        return _resumed(given, note)
    arguments = Arguments.read({name: text for name, text in given.items() if name != "resume"})
    _check_mail(arguments)
    before = newest_unfinished(arguments.output / site_name(arguments.start))
    if before is not None:
        note(
            f"{before[0].path} of this site is unfinished; this run starts anew, -a resume=1 would go on with that one"
        )
    return (arguments, *new_run(arguments))


def _resumed(given: Mapping[str, str], note: Callable[[str], None]) -> Opened:
    folder, info = _find(given)
    if not can_go_on(info) or not folder.journal.is_file():
        raise ConfigError(
            f"resume: {folder.path} is {info.state}, nothing of it is left to ask; leave resume out to start anew"
        )
    if "start" in given and Arguments.read({"start": given["start"]}).start != info.start:
        raise ConfigError(f"resume: {folder.path} is an audit of {info.start}; give that start, or leave it out")
    arguments = replace(arguments_of(info, given), output=folder.path.parent.parent)
    _check_mail(arguments)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    note(f"going on with {folder.path}, begun {info.started_at}")
    fresh = RunInfo(
        **info.model_dump(include={"site", "start", "started_at", "listed_urls"}),
        version=installed_version(),
        arguments=dict(arguments.given),
        resumed_at=[*info.resumed_at, now],
    )
    return arguments, folder, fresh


def _check_mail(arguments: Arguments) -> None:
    """Refuse now what would keep the letter from going out when the audit is over; raises ConfigError."""
    if arguments.mail.to:
        credentials(arguments.mail, os.environ)


def arguments_of(info: RunInfo, given: Mapping[str, str], without: Iterable[str] = ()) -> Arguments:
    """The arguments of a run, with what is `given` on top, and the listed URLs as they were; raises ConfigError."""
    merged = {**info.arguments, **given, "start": info.start}
    for name in ("resume", "urls", "output", *without):
        merged.pop(name, None)
    return replace(Arguments.read(merged), urls=tuple(info.listed_urls))


def _find(given: Mapping[str, str]) -> tuple[RunFolder, RunInfo]:
    """The run that `resume` names: by its folder, by its name among the site's runs, or with 1 the newest unfinished one."""
    wanted = given["resume"].strip()
    if (Path(wanted) / "run.json").is_file():
        return _read(RunFolder(Path(wanted)))
    if "start" not in given and "urls" not in given:
        raise ConfigError(
            f"resume: {wanted} is no run folder; name one such as runs/example.com/20261120T103000Z, or give start"
        )
    arguments = Arguments.read({name: text for name, text in given.items() if name != "resume"})
    site = arguments.output / site_name(arguments.start)
    if (site / wanted / "run.json").is_file():
        return _read(RunFolder(site / wanted))
    found = newest_unfinished(site) if wanted.lower() in ("1", "yes", "true") else None
    if found is None:
        what = "unfinished run" if wanted.lower() in ("1", "yes", "true") else f"run {wanted}"
        raise ConfigError(f"resume: there is no {what} in {site}; leave resume out to start anew")
    return found


def _read(folder: RunFolder) -> tuple[RunFolder, RunInfo]:
    try:
        return folder, folder.read_info()
    except (OSError, ValidationError) as error:
        raise ConfigError(f"resume: {folder.info_file} cannot be read; leave resume out to start anew") from error


def new_run(arguments: Arguments) -> tuple[RunFolder, RunInfo]:
    """Make the folder of a run that starts now; two that start at once get one each."""
    started = datetime.now(UTC)
    site = site_name(arguments.start)
    path = _make_folder(arguments.output / site, started.strftime("%Y%m%dT%H%M%SZ"))
    folder = RunFolder(path)
    info = RunInfo(
        site=site,
        start=arguments.start,
        started_at=started.isoformat(timespec="seconds"),
        version=installed_version(),
        arguments=dict(arguments.given),
        listed_urls=list(arguments.urls),
    )
    folder.write_info(info)
    return folder, info


def site_name(start: str) -> str:
    """The folder's name of a site: its host, `_PORT` appended when the start URL names one."""
    parts = urls.split(start)
    host = parts.host.strip("[]").replace(":", "-")  # a colon is no part of a file name on every system
    if parts.host.startswith("["):
        host = f"ipv6-{host}"  # a name that begins with a hyphen reads as an option
    return f"{host}_{parts.port}" if parts.port else host


def _make_folder(site: Path, name: str) -> Path:
    for number in range(1, 1000):
        path = site / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if site.is_dir():
                continue
            raise ConfigError(f"output: {site} is a file, not a folder; choose another folder") from None
        except OSError as error:
            raise ConfigError(
                f"output: cannot write to {site} ({os.strerror(error.errno or 0)}); choose a folder you may write to"
            ) from error
        return path
    raise ConfigError(f"output: {site} holds too many runs of this second; wait a moment")


def installed_version() -> str:
    """The version of the installed package."""
    try:
        return version("seoaudit")
    except PackageNotFoundError:  # a checkout that is not installed
        return "checkout"
