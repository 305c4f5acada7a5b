"""Findings as a reader takes them: one section a rule, and one card for what a rule found in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
"""Cards kept in the view, the first to fix first."""


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
    """One row of findings.parquet; `alike` is the URL of an earlier row of the rule with the same group and the same change."""

    severity: Severity
    url: str
    detail: str
    fix: str
    inlinks: int
    first_seen: datetime | None
    group: str | None
    alike: str | None


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
class FixGroup:
    """What one rule found in one group: `count` distinct URLs, by the worst severity of each, and `inlinks` mentions of them.

    `changes` are needed for that. `text` is what the URLs have in common, None where the rule gave no group that two of them share: then the group is
    what is left of the rule. `example` is one URL of the worst severity, the most linked of those. `change` is the exact
    change where one mends all of them, else what the rule advises, with the example's own in `example_change`.
    """

    rule: RuleWords
    text: str | None
    by_severity: dict[Severity, int]
    inlinks: int
    changes: int
    change: str
    example: str
    example_change: str | None
    one_change: bool

    @property
    def severity(self) -> Severity:
        """The worst severity in the group."""
        return next(iter(self.by_severity))

    @property
    def count(self) -> int:
        """Distinct URLs."""
        return sum(self.by_severity.values())

    @property
    def is_cause(self) -> bool:
        """Whether the group is one cause: its URLs share a name, and one change ends them all."""
        return self.text is not None and self.one_change


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
    first: dict[tuple[str, str, str], str] = {}
    for rule_id, *cells in tables.all(
        f"""select rule, severity, url, detail, coalesce(fix, ''), coalesce(inlinks, 0), epoch_us(first_seen), "group"
        from findings qualify row_number() over (partition by rule order by {order}) <= ? order by rule, {order}""",
        [SECTION_ROWS],
    ):
        known = {**dict(zip(_COLUMNS, cells, strict=True)), "first_seen": moment(cells[5])}
        url, group = known["url"], known["group"]
        leader = first.setdefault((rule_id, group, known["fix"]), url) if group else url
        row = Finding(**known, alike=leader if leader != url else None)
        rows.setdefault(rule_id, []).append(row)
    return rows


# A group of one URL is shared with none: it counts with its rule. A URL counts once, by its worst finding.
_SHARED = """min(url) over (partition by rule, "group") <> max(url) over (partition by rule, "group")"""
_CARDS = f"""with members as (
    select rule, if("group" <> '' and {_SHARED}, "group", null) as name, url, fix, {WORST_FIRST} as rank,
        coalesce(inlinks, 0) as inlinks
    from findings where severity <> 'info'
), urls as (
    select rule, name, url, min(rank) as rank, max(inlinks) as inlinks from members group by all
), changes as (
    select rule, name, count(distinct fix) as fixes, arg_min(fix, (rank, -inlinks, url, fix)) as fix,
        arg_min(url, (rank, -inlinks, url)) as example
    from members group by all
), worst as (
    select rule, name, min(rank) as worst, sum(inlinks)::bigint as inlinks,
        list_transform(range(1, {len(SEVERITIES)}), lambda r: len(list_filter(list(rank), lambda one: one = r))) as split
    from urls group by all
)"""


def groups(tables: Tables, rules: Mapping[str, Rule]) -> tuple[tuple[FixGroup, ...], int]:
    """Rank what to fix first, one card a (rule, group): the first `MAX_GROUPS`, and how many there are; `info` asks for no change.

    Order: worst severity, then how many URLs and mentions of them one change repairs. What shares no group with another URL of its rule is
    one card with the others of that rule.
    """
    rows = tables.all(
        f"""{_CARDS}
        select worst.rule, worst.name, split, inlinks, fixes, coalesce(fix, ''), example, count(*) over ()
        from worst join changes on worst.rule = changes.rule and worst.name is not distinct from changes.name
        order by worst, (list_sum(split) + inlinks) / greatest(fixes, 1) desc, list_sum(split) desc, worst.rule, worst.name limit ?""",
        [MAX_GROUPS],
    )
    return tuple(_group(row[:-1], rules) for row in rows), rows[0][-1] if rows else 0


def _group(row: tuple[Any, ...], rules: Mapping[str, Rule]) -> FixGroup:
    rule_id, name, split, inlinks, fixes, fix, example = row
    by_severity = {severity: count for severity, count in zip(SEVERITIES, split, strict=False) if count}
    rule = words(rule_id, next(iter(by_severity)), rules)
    one_change = fixes <= 1
    return FixGroup(
        rule=rule,
        text=name,
        by_severity=by_severity,
        inlinks=inlinks,
        changes=max(1, fixes),
        change=(fix or rule.fix) if one_change else (rule.fix or fix),
        example=example,
        example_change=None if one_change or fix == rule.fix else fix,
        one_change=one_change,
    )
