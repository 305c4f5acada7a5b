"""Retry-After (RFC 9110, 10.2.3): how long a server asks to be left alone."""

from __future__ import annotations

import re

from seoaudit.http.caching import http_date

_SECONDS = re.compile(r"\s*([0-9]{1,9})[0-9]*\s*(?:,|$)")


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Seconds from `now` (a Unix time), never negative; None for no field, or one that is neither a number nor an HTTP date.

    Of several fields the first counts.
    """
    seconds = _SECONDS.match(text or "")
    if seconds:
        return float(seconds[1])
    until = http_date(text)
    return None if until is None else max(0.0, until.timestamp() - now)
