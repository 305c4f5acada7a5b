"""How long a cache may answer with a stored response (RFC 9111)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from seoaudit.http.status import HEURISTICALLY_CACHEABLE

MAX_AGE_LIMIT = 2**31
"""A larger delta-seconds is taken as this many seconds (RFC 9111, 1.2.2)."""

HEURISTIC_FRACTION = 0.1
"""Of the time since Last-Modified: the typical setting that RFC 9111, 4.2.2 names."""


class Freshness(NamedTuple):
    """What a browser's cache may do with a response.

    `storable`: a private cache may keep it; `lifetime_s`: for how many seconds it is fresh, 0 when it must be asked again
    each time, None when it is not storable, or storable with no figure (a heuristic without Last-Modified: Chromium keeps a
    301 or 308 for good then); `explicit`: the response itself says how long; `no_store`, `private`: those directives;
    `shared_lifetime_s`: as `lifetime_s` for shared caches (s-maxage), None where those may not store it; `age_s`: the Age
    field, how long a shared cache has held it already.
    """

    storable: bool
    lifetime_s: float | None
    explicit: bool
    no_store: bool
    private: bool
    shared_lifetime_s: float | None = None
    age_s: float | None = None


def freshness(  # noqa: PLR0913, PLR0917 -- one parameter for each field that RFC 9111 reads
    status: int | None,
    cache_control: str | None,
    expires: str | None,
    date: str | None,
    age: str | None,
    last_modified: str | None,
) -> Freshness:
    """Read the fields' texts as RFC 9111, 3 and 4.2 and RFC 9110, 15.1 say; text that is no valid value counts as stale.

    Of a repeated directive the first counts, `no-cache` and `private` count with or without field names, `no-store` counts
    even beside `must-understand` (few caches know it). Without Date, what Expires means is not known: `explicit`, but no
    lifetime.
    """
    directives = parse_cache_control(cache_control or "")
    no_store, private = "no-store" in directives, "private" in directives
    heuristic = status in HEURISTICALLY_CACHEABLE or "public" in directives
    says = not directives.keys().isdisjoint({"max-age", "no-cache"}) or expires is not None
    storable = status is not None and not no_store and (heuristic or private or says)
    shared_storable = storable or (status is not None and not no_store and "s-maxage" in directives)

    def lifetime(*names: str) -> float | None:
        if "no-cache" in directives:
            return 0.0
        for name in names:
            if name in directives:
                return _delta_seconds(directives[name]) or 0.0
        if expires is not None:
            return _seconds_between(date, expires, invalid=0.0)
        since = _seconds_between(last_modified, date, invalid=None) if heuristic else None
        return None if since is None else since * HEURISTIC_FRACTION

    return Freshness(
        storable=storable,
        lifetime_s=lifetime("max-age") if storable else None,
        explicit=says or "s-maxage" in directives,
        no_store=no_store,
        private=private,
        shared_lifetime_s=lifetime("s-maxage", "max-age") if shared_storable and not private else None,
        age_s=_delta_seconds(age) if age is not None else None,
    )


# Between commas, except those in quotes; possessive, so that it stays linear on any text.
_LIST_MEMBER = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++', re.DOTALL)


def parse_cache_control(value: str) -> dict[str, str]:
    """Return the directives of Cache-Control: names in lower case, the first of each, '' without an argument; never raises."""
    directives: dict[str, str] = {}
    for member in _LIST_MEMBER.findall(value):
        name, _, argument = member.partition("=")
        directives.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return directives


def _delta_seconds(value: str) -> float | None:
    digits = value.strip()
    return min(float(digits), MAX_AGE_LIMIT) if re.fullmatch(r"[0-9]+", digits) else None


def _seconds_between(start: str | None, end: str | None, *, invalid: float | None) -> float | None:
    """Seconds from one HTTP-date to another, not below 0; `invalid` for an end that is none, None without a start."""
    until = http_date(end)
    if until is None:
        return invalid
    since = http_date(start)
    return None if since is None else max((until - since).total_seconds(), 0.0)


def http_date(value: str | None) -> datetime | None:
    """Any of the three forms of RFC 9110, 5.6.7; a date without a zone is GMT."""
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
