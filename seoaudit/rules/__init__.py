"""Judgement: one file a rule; the file's name is the rule's id."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seoaudit.classify import findings
from seoaudit.classify.contracts import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import pandas as pd

    from seoaudit.classify.facts import Facts
    from seoaudit.records import Severity


_LOG = logging.getLogger(__name__)

OWN_GROUPS = frozenset({"Targets", "Chains and loops"})
"""Families whose rules name their groups themselves: the redirect that begins a chain may be right, and its end wrong."""

ALWAYS_COUNTED = frozenset({"Links to redirects", "Location syntax", "Caching"})
"""Families that speak of what no entry of `[[expected]]` answers for: the code and the target that it names are not what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where a claim comes from: the source's name with section or step, its address, and the date it was read or published."""

    source: str
    url: str
    date: str


def rfc(number: int, section: str) -> Reference:
    """One section of an RFC that the rules lean on, with the month it was published."""
    published = {3986: "2005-01", 6797: "2012-11", 9110: "2022-06", 9111: "2022-06", 9309: "2022-09"}
    address = f"https://www.rfc-editor.org/rfc/rfc{number}#section-{section}"
    return Reference(source=f"RFC {number}, section {section}", url=address, date=published[number])


def whatwg(standard: str, anchor: str, words: str) -> Reference:
    """One passage of a living standard ("fetch", "url" or "html"; `anchor` with its "#"), with the month it was read."""
    name = {"fetch": "Fetch", "url": "URL", "html": "HTML"}[standard]
    page = "multipage/" if standard == "html" else ""
    return Reference(
        source=f"WHATWG {name}, {words}", url=f"https://{standard}.spec.whatwg.org/{page}{anchor}", date="2026-07"
    )


def search_central(page: str, words: str) -> Reference:
    """One page of Google Search Central's documentation ("crawling-indexing/301-redirects"), with the day it was read."""
    address = f"https://developers.google.com/search/docs/{page}"
    return Reference(source=f"Google Search Central, {words}", url=address, date="2026-07-08")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One judgement with all its words.

    `find(facts)` returns one row a breach with `url` and `detail` (a sentence with the evidence), and, where the rule can
    say more than its own defaults, `severity`, `fix` (the exact change for this row), `group` (what shares one cause).
    `title` names the failing state, `family` is the heading it stands under. `inferred` says what in it is not observed.
    `always_counts`: also at a redirect that is as `[[expected]]` of seoaudit.toml says, because it is not the redirect that is wrong.
    """

    title: str
    family: str
    severity: Severity
    why: str
    fix: str
    references: tuple[Reference, ...]
    since: str
    find: Callable[[Facts], pd.DataFrame]
    inferred: str | None = None
    always_counts: bool = False
    id: str = field(default="", compare=False)


def catalogue() -> dict[str, Rule]:
    """Every rule by its id, found by walking this package; an id is the file's name with hyphens."""
    rules: dict[str, Rule] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        rule: Rule = importlib.import_module(f"{__name__}.{name}").RULE
        rule_id = name.replace("_", "-")
        rules[rule_id] = replace(rule, id=rule_id)
    return rules


def judge(
    facts: Facts,
    first_seen: Mapping[tuple[str, str], datetime] | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Ask every rule, or only `rules`; returns the findings (columns of findings.parquet, most urgent first) and the rules that failed.

    A rule that raises, or names a row without url or detail, has no findings but one line in the second: id and error.
    What is wrong with a redirect itself is no finding where the redirect keeps its contract (`facts.contracts`).
    `first_seen` says when (rule, url) was seen first in earlier runs; `findings.complete` says what is filled in.
    """
    found: list[pd.DataFrame] = []
    failed: dict[str, str] = {}
    rules = catalogue() if rules is None else rules
    meant = kept(facts.contracts)
    for name, rule in rules.items():
        try:
            breaches = findings.breaches(rule.find(facts), name, rule.severity, rule.fix)
        except Exception as error:  # noqa: BLE001 (one rule's fault must not cost the audit; report and exit code tell it)
            _LOG.error("rule %s failed", name, exc_info=error)
            failed[name] = f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
            continue
        counts = rule.always_counts or rule.family in ALWAYS_COUNTED or not meant
        found.append(breaches if counts else breaches[~breaches["url"].isin(meant)])
    own_groups = [name for name, rule in rules.items() if rule.family in OWN_GROUPS]
    return findings.complete(found, facts, first_seen or {}, own_groups), failed
