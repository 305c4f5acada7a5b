"""Findings as a reader takes them: one section a rule, and the causes that one change mends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seoaudit.records import SEVERITIES
from seoaudit.render.tables import WORST_FIRST, moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from seoaudit.records import Severity
    from seoaudit.render.tables import Tables
    from seoaudit.rules import Reference, Rule
    from seoaudit.store.folder import RunInfo

SECTION_ROWS = 200
"""Findings kept in the view for one rule; the rest is in the table."""

MAX_GROUPS = 200
"""Causes kept in the view, the first to fix first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """What a rule says about itself; a rule of an earlier version that is gone has its id and no more."""

    id: str
    title: str
    family: str
    severity: Severity
    why: str = ""
    fix: str = ""
    references: tuple[Reference, ...] = ()
    inferred: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of findings.parquet."""

    severity: Severity
    url: str
    detail: str
    fix: str
    inlinks: int
    first_seen: datetime | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One rule with findings: its words, how many there are by severity, and the first `SECTION_ROWS` of them."""

    rule: RuleWords
    severity: Severity
    total: int
    by_severity: dict[Severity, int]
    rows: tuple[Finding, ...]

    @property
    def left_out(self) -> int:
        """Findings of the rule that are not in `rows`."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShare:
    """What one rule says about a cause; `change` is the exact change, `example_change` one row's own where rows differ."""

    rule: RuleWords
    severity: Severity
    count: int
    change: str
    example: str
    example_change: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixGroup:
    """Findings that share one cause: `count` distinct URLs, `inlinks` mentions of them; `shares` has the worst rule first.

    `named` says that the rules found one cause; else the group is what one rule found, and `text` the rule's title.
    """

    text: str
    named: bool
    severity: Severity
    count: int
    inlinks: int
    shares: tuple[RuleShare, ...]

    @property
    def rule(self) -> RuleWords:
        """The rule that judges this cause most severely."""
        return self.shares[0].rule

    @property
    def example(self) -> str:
        """One URL of the group, the most linked one."""
        return self.shares[0].example

    @property
    def change(self) -> str:
        """The exact change that mends the group."""
        return self.shares[0].change

    @property
    def example_change(self) -> str | None:
        """The change for `example`, where each URL of the group needs its own."""
        return self.shares[0].example_change


def words(rule_id: str, severity: Severity, rules: Mapping[str, Rule]) -> RuleWords:
    """Look up the words of a rule by its id, also of one that the catalogue no longer has."""
    rule = rules.get(rule_id)
    if rule is None:
        return RuleWords(id=rule_id, title=rule_id.replace("-", " ").capitalize(), family="Other", severity=severity)
    return RuleWords(
        id=rule_id,
        title=rule.title,
        family=rule.family,
        severity=rule.severity,
        why=rule.why,
        fix=rule.fix,
        references=rule.references,
        inferred=rule.inferred,
    )


def severity_counts(tables: Tables) -> dict[Severity, int]:
    """Count findings by severity, worst first, a zero for each severity without any."""
    counts = dict(tables.all("select severity, count(*) from findings group by all"))
    return {severity: counts.get(severity, 0) for severity in SEVERITIES}


def sections(tables: Tables, rules: Mapping[str, Rule]) -> tuple[Section, ...]:
    """Make one section a rule that found something: worst severity first, then the most findings."""
    rows = _first_rows(tables)
    counts: dict[str, dict[Severity, int]] = {}
    order = f"select rule, severity, count(*) from findings group by rule, severity order by {WORST_FIRST}, count(*) desc, rule"
    for rule_id, severity, count in tables.all(order):
        counts.setdefault(rule_id, {})[severity] = count
    return tuple(_section(rule_id, by_severity, rows[rule_id], rules) for rule_id, by_severity in counts.items())


def silent(tables: Tables, info: RunInfo, rules: Mapping[str, Rule]) -> tuple[RuleWords, ...]:
    """List the rules that looked and found nothing, by title; none when the audit failed before it judged."""
    if info.state == "failed":
        return ()
    spoke = {rule_id for (rule_id,) in tables.all("select distinct rule from findings")} | info.failed_rules.keys()
    quiet = (words(rule_id, rule.severity, rules) for rule_id, rule in rules.items() if rule_id not in spoke)
    return tuple(sorted(quiet, key=lambda rule: rule.title))


def _section(rule_id: str, by_severity: dict[Severity, int], rows: list[Finding], rules: Mapping[str, Rule]) -> Section:
    severity = next(iter(by_severity))
    return Section(
        rule=words(rule_id, severity, rules),
        severity=severity,
        total=sum(by_severity.values()),
        by_severity=by_severity,
        rows=tuple(rows),
    )


_COLUMNS = ("severity", "url", "detail", "fix", "inlinks", "first_seen", "group")


def _first_rows(tables: Tables) -> dict[str, list[Finding]]:
    order = f"{WORST_FIRST}, coalesce(inlinks, 0) desc, url, detail"
    rows: dict[str, list[Finding]] = {}
    for rule_id, *cells in tables.all(
        f"""select rule, severity, url, detail, coalesce(fix, ''), coalesce(inlinks, 0), epoch_us(first_seen), "group"
        from findings qualify row_number() over (partition by rule order by {order}) <= ? order by rule, {order}""",
        [SECTION_ROWS],
    ):
        row = Finding(**{**dict(zip(_COLUMNS, cells, strict=True)), "first_seen": moment(cells[5])})
        rows.setdefault(rule_id, []).append(row)
    return rows


# A group of one URL is no shared cause: it counts with its rule.
_SHARED = """min(url) over (partition by "group") <> max(url) over (partition by "group")"""
_KEYED = f"""(select *, if("group" <> '' and {_SHARED}, 'group:' || "group", 'rule:' || rule) as key
    from findings where severity <> 'info')"""


def groups(tables: Tables, rules: Mapping[str, Rule]) -> tuple[tuple[FixGroup, ...], int]:
    """Rank the causes in the order to fix them: the first `MAX_GROUPS`, and how many causes there are; `info` asks for no change.

    Order: severity, then reach (URLs and the mentions of them). Findings that share no group with another URL
    count as one cause a rule.
    """
    causes = tables.all(
        f"""select key, min(worst), count(*), sum(inlinks), count(*) over () from (
            select key, url, min({WORST_FIRST}) as worst, max(coalesce(inlinks, 0)) as inlinks
            from {_KEYED} group by key, url
        ) group by key order by min(worst), count(*) + sum(inlinks) desc, key limit ?""",
        [MAX_GROUPS],
    )
    shares = _shares(tables, [key for key, *_ in causes], rules)
    found = tuple(
        FixGroup(
            text=key.removeprefix("group:") if key.startswith("group:") else shares[key][0].rule.title,
            named=key.startswith("group:"),
            severity=SEVERITIES[worst - 1],
            count=count,
            inlinks=int(inlinks),
            shares=tuple(shares[key]),
        )
        for key, worst, count, inlinks, _ in causes
    )
    return found, causes[0][-1] if causes else 0


def _shares(tables: Tables, keys: list[str], rules: Mapping[str, Rule]) -> dict[str, list[RuleShare]]:
    shares: dict[str, list[RuleShare]] = {}
    best = "order by coalesce(inlinks, 0) desc, url, fix"
    for key, rule_id, worst, count, fixes, url, fix in tables.all(
        f"""select key, rule, min({WORST_FIRST}), count(distinct url), count(distinct fix),
            first(url {best}), coalesce(first(fix {best}), '')
        from {_KEYED} where list_contains(?, key) group by key, rule order by 3, 4 desc, rule""",
        [keys],
    ):
        severity = SEVERITIES[worst - 1]
        rule = words(rule_id, severity, rules)
        one_change = fixes <= 1
        share = RuleShare(
            rule=rule,
            severity=severity,
            count=count,
            change=(fix or rule.fix) if one_change else (rule.fix or fix),
            example=url,
            example_change=None if one_change or fix == rule.fix else fix,
        )
        shares.setdefault(key, []).append(share)
    return shares
