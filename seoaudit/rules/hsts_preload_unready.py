"""A policy that asks to be preloaded although the preload list would refuse it; not to be on the list is no fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.hsts import own_hosts
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host that says preload."""
    rows = own_hosts(facts)
    rows = rows[rows["preload_requirement_failed"].notna()]
    return rows.assign(
        url=rows["hsts_url"],
        detail=say(rows, "{host} says preload, and the list would refuse it: {preload_requirement_failed}."),
        fix=say(rows, "Drop preload, or first mend: {preload_requirement_failed}."),
    )[["url", "detail", "fix"]]


RULE = Rule(
    title="HSTS preload asked for, requirements not met",
    family="HSTS policy",
    severity="medium",
    why="The word preload lets anybody submit the domain to a list that browsers carry, which takes months to leave. Here it is said while a "
    "requirement fails: the domain is refused, and one that is on the list already can be taken off. Preloading is not advised "
    "in general, and nothing is said here of hosts that do not ask for it.",
    fix="Drop preload unless somebody decided for it; else meet every requirement first.",
    references=(
        Reference(
            source="HSTS preload list, submission requirements",
            url="https://hstspreload.org/#submission-requirements",
            date="2026-07",
        ),
        rfc(6797, "12.3"),
    ),
    since="0.1",
    find=find,
)
