"""A chain whose end the audit did not ask for, because a limit or a filter of its own stopped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


CHOSEN = frozenset({"exclude", "external", "include", "max_depth", "max_urls"})
"""Limits that somebody set for the audit."""


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met, in the group of what stopped the audit."""
    chains = entries(facts)
    rows = chains[chains["outcome"] == "unfinished"]
    limits = ", ".join(limit.name for limit in facts.run.limits) or "the audit ended before its turn"
    chosen = [limit.name for limit in facts.run.limits if limit.name in CHOSEN]
    if chosen:
        return _limited(rows, ", ".join(chosen))
    return rows[["url"]].assign(
        detail=say(rows, "Its end was not asked for: {chain}.", chain=drawn(rows)),
        fix=say(
            rows,
            "Audit again with limits that let {final_url} in (this time: {limits}); until then its end is unknown.",
            limits=limits,
        ),
        group=f"ends that were not asked for ({limits})",
    )


def _limited(rows: pd.DataFrame, limits: str) -> pd.DataFrame:
    return rows[["url"]].assign(
        severity="info",
        detail=say(
            rows, "The audit was limited ({limits}) and did not ask its end: {chain}.", limits=limits, chain=drawn(rows)
        ),
        fix=say(
            rows,
            "Nothing on the site is known to be wrong; to know {final_url}, audit again without the limit ({limits}).",
            limits=limits,
        ),
        group=f"ends that were not asked for ({limits})",
    )


RULE = Rule(
    title="Chain that was not followed to its end",
    family="Chains and loops",
    severity="medium",
    why="It is not known whether the visitor arrives: this redirect is neither good nor bad until its end is asked. It never counts "
    "as well. A target outside the site that nobody wanted to ask is no such case. Where the audit itself was limited (max_urls, include, "
    "exclude, max_depth, external), it says nothing against the site: info.",
    fix="Raise the limit, or widen include and exclude, and audit again.",
    references=(rfc(9110, "15.4"),),
    since="0.1",
    find=find,
    always_counts=True,
)
