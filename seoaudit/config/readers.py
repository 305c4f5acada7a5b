"""One reader for each kind of argument: the text as given becomes a value, or one line says how to write it."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from seoaudit import urls as url_identity
from seoaudit.config.addresses import Mailbox, mailbox
from seoaudit.config.file import ConfigError, short
from seoaudit.config.hsts_list import read_hsts_list

if TYPE_CHECKING:
    from collections.abc import Callable

_HOST_FIRST = re.compile(r"[^\s/:?#@]+(:[0-9]+)?([/?#]|$)")


def url(name: str, text: str) -> str:
    """An http or https URL without its fragment."""
    text = text.strip()
    found = url_identity.parse(text)
    if found is None or not url_identity.is_web(found):
        bare = short(text.lstrip("/"))
        if _HOST_FIRST.match(bare) and url_identity.parse(f"https://{bare}"):
            raise ConfigError(f"{name}: {short(text)} has no scheme; write https://{bare} or http://{bare}")
        raise ConfigError(f"{name}: {short(text)} is not an http or https URL; write one such as https://example.com/")
    if "@" in found.split("/", 3)[2]:
        raise ConfigError(f"{name}: leave user and password out of the URL; they would be kept in the report")
    return url_identity.without_fragment(found)


def flag(name: str, text: str) -> bool:
    """1 or 0."""
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ConfigError(f"{name}: {short(text)!r} is neither 1 nor 0; write {name}=1 or leave it out")
    return values[text.lower()]


def number(least: int, example: int) -> Callable[[str, str], int]:
    """A whole number."""

    def read(name: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) < least:
            raise ConfigError(
                f"{name}: {short(text)!r} is not a whole number from {least} up; write such as {name}={example}"
            )
        return int(text)

    return read


def rate(name: str, text: str) -> float:
    """Requests a second, above 0."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or not float(text):
        raise ConfigError(
            f"{name}: {short(text)!r} is not a number of requests a second above 0; write such as {name}=2 or {name}=0.5"
        )
    return float(text)


def word(*words: str) -> Callable[[str, str], str]:
    """One of these words."""

    def read(name: str, text: str) -> str:
        if text not in words:
            raise ConfigError(
                f"{name}: {short(text)!r} is not known; write {' or '.join(f'{name}={word}' for word in words)}"
            )
        return text

    return read


def patterns(name: str, text: str) -> tuple[re.Pattern[str], ...]:
    """A regular expression."""
    try:
        return (re.compile(text),)
    except re.error as error:
        raise ConfigError(
            f"{name}: {short(text)!r} is not a regular expression ({error}); mend it, or escape it with \\"
        ) from error


def path(name: str, text: str) -> Path:
    """A path; `~` is the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"{name}: {short(text)} names a home folder that is not there; write the whole path"
        ) from error


def readable(name: str, text: str) -> Path:
    """The path of a file that can be read."""
    file = path(name, text)
    try:
        with file.open("rb"):
            return file
    except OSError as error:
        raise ConfigError(
            f"{name}: cannot read {short(text)} ({error.strerror}); give the path of a readable file"
        ) from error


def ca_file(name: str, text: str) -> Path:
    """The path of a file with certificates."""
    file = readable(name, text)
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise ConfigError(f"{name}: {short(text)} holds no certificate; give a file in PEM format") from error
    return file


def hsts_list(name: str, text: str) -> Path:
    """The path of a file with a preload list; it is read for good when the run is judged."""
    file = path(name, text)
    read_hsts_list(file, name)
    return file


def connect_to(name: str, text: str) -> tuple[str, ...]:
    """Entries of curl's form, names in ASCII."""
    entries = tuple(part.strip() for part in text.split(",") if part.strip())
    pattern = r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*):[0-9]*:(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*):[0-9]*"
    for entry in entries:
        if not re.fullmatch(pattern, entry) or not all(map(_host_or_port, entry.split(":"))):
            raise ConfigError(
                f"{name}: {short(entry)!r} is not HOST:PORT:ADDRESS:PORT; write such as example.com:443:127.0.0.1:8443"
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


def listed(name: str, text: str) -> tuple[str, ...]:
    """The URLs that a file lists, each once."""
    lines = readable(name, text).read_bytes().decode("utf-8-sig", "replace").splitlines()
    listed: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            listed[url(f"{name}: line {number} of {short(text)}", line)] = None
    if not listed:
        raise ConfigError(f"{name}: {short(text)} names no URL; write one URL a line (# begins a comment)")
    return tuple(listed)


def user_agent(name: str, text: str) -> str:
    """Printable ASCII text."""
    if not text.strip() or not text.isprintable() or not text.isascii():
        raise ConfigError(
            f"{name}: must be printable ASCII text; write such as user_agent='mybot/1.0 (+https://example.com/bot)'"
        )
    return text.strip()


def recipients(name: str, text: str) -> tuple[Mailbox, ...]:
    """Mail addresses with commas between, each once; `none` is nobody."""
    if text.strip().lower() == "none":
        return ()
    try:
        found = {box.address: box for box in map(mailbox, filter(str.strip, text.split(",")))}
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from error
    if not found:
        raise ConfigError(f"{name}: names nobody; write such as {name}=seo@example.com,dev@example.com")
    return tuple(found.values())
