"""Strict-Transport-Security (RFC 6797): what a host asks of browsers, and what a browser then does with its http URLs."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seoaudit import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_YEAR_S: Final = 31_536_000

MOST_SECONDS: Final = 2**63 - 1
"""What a longer number counts as: the greatest that our tables hold (RFC 9111, 1.2.2, lets a reader choose it)."""

# The grammar is that of RFC 6797, 6.1, in the terms of RFC 2616, 2.2: white space, folded lines included, may stand between words.
_SPACE = r"(?:[ \t]|\r\n[ \t])*"
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\x00-\x7f])*"'
_DIRECTIVE = re.compile(
    rf"{_SPACE}(?:(?P<name>{_WORD}){_SPACE}(?:(?P<equals>=){_SPACE}(?P<value>{_WORD}|{_QUOTED}){_SPACE})?)?(?:;|\Z)"
)
_FIRST_FIELD = re.compile(rf"(?:{_QUOTED}|[^,])*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one answer says of HSTS.

    `problems`: why a browser ignores the field as a whole, in words, none where it is in order. `remarks`: what is wrong with it and
    changes nothing. `max_age`: seconds, None where the field is ignored. `preload` is no word of RFC 6797: the preload list reads it.
    """

    max_age: int | None
    include_subdomains: bool
    preload: bool
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether a browser heeds the field; one with max-age=0 is heeded, too: it removes the policy."""
        return not self.problems

    @property
    def active(self) -> bool:
        """Whether a browser that sees the field uses https from then on."""
        return bool(self.max_age)


def parse_hsts(text: str, count: int = 1) -> Policy:
    """Read Strict-Transport-Security as RFC 6797, 6.1 and 8.1 say; `count` fields came, joined with commas, and the first counts.

    A directive that RFC 6797 knows stands at most once, any other is ignored; one mistake in the grammar spoils the field. Never raises.
    """
    first = _first_field(text) if count > 1 else text
    directives, trouble = _directives(first)
    known = [(name, value) for name, value in directives if name in ("max-age", "includesubdomains")]
    ages = [value for name, value in known if name == "max-age"]
    subdomains = [value for name, value in known if name == "includesubdomains"]
    preloads = [name for name, _ in directives if name == "preload"]
    problems = [*([trouble] if trouble else []), *_faults(ages, subdomains, whole=not trouble)]
    remarks = [f"{count} fields came, and a browser reads the first only"] if count > 1 else []
    if len(preloads) > 1:
        remarks.append(f"preload stands {len(preloads)} times")
    return Policy(
        max_age=None if problems else _seconds(ages[0] or ""),
        include_subdomains=bool(subdomains),
        preload=bool(preloads),
        problems=tuple(problems),
        remarks=tuple(remarks),
    )


def _first_field(text: str) -> str:
    """What stands before the first comma outside quotes; the grammar has no such comma."""
    found = _FIRST_FIELD.match(text)
    return found[0] if found else text


def _directives(text: str) -> tuple[list[tuple[str, str | None]], str | None]:
    """Names in lower case with their unquoted values, as far as the grammar holds, and where it does not, in words."""
    found: list[tuple[str, str | None]] = []
    at = 0
    while at < len(text):
        match = _DIRECTIVE.match(text, at)
        if match is None:
            return found, f"it breaks the grammar at “{_shown(text[at:])}”"
        if match["name"]:
            found.append((match["name"].lower(), _unquoted(match["value"])))
        at = match.end()
    return found, None


def _shown(text: str, longest: int = 40) -> str:
    text = text.strip()
    return text if len(text) <= longest else f"{text[:longest]}…"


def _unquoted(value: str | None) -> str | None:
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value and value.startswith('"') else value


def _faults(ages: list[str | None], subdomains: list[str | None], *, whole: bool) -> Iterator[str]:
    """What spoils the field although each directive is well formed; `whole`: all of it was read."""
    if len(ages) > 1:
        yield f"max-age stands {len(ages)} times"
    elif not ages and whole:
        yield "max-age is missing"
    elif ages and ages[0] is None:
        yield "max-age has no value"
    elif ages and not re.fullmatch("[0-9]+", ages[0] or ""):
        yield f"max-age is no whole number of seconds but “{_shown(ages[0] or '')}”"
    if len(subdomains) > 1:
        yield f"includeSubDomains stands {len(subdomains)} times"
    elif subdomains and subdomains[0] is not None:
        yield "includeSubDomains has a value"


def _seconds(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return MOST_SECONDS if len(digits) > 19 else min(int(digits), MOST_SECONDS)


def upgraded(url: str) -> str | None:
    """The https URL that a browser with a policy for the host asks in place of an http URL (RFC 6797, 8.3).

    Port 80 becomes the default of https, another port stays. None for any other URL, and where the host is an IP address, which
    has no policy (8.1.1).
    """
    address = urls.parse(url)  # which leaves port 80 out
    if not address or not address.startswith("http://") or is_address(urls.split(address).host):
        return None
    return urls.parse(f"https{address.removeprefix('http')}")


def is_address(host: str) -> bool:
    """Whether a host as URLs write it is an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def ancestors(host: str) -> Iterator[str]:
    """The superdomains of a host name, nearest first: those whose includeSubDomains covers it (RFC 6797, 8.2)."""
    while (host := host.partition(".")[2]).strip("."):
        yield host
