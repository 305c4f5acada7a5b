"""Judgement: one file a rule; the file's name is the rule's id."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from seoaudit.classify.facts import Facts
    from seoaudit.records import Severity


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where a claim comes from: the source's name with section or step, its address, and the date it was read or published."""

    source: str
    url: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One judgement with all its words.

    `find(facts)` returns one row a breach with `url` and `detail` (a sentence with the evidence), and, where the rule can
    say more than its own defaults, `severity`, `fix` (the exact change for this row), `group` (what shares one cause).
    `title` names the failing state, `family` is the heading it stands under. `inferred` says what in it is not observed.
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
    id: str = field(default="", compare=False)


def catalogue() -> dict[str, Rule]:
    """Every rule by its id, found by walking this package; an id is the file's name with hyphens."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules: dict[str, Rule] = {}
    for name in names:
        rule: Rule = importlib.import_module(f"{__name__}.{name}").RULE
        rules[name.replace("_", "-")] = rule
    return rules
