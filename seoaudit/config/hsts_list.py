"""A list of HSTS-preloaded hosts in a file of one's own: Chromium's, or host names one a line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from seoaudit import urls
from seoaudit.config.file import ConfigError, short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*')
_NAME = re.compile(r"[^\s/:?#@\[\]{}\"',<>=]+")


def read_hsts_list(file: Path, name: str = "hsts_list") -> dict[str, bool]:
    """Host names as URLs write them, each with whether its subdomains are meant too.

    Chromium's transport_security_state_static.json, comments and all, of which the entries with `force-https` count; or host
    names one a line (`#` begins a comment), whose subdomains are meant. Raises ConfigError with one line.
    """
    where = f"{name}: {short(str(file))}"
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{where} cannot be read ({error.strerror}); give the path of a readable file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where} is not UTF-8 text; give {_KNOWN}") from error
    bare = text.lstrip()
    found = dict(_chromium(bare, where) if bare.startswith(("{", "//")) else _lines(text, where))
    if not found:
        raise ConfigError(f"{where} names no preloaded host; give {_KNOWN}")
    return found


_KNOWN = "Chromium's transport_security_state_static.json, or host names one a line"


def _chromium(text: str, where: str) -> Iterator[tuple[str, bool]]:
    try:
        content = json.loads(_COMMENT.sub(lambda match: match[1] or "", text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ConfigError(f"{where} is no JSON ({error}); give {_KNOWN}") from error
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ConfigError(f"{where} has no list “entries”; give {_KNOWN}")
    for entry in entries:
        yield from _entry(entry, where)


def _entry(entry: Any, where: str) -> Iterator[tuple[str, bool]]:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ConfigError(f"{where} has an entry without a name: {short(str(entry))}; give {_KNOWN}")
    if entry.get("mode") == "force-https":
        yield entry["name"].lower().rstrip("."), entry.get("include_subdomains") is True


def _lines(text: str, where: str) -> Iterator[tuple[str, bool]]:
    for number, line in enumerate(text.splitlines(), 1):
        written = line.partition("#")[0].strip()
        if not written:
            continue
        url = urls.parse(f"http://{written}/") if _NAME.fullmatch(written) else None
        if url is None:
            raise ConfigError(f"{where}, line {number}: {short(written)!r} is no host name; give {_KNOWN}")
        yield urls.split(url).host.rstrip("."), True
