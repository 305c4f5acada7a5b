"""Where a crawl stands, in words (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.crawl.progress import Progress

_MOST_HOSTS = 3
"""Slowed hosts that are named; a line has an end."""


def line(progress: Progress) -> str:
    """All of it in one line."""
    return ", ".join([done(progress), *pace(progress), *circumstances(progress)])


def done(progress: Progress) -> str:
    """How much of what is known is done."""
    return f"{progress.done:,} of {progress.known:,} URLs"


def pace(progress: Progress) -> list[str]:
    """How fast it goes, what it met, and how long it still takes as far as that can be known."""
    left = time_left(progress)
    return [
        f"{rate(progress.rate)} a second",
        count(progress.redirects, "redirect"),
        count(progress.errors, "error"),
        *([left] if left else []),
    ]


def circumstances(progress: Progress) -> list[str]:
    """Which hosts are slowed, and what an earlier part of the run had done."""
    found = [f"slowed: {hosts(progress.slowed)}"] if progress.slowed else []
    return [*found, f"{progress.resumed:,} of them answered before"] if progress.resumed else found


def time_left(progress: Progress) -> str:
    """By the present rate; empty while that says nothing."""
    if progress.seconds_left is None or not progress.waiting:
        return ""
    return f"{'at least' if progress.growing else 'about'} {span(progress.seconds_left)} left"


def span(seconds: float) -> str:
    """A time as long as that, as exactly as a forecast deserves."""
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        hours, minutes = divmod(round(seconds / 600) * 10, 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{seconds / 86400:.0f} days"


def rate(number: float) -> str:
    """A number of URLs in a time, exact enough to be compared."""
    return f"{number:,.0f}" if number >= 9.95 or not number else f"{number:.1f}"


def count(number: int, noun: str) -> str:
    """So many of them."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def hosts(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = [f"{len(names) - _MOST_HOSTS:,} more"] if len(names) > _MOST_HOSTS else []
    return " and ".join([", ".join(names[:_MOST_HOSTS]), *more])
