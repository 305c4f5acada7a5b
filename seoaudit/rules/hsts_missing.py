"""A host whose https answers never send Strict-Transport-Security; redirects alone are `hsts-missing-on-redirect`.

Silent for preloaded hosts: there is no first visit over http left to protect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.hsts import own_hosts
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host, at a page of it; low where a superdomain's policy covers the host."""
    rows = own_hosts(facts)
    rows = rows[rows["hsts"].isna() & (rows["answers_without"] > 0) & rows["preloaded_by"].isna()]
    covered = rows["inherited_from"].notna()
    bare = say(rows, "{host} never sends Strict-Transport-Security, in {count}.", count=_answers(rows))
    inherited = say(rows, " Only who was on {inherited_from} before is protected: its policy includes subdomains.")
    return rows.assign(
        url=rows["answers_without_url"],
        severity=covered.map({True: "low", False: "medium"}),
        detail=(bare + inherited).where(covered, bare),
        fix=say(
            rows, "Send Strict-Transport-Security: max-age=300 on every https answer of {host}, and raise it in steps."
        ),
    )[["url", "severity", "detail", "fix"]]


def _answers(rows: pd.DataFrame) -> pd.Series[str]:
    return count_of(rows["https_answers"], "https answer")


RULE = Rule(
    title="HTTPS pages without HSTS",
    family="HSTS policy",
    severity="medium",
    why="A redirect from http to https protects nobody on the way to it: each visit that begins with http can be caught before the "
    "redirect arrives. With HSTS a browser asks https by itself from the second visit on. Nothing is broken without it, hence medium.",
    fix="Send Strict-Transport-Security on every https answer, first with max-age=300, then a week, a month and a year while all goes well.",
    references=(
        rfc(6797, "7.1"),
        Reference(
            source="HSTS preload list, deployment recommendations (max-age in steps)",
            url="https://hstspreload.org/#deployment-recommendations",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
)
