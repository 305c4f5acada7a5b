"""The sites of seoaudit.toml: `[[site]]` entries, each with its arguments and its schedule, and `[schedule]` for what all share."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from seoaudit import urls
from seoaudit.config.arguments import Arguments, argument_names
from seoaudit.config.file import CONFIG_FILE, Config, ConfigError, short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORDS = {"daily": "0 5 * * *", "weekly": "0 5 * * 1", "monthly": "0 5 1 * *"}
"""What may stand for a cron expression."""

PATHS = ("output", "ca_file", "urls", "hsts_list", "config")
"""Arguments that are paths: they are read from the folder of the settings file."""

LISTS = ("connect_to", "mail_to")
"""Arguments that may be written as a list."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One `[[site]]`: what the spider is given, when it is due, and what becomes of its runs.

    `given` holds the arguments as text, paths absolute; `keep` counts runs; `far_fewer` is the share of last time's URLs below
    which a run is not taken for a whole one.
    """

    name: str
    given: Mapping[str, str]
    arguments: Arguments
    schedule: str
    time_zone: ZoneInfo
    keep: int
    delete_old: bool
    fail_on: str | None
    far_fewer: float


@dataclass(frozen=True, kw_only=True)
class Sites:
    """All of them, and how many are audited at a time; `file` is where they stand."""

    file: Path
    sites: tuple[Site, ...]
    at_once: int

    def named(self, name: str) -> Site:
        """The site of this name; raises ConfigError."""
        for site in self.sites:
            if site.name == name:
                return site
        names = [site.name for site in self.sites]
        near = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
        raise ConfigError(f"--site: there is no site {short(name)} in {self.file}; {hint}")


def read_sites(path: Path | None = None) -> Sites:
    """The sites of `path`, or of seoaudit.toml in the working directory.

    Raises ConfigError with one line that names the site and the key, before anything of any site is done.
    """
    file = path or Path(CONFIG_FILE)
    if path is None and not file.exists():
        raise ConfigError(f"config: there is no {file} here; write one with a [[site]] for each site, or give --config")
    config = Config.load(file)
    if not config.site:
        raise ConfigError(f"config: {file} names no site; write [[site]] and start = 'https://example.com' below it")
    with_place = f"config: {file}: "
    shared = _read_all(f"{with_place}schedule", dict(config.schedule), {*OWN, "at_once", *_arguments(shared=True)})
    at_once = shared.pop("at_once", 1)
    sites: list[Site] = []
    for number, entry in enumerate(config.site, 1):
        place = f"{with_place}site {_called(entry, number)}"
        own = _read_all(place, dict(entry), {"name", *OWN, *_arguments(shared=False)})
        sites.append(_site(place, {**shared, **own}, file))
        _check_alone(place, sites)
    return Sites(file=file.absolute(), sites=tuple(sites), at_once=at_once)


def cron(text: Any) -> str:
    """A cron expression of five fields, as Debian's cron reads it; raises ValueError."""
    expression = WORDS.get(text, text) if isinstance(text, str) else ""
    why = _wrong_cron(expression)
    if why:
        raise ValueError(
            f"{short(str(text))!r} is no cron expression ({why}); write minute, hour, day, month and weekday such as "
            f"'0 5 * * 1', or one of {', '.join(WORDS)}"
        )
    return expression


def _wrong_cron(expression: str) -> str:
    """What is wrong with a cron expression; empty where nothing is."""
    if len(expression.split()) != 5:
        return "it has not five fields"
    try:
        next(CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC)))
    except StopIteration:
        return "it never comes"
    except CronSimError as error:
        return str(error)[:1].lower() + str(error)[1:]
    return ""


def _zone(text: Any) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, TypeError, KeyError) as error:  # what ZoneInfo raises for what is no name of a zone
        raise ValueError(f"{short(str(text))!r} is no time zone; write an IANA name such as 'Europe/Berlin'") from error


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{short(str(value))!r} is not a whole number from 1 up")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{short(str(value))!r} is neither true nor false")  # noqa: TRY004 - a wrong value as any other
    return value


def _share(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"{short(str(value))!r} is not a share from 0 to 1, such as 0.5")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(f"{short(str(value))!r} is no name; write text in quotes")
    return value.strip()


OWN: dict[str, Callable[[Any], Any]] = {
    "schedule": cron,
    "time_zone": _zone,
    "keep": _count,
    "delete_old": _flag,
    "fail_on": _text,
    "far_fewer": _share,
}
"""The keys of a site that are no spider arguments, and may stand in `[schedule]`, too."""

_READERS: dict[str, Callable[[Any], Any]] = {**OWN, "name": _text, "at_once": _count}

_DEFAULTS: dict[str, Any] = {
    "schedule": WORDS["weekly"],
    "time_zone": ZoneInfo("UTC"),
    "keep": 104,
    "delete_old": False,
    "fail_on": None,
    "far_fewer": 0.5,
}


def _arguments(*, shared: bool) -> list[str]:
    """The spider arguments that may stand here: an interrupted run is found without `resume`."""
    alone = {"resume", "start", "urls"} if shared else {"resume"}
    return [name for name in argument_names() if name not in alone]


def _read_all(place: str, entry: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """Each value read; raises ConfigError for a key that is not known or a value that cannot be used."""
    values = {}
    for key, value in entry.items():
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), 1)
            hint = f"did you mean {near[0]}?" if near else "the README lists what a site may have"
            raise ConfigError(f"{place}: {short(key)}: there is no such key; {hint}")
        try:
            values[key] = _READERS[key](value) if key in _READERS else _as_given(key, value)
        except ValueError as error:
            raise ConfigError(f"{place}: {key}: {error}") from error
    return values


def _as_given(key: str, value: Any) -> str:
    """A value as -a NAME=VALUE would have it; raises ValueError."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list) and key in LISTS and all(isinstance(one, str) for one in value):
        return ",".join(value)
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"{short(str(value))} cannot be used; write text in quotes or a number")


def _called(entry: Mapping[str, Any], number: int) -> str:
    """What a line about the entry calls it."""
    called = entry.get("name", entry.get("start"))
    return repr(short(called)) if isinstance(called, str) and called else f"{number}"


def _site(place: str, values: dict[str, Any], file: Path) -> Site:
    own = {**_DEFAULTS, **{name: values[name] for name in OWN if name in values}}
    given = {name: text for name, text in values.items() if name not in _READERS}
    given.setdefault("output", "runs")
    given.setdefault("config", file.name)
    try:
        for name in PATHS:
            if name in given:
                given[name] = str(file.absolute().parent / Path(given[name]).expanduser())
        arguments = Arguments.read(given)
    except RuntimeError as error:
        raise ConfigError(f"{place}: {name}: names a home folder that is not there; write the whole path") from error
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from error
    return Site(name=values.get("name") or _host(arguments.start), given=given, arguments=arguments, **own)


def _host(start: str) -> str:
    parts = urls.split(start)
    return f"{parts.host}:{parts.port}" if parts.port else parts.host


def _check_alone(place: str, sites: list[Site]) -> None:
    """Refuse a second site of the same name, or whose runs would lie among those of another."""
    last = sites[-1]
    for site in sites[:-1]:
        if (site.arguments.output, _host(site.arguments.start)) == (last.arguments.output, _host(last.arguments.start)):
            raise ConfigError(
                f"{place}: start: the runs of {short(site.name)!r} are of the same host and in the same folder; "
                "give this one an output of its own"
            )
        if site.name == last.name:
            raise ConfigError(f"{place}: name: {short(last.name)!r} is there twice; give each site a name of its own")
