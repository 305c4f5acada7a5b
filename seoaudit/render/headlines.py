"""The few numbers that a reader looks for first, each with the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seoaudit.records import Severity
    from seoaudit.render.numbers import Numbers
    from seoaudit.store.summaries import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """One number: `name` for who compares runs, `rows` as the page's table and what is set there, `good` where zero is well."""

    name: str
    label: str
    value: int
    rows: str
    good: bool = False
    of: int | None = None


def headlines(counts: Mapping[Severity, int], numbers: Numbers, links: int) -> tuple[Headline, ...]:
    """Give problems, links to edit, broken redirects, chains and redirects, in this order."""
    problems = sum(count for severity, count in counts.items() if severity != "info")
    redirects = Headline(
        name="redirects", label="URLs that redirect", value=numbers.redirects, rows="urls", of=numbers.urls
    )
    return (
        Headline(name="problems", label="problems", value=problems, rows="findings", good=not problems),
        Headline(name="links", label="links to edit", value=links, rows="links", good=not links),
        Headline(name="broken", label="broken redirects", value=numbers.broken, rows="chains", good=not numbers.broken),
        Headline(
            name="chains",
            label="chains of 2 hops or more",
            value=numbers.chains,
            rows="chains?hops=>1",
            good=not numbers.chains,
        ),
        redirects,
    )


def since_last(points: Sequence[Point]) -> dict[str, int]:
    """How problems and redirects differ from the run before; empty where there is none. `points` is the trend, the newest last."""
    if len(points) < 2:
        return {}
    before, now = (point.numbers for point in points[-2:])
    problems = sum(now.get(name, 0) - before.get(name, 0) for name in SEVERITIES if name != "info")
    return {"problems": problems, "redirects": now.get("redirects", 0) - before.get("redirects", 0)}
