"""Declarative refresh: the value of a Refresh field or of `<meta http-equiv=refresh>`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seoaudit import urls

MAX_DELAY_S = 1e9
"""A delay of more seconds than this (31 years) is reported as this, so that it stays a finite number."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh after `delay` seconds; `url` is the URL as written, None where none is: the page itself is loaded again."""

    delay: float
    url: str | None


# ASCII whitespace of the HTML standard, which is neither Python's \s nor HTTP's.
_SPACE = r"[\t\n\f\r ]*"
_TIME = re.compile(rf"{_SPACE}([0-9]*)(\.?)[0-9.]*")
_SEPARATOR = re.compile(rf"{_SPACE}[;,]?{_SPACE}")
_URL_EQUALS = re.compile(rf"[uU][rR][lL]{_SPACE}={_SPACE}")


def parse_refresh(text: str) -> Refresh | None:
    """Read `text` by the "shared declarative refresh steps" of the HTML standard; None where it does not refresh.

    The same steps serve the Refresh field and the meta element (HTML, 4.2.5.3 and 7.4.6.4). Fractions of a second are
    dropped, as the standard does. The last step, resolving the URL, is `refresh_url`.
    """
    time = _TIME.match(text)
    assert time is not None
    digits, point = time.groups()
    if not digits and not point:
        return None
    rest = text[time.end() :]
    if rest and rest[0] not in ";,\t\n\f\r ":
        return None
    target = _SEPARATOR.sub("", rest, count=1)
    return Refresh(min(float(digits or 0), MAX_DELAY_S), _unquoted(target) if target else None)


def refresh_url(refresh: Refresh, base: str) -> str | None:
    """The absolute URL that a refresh leads to, relative to the document's base URL.

    None for a reload of the page itself, for a URL that does not parse (by the standard no refresh at all) and for one
    that is not http(s). A URL written out may still be that of the page: the caller knows which page it is.
    """
    if refresh.url is None:
        return None
    url = urls.parse(refresh.url, base)
    return url if url and urls.is_web(url) else None


def _unquoted(target: str) -> str:
    """The URL without `url=` and quotes; a `url` that no `=` follows belongs to the URL, and nothing is then unquoted."""
    equals = _URL_EQUALS.match(target)
    if equals is None and target[0] in "uU":
        return target
    url = target[equals.end() :] if equals else target
    quote = url[:1]
    return url[1:].partition(quote)[0] if quote in ("'", '"') else url
