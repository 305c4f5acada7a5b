"""The one view of a run that every output takes: facts, words and rows, ranked and capped, and no markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from seoaudit import rules
from seoaudit.render import chains, entry_points, findings, forms, hsts, numbers, redirect_map
from seoaudit.render import changes as changed
from seoaudit.render.glossary import GLOSSARY, Term
from seoaudit.render.headlines import Headline, headlines, since_last
from seoaudit.render.tables import open_tables
from seoaudit.render.verdict import failure, verdict
from seoaudit.store.summaries import trend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.records import Limit, Severity
    from seoaudit.render.chains import Chain, ListedUrl
    from seoaudit.render.changes import Changes, Contracts
    from seoaudit.render.entry_points import EntryPoints
    from seoaudit.render.findings import FixGroup, RuleWords, Section
    from seoaudit.render.forms import FormRow
    from seoaudit.render.hsts import HostPolicy
    from seoaudit.render.numbers import Numbers, Share
    from seoaudit.render.redirect_map import RedirectMap
    from seoaudit.render.tables import Tables
    from seoaudit.rules import Rule
    from seoaudit.store.folder import RunFolder, RunInfo
    from seoaudit.store.summaries import Point

FIX_ROWS = 200
"""Links to edit kept in the view; the rest is in the table."""


STANDING_ROWS = 200
"""Long-standing redirects kept in the view."""

FILE_ARGUMENTS = frozenset({"ca_file", "urls", "config", "output", "hsts_list"})
"""Arguments that name a file or folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One link to edit: field by field the columns of fixes.parquet."""

    page: str | None
    element: str
    text: str | None
    href: str | None
    replace_with: str | None
    target: str
    redirect_count: int
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A temporary redirect that has stood long, or whose targets rotate: the columns of standing.parquet; `since` is a date."""

    url: str
    status: int
    target: str
    since: str
    weeks: int
    sightings: int
    proposed_status: int | None
    severity: Severity | None
    rotating: bool
    inlinks: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRule:
    """A rule that raised: its findings are missing from every table."""

    id: str
    title: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One run as a reader meets it. Rows are capped here; every `*_total` counts the table, which has them all.

    `groups` are what to fix first, one a rule and group; `sections` one a rule with findings, worst first, `silent` the
    rules without; `limits` what the audit could not see; `listed` the URLs of list mode in the order given, empty in a crawl;
    `hosts` the site's hosts with their HSTS policies; `since_last` how the headlines of these names differ from the last run's.
    `changes` what is not as it was in the run that `info.compared_with` names; `contracts` what `[[expected]]` says;
    `trend` the numbers of the last runs, this one's last.
    """

    info: RunInfo
    verdict: str
    counts: dict[Severity, int]
    groups: tuple[FixGroup, ...]
    groups_total: int
    sections: tuple[Section, ...]
    silent: tuple[RuleWords, ...]
    failed_rules: tuple[FailedRule, ...]
    limits: tuple[Limit, ...]
    numbers: Numbers
    statuses: tuple[Share, ...]
    mechanisms: tuple[Share, ...]
    chains: tuple[Chain, ...]
    chains_total: int
    fixes: tuple[Fix, ...]
    fixes_total: int
    listed: tuple[ListedUrl, ...]
    standing: tuple[Standing, ...]
    standing_total: int
    redirect_map: RedirectMap
    entry_points: EntryPoints
    forms: tuple[FormRow, ...]
    forms_total: int
    hosts: tuple[HostPolicy, ...]
    hosts_total: int
    changes: Changes
    contracts: Contracts
    trend: tuple[Point, ...]
    glossary: tuple[Term, ...] = GLOSSARY
    since_last: Mapping[str, int] = field(default_factory=dict)

    @property
    def browser_view(self) -> bool:
        """Whether a browser would not ask some drawn http URL, because of HSTS."""
        return any(hop.visitor for chain in self.chains for hop in chain.hops)

    @property
    def what_to_try(self) -> str:
        """What a failed audit advises; empty where nothing failed or nothing is known to help."""
        return failure(self.info)[1] if self.info.state == "failed" else ""

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the run; of a file only its name, and no mail address: a report is passed on, and they name people and places."""
        return {
            name: _file_name(value) if name in FILE_ARGUMENTS else value
            for name, value in self.info.arguments.items()
            if name != "mail_to"
        }

    @property
    def headlines(self) -> tuple[Headline, ...]:
        """The numbers that a reader looks for first."""
        return headlines(self.counts, self.numbers, self.fixes_total)

    @property
    def findings_total(self) -> int:
        """Findings of every severity."""
        return sum(self.counts.values())


def build_view(folder: RunFolder, catalogue: Mapping[str, Rule] | None = None) -> ReportView:
    """Read run.json and the tables of a run; a table that is not there counts as empty.

    `catalogue` gives the words of the rules, by default those of this version.
    Raises OSError or pydantic's ValidationError for a missing or broken run.json.
    """
    info = folder.read_info()
    with open_tables(folder) as tables:
        return _view(info, trend(folder), tables, rules.catalogue() if catalogue is None else catalogue)


def _file_name(value: Any) -> Any:
    """Cut the folders off a path, whichever way its slashes lean."""
    return PureWindowsPath(value).name or value if isinstance(value, str) else value


def _view(info: RunInfo, points: tuple[Point, ...], tables: Tables, catalogue: Mapping[str, Rule]) -> ReportView:
    counts = findings.severity_counts(tables)
    groups, groups_total = findings.groups(tables, catalogue)
    totals = numbers.numbers(tables)
    (chains_total,) = tables.one("select count(*) from chains")
    hosts, hosts_total = hsts.host_policies(tables)
    (standing_total,) = tables.one("select count(*) from standing")
    (fixes_total,) = tables.one("select count(*) from fixes")
    (forms_total,) = tables.one("select count(*) from forms")
    return ReportView(
        info=info,
        verdict=verdict(info, counts, groups, totals),
        counts=counts,
        groups=groups,
        groups_total=groups_total,
        sections=findings.sections(tables, catalogue),
        silent=findings.silent(tables, info, catalogue),
        failed_rules=tuple(
            FailedRule(id=rule_id, title=findings.words(rule_id, "info", catalogue).title, error=error)
            for rule_id, error in sorted(info.failed_rules.items())
        ),
        limits=numbers.limits(tables, info),
        numbers=totals,
        statuses=numbers.statuses(tables),
        mechanisms=numbers.mechanisms(tables),
        chains=chains.drawn_chains(tables),
        chains_total=chains_total,
        fixes=_fixes(tables),
        fixes_total=fixes_total,
        listed=chains.listed(tables, info.listed_urls),
        standing=_standing(tables),
        standing_total=standing_total,
        redirect_map=redirect_map.redirect_map(tables),
        entry_points=entry_points.entry_points(tables),
        forms=forms.forms(tables),
        forms_total=forms_total,
        hosts=hosts,
        hosts_total=hosts_total,
        changes=changed.changes(tables, catalogue),
        contracts=changed.contracts(tables),
        trend=points,
        since_last=since_last(points),
    )


def _fixes(tables: Tables) -> tuple[Fix, ...]:
    names = ("page", "element", "text", "href", "replace_with", "target", "redirect_count", "outcome")
    rows = tables.all(f"select {', '.join(names)} from fixes limit ?", [FIX_ROWS])  # the table has its order already
    return tuple(Fix(**dict(zip(names, row, strict=True))) for row in rows)


def _standing(tables: Tables) -> tuple[Standing, ...]:
    names = (
        "url",
        "status",
        "target",
        "weeks",
        "sightings",
        "proposed_status",
        "severity",
        "rotating",
        "inlinks",
        "since",
    )
    rows = tables.all(
        f"""select {", ".join(names[:-1])}, strftime(timezone('UTC', since), '%Y-%m-%d') from standing
        order by rotating, weeks desc, coalesce(inlinks, 0) desc, url limit ?""",
        [STANDING_ROWS],
    )
    return tuple(Standing(**dict(zip(names, row, strict=True))) for row in rows)
