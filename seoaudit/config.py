"""What the person who audits sets: thresholds from seoaudit.toml, and the spider's arguments, read and checked once."""

from __future__ import annotations

import difflib
import re
import ssl
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from seoaudit import urls as url_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIG_FILE = "seoaudit.toml"


class ConfigError(Exception):
    """A value that cannot be used; the text is one line that names the argument and the mend."""


class Thresholds(BaseModel):
    """Where a rule starts to speak; the defaults' sources stand in docs/rules.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chain_low: Annotated[int, Field(ge=1)] = 2
    chain_medium: Annotated[int, Field(ge=1)] = 3
    chain_high: Annotated[int, Field(ge=1)] = 5
    chain_critical: Annotated[int, Field(ge=1)] = 10
    slow_hop_ms: Annotated[float, Field(gt=0)] = 500
    slow_chain_ms: Annotated[float, Field(gt=0)] = 1000
    chain_hosts: Annotated[int, Field(ge=2)] = 3
    funnel_sources: Annotated[int, Field(ge=2)] = 10
    funnel_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    sitewide_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    temporary_max_age_s: Annotated[int, Field(ge=0)] = 86400
    allowed_domains: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        steps = (self.chain_low, self.chain_medium, self.chain_high, self.chain_critical)
        if list(steps) != sorted(steps):
            raise ValueError(f"chain_low, chain_medium, chain_high and chain_critical must not fall: {steps}")
        return self


class Config(BaseModel):
    """The whole of seoaudit.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    thresholds: Thresholds = Thresholds()

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read `path`, or seoaudit.toml of the working directory if it is there; raises ConfigError with one line."""
        file = path or Path(CONFIG_FILE)
        if path is None and not file.exists():
            return cls()
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except OSError as error:
            raise ConfigError(
                f"config: cannot read {file} ({error.strerror}); give the path of a readable file"
            ) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"config: {file} is not UTF-8 text; save it as UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"config: {file} is not valid TOML: {error}; mend that line") from error
        except ValidationError as error:
            raise ConfigError(f"config: {file}: {_complaint(error)}") from error


def _complaint(error: ValidationError) -> str:
    """The first thing that is wrong with a settings file, and the mend."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        near = difflib.get_close_matches(name, [*Config.model_fields, *Thresholds.model_fields], 1)
        return f"{where}: there is no such setting; {f'did you mean {near[0]}?' if near else 'the README lists them'}"
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    return f"{where}: {first['msg'].lower()}, not {_short(str(first['input']))}; the README lists the settings"


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The spider's arguments, read and checked; the README lists them."""

    start: str
    output: Path = Path("runs")
    connect_to: tuple[str, ...] = ()
    ca_file: Path | None = None
    insecure: bool = False
    robots: Literal["obey", "ignore"] = "obey"
    user_agent: str | None = None
    max_urls: int | None = None
    max_depth: int | None = None
    subdomains: bool = False
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    external: Literal["redirects", "links", "none"] = "redirects"
    assets: bool = False
    urls: tuple[str, ...] = ()
    concurrency: int = 8
    config: Config = field(default_factory=Config)
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Check every argument; raises ConfigError with one line that names the argument and the mend."""
        names = argument_names()
        for name in given:
            if name not in names:
                near = difflib.get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
                raise ConfigError(f"{name}: there is no such argument; {hint}")
        values: dict[str, Any] = {name: _READERS[name](name, _text(name, text)) for name, text in given.items()}
        values.setdefault("config", Config.load())
        if "start" not in values:
            if "urls" not in values:
                raise ConfigError("start: missing; say which site to audit, for example -a start=https://example.com")
            values["start"] = values["urls"][0]
        return cls(**values, given=dict(given))


def argument_names() -> list[str]:
    """The names that `-a NAME=VALUE` takes."""
    return [f.name for f in fields(Arguments) if f.name != "given"]


def _text(name: str, text: str) -> str:
    if not text.strip():
        raise ConfigError(f"{name}: is empty; give a value, or leave {name} out")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{name}: is not UTF-8 text; write it as UTF-8") from error
    if "\0" in text:
        raise ConfigError(f"{name}: holds a NUL character; leave it out")
    return text


_HOST_FIRST = re.compile(r"[^\s/:?#@]+(:[0-9]+)?([/?#]|$)")


def _url(name: str, text: str) -> str:
    text = text.strip()
    url = url_identity.parse(text)
    if url is None or not url_identity.is_web(url):
        bare = _short(text.lstrip("/"))
        if _HOST_FIRST.match(bare) and url_identity.parse(f"https://{bare}"):
            raise ConfigError(f"{name}: {_short(text)} has no scheme; write https://{bare} or http://{bare}")
        raise ConfigError(f"{name}: {_short(text)} is not an http or https URL; write one such as https://example.com/")
    if "@" in url.split("/", 3)[2]:
        raise ConfigError(f"{name}: leave user and password out of the URL; they would be kept in the report")
    return url_identity.without_fragment(url)


def _short(text: str) -> str:
    """What was given, fit for one line."""
    text = "".join(character if character.isprintable() else "\ufffd" for character in text[:81])
    return text if len(text) <= 80 else f"{text[:80]}…"


def _flag(name: str, text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ConfigError(f"{name}: {_short(text)!r} is neither 1 nor 0; write {name}=1 or leave it out")
    return values[text.lower()]


def _number(least: int, example: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) < least:
            raise ConfigError(
                f"{name}: {_short(text)!r} is not a whole number from {least} up; write such as {name}={example}"
            )
        return int(text)

    return read


def _word(*words: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        if text not in words:
            raise ConfigError(
                f"{name}: {_short(text)!r} is not known; write {' or '.join(f'{name}={word}' for word in words)}"
            )
        return text

    return read


def _patterns(name: str, text: str) -> tuple[re.Pattern[str], ...]:
    try:
        return (re.compile(text),)
    except re.error as error:
        raise ConfigError(
            f"{name}: {_short(text)!r} is not a regular expression ({error}); mend it, or escape it with \\"
        ) from error


def _path(name: str, text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"{name}: {_short(text)} names a home folder that is not there; write the whole path"
        ) from error


def _readable(name: str, text: str) -> Path:
    path = _path(name, text)
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise ConfigError(
            f"{name}: cannot read {_short(text)} ({error.strerror}); give the path of a readable file"
        ) from error


def _ca_file(name: str, text: str) -> Path:
    path = _readable(name, text)
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise ConfigError(f"{name}: {_short(text)} holds no certificate; give a file in PEM format") from error
    return path


def _connect_to(name: str, text: str) -> tuple[str, ...]:
    entries = tuple(part.strip() for part in text.split(",") if part.strip())
    pattern = r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*):[0-9]*:(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*):[0-9]*"
    for entry in entries:
        if not re.fullmatch(pattern, entry) or not all(map(_host_or_port, entry.split(":"))):
            raise ConfigError(
                f"{name}: {_short(entry)!r} is not HOST:PORT:ADDRESS:PORT; write such as example.com:443:127.0.0.1:8443"
            )
    return tuple(":".join(_in_ascii(part) for part in entry.split(":")) for entry in entries)


def _host_or_port(part: str) -> bool:
    """Whether it is empty, a piece of an IPv6 address, a port, or a host name."""
    if part.isdigit():
        return len(part) <= 5 and int(part) <= 65535
    return (part.isascii() and re.fullmatch(r"[\w.\[\]-]*", part) is not None) or _in_ascii(part) != part


def _in_ascii(part: str) -> str:
    """An internationalised name as it is asked (WHATWG URL, host parsing); anything else as it is."""
    url = None if part.isascii() else url_identity.parse(f"http://{part}/")
    return part if url is None else url.removeprefix("http://").removesuffix("/")


def _listed(name: str, text: str) -> tuple[str, ...]:
    lines = _readable(name, text).read_bytes().decode("utf-8-sig", "replace").splitlines()
    listed: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            listed[_url(f"{name}: line {number} of {_short(text)}", line)] = None
    if not listed:
        raise ConfigError(f"{name}: {_short(text)} names no URL; write one URL a line (# begins a comment)")
    return tuple(listed)


def _user_agent(name: str, text: str) -> str:
    if not text.strip() or not text.isprintable() or not text.isascii():
        raise ConfigError(
            f"{name}: must be printable ASCII text; write such as user_agent='mybot/1.0 (+https://example.com/bot)'"
        )
    return text.strip()


_READERS: dict[str, Callable[[str, str], Any]] = {
    "start": _url,
    "output": _path,
    "connect_to": _connect_to,
    "ca_file": _ca_file,
    "insecure": _flag,
    "robots": _word("obey", "ignore"),
    "user_agent": _user_agent,
    "max_urls": _number(1, 1000),
    "max_depth": _number(0, 5),
    "subdomains": _flag,
    "include": _patterns,
    "exclude": _patterns,
    "external": _word("redirects", "links", "none"),
    "assets": _flag,
    "urls": _listed,
    "concurrency": _number(1, 8),
    "config": lambda name, text: Config.load(_readable(name, text)),
}
