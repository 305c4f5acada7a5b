"""The Link field (RFC 8288): canonical, hreflang and others, said by the server instead of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class LinkValue(NamedTuple):
    """One link: `target` as written, `params` by name in lower case, the first of each name, '' without a value."""

    target: str
    params: dict[str, str]


def parse_link_header(values: Sequence[str]) -> list[LinkValue]:
    """Read every Link field of one response as RFC 8288, 3 and B.2 say.

    Where the RFC stops at garbage, reading goes on behind the next comma, as browsers do; never raises.
    """
    return [link for value in values for link in _links(value)]


# Each is matched from where the one before ended and never looks back, so that reading stays linear on any text.
_SEPARATORS = re.compile(r"[\s,]*")
_TARGET = re.compile(r"<([^<>]*)>\s*")
_PARAMETER = re.compile(r';\s*+(?:([^\s=;,"<]++)\s*+(?:=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;,]*+)))?)?\s*+', re.DOTALL)
_REST_OF_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)*+', re.DOTALL)


def _links(value: str) -> Iterator[LinkValue]:
    position = _end(_SEPARATORS, value, 0)
    while position < len(value):
        if target := _TARGET.match(value, position):
            position = target.end()
            params: dict[str, str] = {}
            while parameter := _PARAMETER.match(value, position):
                name, quoted, token = parameter.groups()
                if name:
                    params.setdefault(name.lower(), _text(quoted, token))
                position = parameter.end()
            yield LinkValue(target[1].strip(), params)
        position = _end(_SEPARATORS, value, _end(_REST_OF_MEMBER, value, position))


def _end(pattern: re.Pattern[str], value: str, position: int) -> int:
    match = pattern.match(value, position)
    assert match is not None
    return match.end()


def _text(quoted: str | None, token: str | None) -> str:
    return re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else (token or "").strip()
