"""What changed since the run before, and which redirects are as they are meant, as a reader takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.records import CHANGE_KINDS, CONTRACT_STATES, SEVERITIES
from seoaudit.render.findings import RuleWords, words
from seoaudit.render.tables import WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.records import ChangeKind, ContractState, Severity
    from seoaudit.render.tables import Tables
    from seoaudit.rules import Rule

MAX_RULES = 12
MAX_ROWS = 50
MAX_CONTRACTS = 200
NEWS: tuple[ChangeKind, ...] = ("new", "regressed")
"""What a run found that the one before did not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of changes.parquet."""

    kind: ChangeKind
    rule: RuleWords
    severity: Severity
    severity_before: Severity | None
    url: str
    group: str | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`counts` by kind and severity; `rules` with most changes first, `rows` the first of them, each capped; `total` rows."""

    counts: dict[ChangeKind, dict[Severity, int]]
    rules: tuple[tuple[RuleWords, dict[ChangeKind, int]], ...]
    rules_total: int
    rows: tuple[Change, ...]

    def of(self, kind: ChangeKind) -> int:
        """Changes of one kind."""
        return sum(self.counts[kind].values())

    @property
    def total(self) -> int:
        """Changes of every kind."""
        return sum(map(self.of, CHANGE_KINDS))

    @property
    def kinds(self) -> dict[ChangeKind, int]:
        """Every kind that there is, with its number."""
        return {kind: self.of(kind) for kind in CHANGE_KINDS if self.of(kind)}

    def news(self, severity: Severity) -> int:
        """New and regressed findings of one severity."""
        return sum(self.counts[kind][severity] for kind in NEWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One row of contracts.parquet."""

    entry: int
    source: str
    url: str | None
    state: ContractState
    detail: str
    until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """`counts` by state; `rows` in the order of what needs a look, capped; an entry that nothing matched is one of them."""

    counts: dict[ContractState, int]
    rows: tuple[Contract, ...]

    @property
    def total(self) -> int:
        """Rows of every state."""
        return sum(self.counts.values())


def changes(tables: Tables, catalogue: Mapping[str, Rule]) -> Changes:
    """Count and rank what changed."""
    counts: dict[ChangeKind, dict[Severity, int]] = {kind: dict.fromkeys(SEVERITIES, 0) for kind in CHANGE_KINDS}
    rules: dict[str, dict[ChangeKind, int]] = {}
    for kind, severity, rule, count in tables.all(
        "select kind, severity, rule, count(*) from changes group by all order by all"
    ):
        counts[kind][severity] += count
        by_kind = rules.setdefault(rule, dict.fromkeys(CHANGE_KINDS, 0))
        by_kind[kind] += count
    most = sorted(rules.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    rows = tables.all(f"select {_CHANGE} from changes order by {CHANGE_ORDER} limit ?", [MAX_ROWS])
    return Changes(
        counts=counts,
        rules=tuple((words(rule, "info", catalogue), by_kind) for rule, by_kind in most[:MAX_RULES]),
        rules_total=len(most),
        rows=tuple(
            Change(
                kind=kind,
                rule=words(rule, severity, catalogue),
                severity=severity,
                severity_before=before,
                url=url,
                group=group,
                detail=detail,
            )
            for kind, rule, severity, before, url, group, detail in rows
        ),
    )


_CHANGE = 'kind, rule, severity, severity_before, url, "group", detail'
CHANGE_ORDER = f'list_position({list(CHANGE_KINDS)!r}, kind), {WORST_FIRST}, rule, "group", url'


def contracts(tables: Tables) -> Contracts:
    """Count the contracts and list them: what is broken first, what is kept last."""
    found = dict(tables.all("select state, count(*) from contracts group by all"))
    names = ("entry", "source", "url", "state", "detail", "until")
    rows = tables.all(f"select {', '.join(names)} from contracts order by {CONTRACT_ORDER} limit ?", [MAX_CONTRACTS])
    return Contracts(
        counts={state: found[state] for state in CONTRACT_STATES if state in found},
        rows=tuple(Contract(**dict(zip(names, row, strict=True))) for row in rows),
    )


CONTRACT_ORDER = "list_position(['broken', 'expired', 'unchecked', 'unmatched', 'kept'], state), entry, url"
