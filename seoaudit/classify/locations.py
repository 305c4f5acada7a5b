"""What is wrong with the Location values of a run: one leading fault a value, so that one mistake is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit import urls
from seoaudit.classify.once import once
from seoaudit.http.location import location_problems
from seoaudit.records import REDIRECT_STATUSES

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

PRECEDENCE = (
    "missing",
    "empty",
    "several",
    "comma-joined",
    "not-http",
    "control-character",
    "brackets",
    "space",
    "placeholder",
    "bad-percent",
    "unparsable",
    "non-ascii",
    "growing",
    "repeated-prefix",
    "double-slash",
    "path-relative",
)
"""Faults of syntax, strongest first; mending the first often mends the rest."""


def faulty_locations(facts: Facts, *words: str) -> pd.DataFrame:
    """Redirect answers in scope with one of these faults: `url`, `status`, `location`, `location_count`, `location_url`, `fault`.

    Of the faults in `PRECEDENCE` a value has only its first; faults outside it (secrets) are counted beside it.
    """
    rows = _judged(facts)
    rows["fault"] = pd.Series([_told(faults, words) for faults in rows.pop("faults")], index=rows.index, dtype="str")
    return rows[rows["fault"].notna()]


@once
def _judged(facts: Facts) -> pd.DataFrame:
    """Redirect answers in scope that have any fault: the columns of `faulty_locations`, with `faults` as a set."""
    asked = facts.responses["in_scope"] & facts.responses["status"].isin(REDIRECT_STATUSES)
    rows = facts.responses.loc[asked, ["url", "status", "location", "location_count", "location_url"]]
    hops = growing_hops(facts)
    growing = {*hops["url"], *hops["location_url"]}
    faults = [
        _faults({*location_problems(raw, int(count), url), *(["growing"] if url in growing else [])})
        for raw, count, url in zip(
            rows["location"].astype(object).where(rows["location"].notna(), None),
            rows["location_count"].fillna(0),
            rows["url"],
            strict=True,
        )
    ]
    rows["faults"] = pd.Series(faults, index=rows.index, dtype=object)
    return rows[rows["faults"].map(bool).astype(bool)]


@once
def growing_hops(facts: Facts) -> pd.DataFrame:
    """Redirects that add to the path what the next redirect adds again: `url`, `location_url`, `next_url`, `added`."""
    rows = facts.redirects.loc[
        facts.redirects["in_scope"] & facts.redirects["location_url"].notna(), ["url", "location_url"]
    ]
    longer = rows[rows["location_url"].str.len() > rows["url"].str.len()]
    following = longer.rename(columns={"url": "location_url", "location_url": "next_url"})
    pairs = longer.merge(following, on="location_url")
    added = [_added(*row) for row in zip(pairs["url"], pairs["location_url"], pairs["next_url"], strict=True)]
    pairs["added"] = pd.Series(added, index=pairs.index, dtype="str")
    return pairs[pairs["added"].notna()].drop_duplicates("url")


def _faults(problems: set[str]) -> frozenset[str]:
    leading = next((word for word in PRECEDENCE if word in problems), None)
    return frozenset(problems.difference(PRECEDENCE) | ({leading} if leading else set()))


def _told(faults: frozenset[str], words: tuple[str, ...]) -> str | None:
    return next((word for word in words if word in faults), None)


def _added(first: str, second: str, third: str) -> str | None:
    """Find what both steps put into the path at the same place; None if they do not grow alike."""
    one, two, three = (urls.split(url).path for url in (first, second, third))
    size = len(two) - len(one)
    if size < 1 or len(three) - len(two) != size:
        return None
    same = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    added = two[same : same + size]
    grown = two == one[:same] + added + one[same:] and three == two[:same] + added + two[same:]
    return added if grown and "/" in added else None
