"""A policy that browsers keep for less than a year; one that is off is `hsts-invalid`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.hsts import own_hosts
from seoaudit.http.hsts import ONE_YEAR_S
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host; medium where the policy asks to be preloaded, which takes a year."""
    rows = own_hosts(facts)
    rows = rows[((rows["max_age"] > 0) & (rows["max_age"] < ONE_YEAR_S)).fillna(value=False)]
    days = (rows["max_age"].astype("float64") / 86400).round(1).astype("str").str.removesuffix(".0")
    days = days + days.eq("1").map({True: " day", False: " days"})
    return rows.assign(
        url=rows["hsts_url"],
        severity=rows["preload"].fillna(value=False).map({True: "medium", False: "low"}),
        detail=say(rows, "{host} sends “{hsts}”: browsers forget it after {days} without a visit.", days=days),
        fix=say(rows, "Raise max-age of {host} in steps to {year}, a year.", year=str(ONE_YEAR_S)),
    )[["url", "severity", "detail", "fix"]]


RULE = Rule(
    title="HSTS policy for less than a year",
    family="HSTS policy",
    severity="low",
    why="Who comes back later than max-age says is unprotected again on the first step. A short time is right while HTTPS is new, hence "
    "low; with preload it is medium, because the preload list takes no policy below a year.",
    fix="Raise max-age in steps, such as 300, 604800, 2592000, and at last 31536000 seconds.",
    references=(
        rfc(6797, "11.2"),
        Reference(
            source="HSTS preload list, submission requirements (max-age of at least one year)",
            url="https://hstspreload.org/#submission-requirements",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
)
