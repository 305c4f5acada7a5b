"""Retry-After in both its forms (RFC 9110, 10.2.3)."""

from __future__ import annotations

import pytest

from seoaudit.http.retry_after import parse_retry_after

NOON = 1_795_176_000.0  # Friday, 20 November 2026, 12:00:00 GMT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("30, 60", 30),
        ("99999999999999999999", 999999999),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Friday, 20-Nov-26 12:01:00 GMT", 60),
        ("Fri Nov 20 12:01:00 2026", 60),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_seconds_to_wait(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOON) == seconds
