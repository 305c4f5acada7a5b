"""The numbers of the last runs as small lines: geometry and words, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.store.summaries import Point

WIDTH, HEIGHT, _MARGIN = 240, 36, 3
SERIES = (*SEVERITIES, "redirects")


@dataclass(frozen=True, slots=True)
class Line:
    """One number over the runs: its name, its values oldest first, and the points of a polyline in a WIDTH by HEIGHT box."""

    name: str
    values: tuple[int, ...]
    points: str
    end: tuple[float, float]


def lines(points: Sequence[Point]) -> tuple[Line, ...]:
    """One line a severity and one for redirects, each to a scale of its own from 0; none for fewer than two runs."""
    if len(points) < 2:
        return ()
    return tuple(_line(name, tuple(point.numbers.get(name, 0) for point in points)) for name in SERIES)


def _line(name: str, values: tuple[int, ...]) -> Line:
    most = max(*values, 1)
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    places = [
        (round(_MARGIN + number * step, 1), round(HEIGHT - _MARGIN - value / most * (HEIGHT - 2 * _MARGIN), 1))
        for number, value in enumerate(values)
    ]
    return Line(name, values, " ".join(f"{x},{y}" for x, y in places), places[-1])
