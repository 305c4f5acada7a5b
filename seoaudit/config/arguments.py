"""The spider's arguments, read and checked once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from seoaudit.config import readers
from seoaudit.config.file import Config, ConfigError
from seoaudit.config.mail import NEEDED_FOR_MAIL

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from seoaudit.config.addresses import Mailbox
    from seoaudit.config.mail import Mail

OWN_SITE_CONCURRENCY = 16
"""Requests at a time where the site is one's own, unless `concurrency` says otherwise."""


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
    rate: float | None = None
    own_site: bool = False
    trap_limit: int = 1000
    probes: Literal["sample", "all", "none"] = "sample"
    post_probe: tuple[re.Pattern[str], ...] = ()
    variants: bool = False
    active: bool = False
    resume: str | None = None
    hsts_list: Path | None = None
    mail_to: tuple[Mailbox, ...] | None = None
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
        if values.get("mail_to") and not values["config"].mail.has_server:
            raise ConfigError(f"mail_to: {NEEDED_FOR_MAIL}")
        if values.get("own_site"):
            values.setdefault("concurrency", OWN_SITE_CONCURRENCY)
        return cls(**values, given=dict(given))

    @property
    def mail(self) -> Mail:
        """The mail settings, with those of `mail_to` in place of their recipients."""
        return self.config.mail if self.mail_to is None else self.config.mail.model_copy(update={"to": self.mail_to})


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


_READERS: dict[str, Callable[[str, str], Any]] = {
    "start": readers.url,
    "output": readers.path,
    "connect_to": readers.connect_to,
    "ca_file": readers.ca_file,
    "insecure": readers.flag,
    "robots": readers.word("obey", "ignore"),
    "user_agent": readers.user_agent,
    "max_urls": readers.number(1, 1000),
    "max_depth": readers.number(0, 5),
    "subdomains": readers.flag,
    "include": readers.patterns,
    "exclude": readers.patterns,
    "external": readers.word("redirects", "links", "none"),
    "assets": readers.flag,
    "urls": readers.listed,
    "concurrency": readers.number(1, 8),
    "rate": readers.rate,
    "own_site": readers.flag,
    "trap_limit": readers.number(1, 10_000),
    "probes": readers.word("sample", "all", "none"),
    "post_probe": readers.patterns,
    "variants": readers.flag,
    "active": readers.flag,
    "resume": lambda _, text: text.strip(),
    "hsts_list": readers.hsts_list,
    "mail_to": readers.recipients,
    "config": lambda name, text: Config.load(readers.readable(name, text)),
}
