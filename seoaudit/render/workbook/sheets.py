"""The long sheets, one function each: which columns, which rows, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seoaudit.records import SEVERITIES
from seoaudit.render.chains import BADNESS
from seoaudit.render.changes import CHANGE_ORDER, CONTRACT_ORDER
from seoaudit.render.tables import WORST_FIRST, moment
from seoaudit.render.workbook.form_sheet import forms
from seoaudit.render.workbook.lists import Column, Limits, Listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.render.chains import ListedUrl
    from seoaudit.render.tables import Tables
    from seoaudit.render.view import ReportView
    from seoaudit.render.workbook.cells import Value

HOP_COLUMNS = 10
"""Hops of a chain that have columns of their own; what is longer says how much, and the Hops sheet goes on."""

_ENDS = (
    "loop",
    "too-many",
    "unreachable",
    "invalid-location",
    "client-error",
    "server-error",
    "unfinished",
    "robots",
    "external",
)
_WEAK = ("temporary", "mixed")


def listings(view: ReportView, tables: Tables, limits: Limits) -> Iterator[Listing]:
    """Give the long sheets in the order of the workbook."""
    if view.info.compared_with:
        yield what_changed(view, tables, limits)
    if view.info.listed_urls:
        yield listed_urls(view, limits)
    yield fix_list(view, tables, limits)
    yield findings(view, tables, limits)
    if view.standing:
        yield standing(view, tables, limits)
    yield entry_points(tables, limits)
    yield forms(view, tables, limits)
    yield chains(view, tables, limits)
    yield hops(tables, limits)
    if view.contracts.total:
        yield expected_redirects(view, tables, limits)
    yield hsts(tables, limits)


def what_changed(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List the findings that are not as they were in the run before."""
    return Listing(
        name="What changed",
        about=f"Findings that are new, back, changed, fixed or not seen again since the run {view.info.compared_with}",
        table="changes.parquet",
        columns=(
            Column("Change", 16),
            Column("Severity", 11, words=SEVERITIES),
            Column("Severity before", 11),
            Column("Rule", 28),
            Column("URL", 46),
            Column("What was seen", 60),
            Column("Cause", 36),
        ),
        rows=tables.stream(
            f"""select replace(kind, '-', ' '), severity, severity_before, rule, url, detail, "group" from changes
            order by {CHANGE_ORDER} limit ?""",
            [limits.rows],
        ),
        total=view.changes.total,
        limit=limits.rows,
        frozen=1,
    )


def expected_redirects(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List the contracts, what needs a look first."""
    return Listing(
        name="Expected redirects",
        about="What [[expected]] of seoaudit.toml names as meant, and what was answered",
        table="contracts.parquet",
        columns=(
            Column("State", 12),
            Column("URL", 46),
            Column("What was seen", 60),
            Column("Until", 12),
            Column("Entry", 8, "number"),
            Column("Source", 40),
        ),
        rows=tables.stream(
            f"select state, url, detail, until, entry, source from contracts order by {CONTRACT_ORDER} limit ?",
            [limits.rows],
        ),
        total=view.contracts.total,
        limit=limits.rows,
        frozen=1,
    )


def listed_urls(view: ReportView, limits: Limits) -> Listing:
    """List the URLs of list mode in the order given, each with its end."""
    return Listing(
        name="Listed URLs",
        about="The listed URLs in their order, and where each ends",
        table="run.json",
        columns=(
            Column("No.", 6, "number"),
            Column("Listed URL", 46),
            Column("Status", 9, "number"),
            Column("Error", 11),
            Column("Redirects", 12, "number"),
            Column("Statuses on the way", 22),
            Column("Ends at", 46),
            Column("Final status", 8, "number"),
            Column("How it ends", 17, words=_ENDS),
            Column("Permanence", 14, words=_WEAK),
        ),
        rows=(_listed(line) for line in view.listed),
        total=len(view.listed),
        limit=limits.rows,
    )


def _listed(line: ListedUrl) -> tuple[Value, ...]:
    return (
        line.position,
        line.url,
        line.status,
        line.error,
        line.redirect_count,
        " → ".join("none" if status is None else str(status) for status in line.statuses),
        line.final_url,
        line.final_status,
        line.outcome,
        line.permanence,
    )


def fix_list(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List the links to edit, page by page."""
    return Listing(
        name="Fix list",
        about="Every link to edit, page by page. Nothing to write instead: the chain is broken, choose a page that answers",
        table="fixes.parquet",
        columns=(
            Column("Page", 42),
            Column("Element", 12),
            Column("Anchor text", 20),
            Column("Current href", 38),
            Column("Write this instead", 42),
            Column("Redirects", 12, "number"),
            Column("How it ends", 17, words=_ENDS),
            Column("URL asked", 42),
        ),
        rows=tables.stream(
            """select page, element, text, coalesce(href, target), replace_with, redirect_count, outcome, target
            from fixes order by page nulls last, target, element, href, text limit ?""",
            [limits.repeated_rows],
        ),
        total=view.fixes_total,
        limit=limits.repeated_rows,
        printed=7,
        frozen=1,
    )


def findings(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List the findings of every rule, worst first."""
    titles = {section.rule.id: section.rule.title for section in view.sections}
    rows = tables.stream(
        f"""select severity, rule, url, detail, fix, inlinks, epoch_us(first_seen), "group" from findings
        order by {WORST_FIRST}, rule, coalesce(inlinks, 0) desc, url, detail limit ?""",
        [limits.rows],
    )
    return Listing(
        name="Findings",
        about="Every finding of every rule, the worst first",
        table="findings.parquet",
        columns=(
            Column("Severity", 12, words=SEVERITIES),
            Column("Problem", 22),
            Column("URL", 42),
            Column("What was seen", 42),
            Column("What to change", 42),
            Column("Inlinks", 10, "number"),
            Column("First seen (UTC)", 18, "date"),
            Column("Cause", 36),
            Column("Rule", 24),
        ),
        rows=(
            (severity, titles.get(rule, rule), url, detail, fix, inlinks, moment(seen), group, rule)
            for severity, rule, url, detail, fix, inlinks, seen, group in rows
        ),
        total=view.findings_total,
        limit=limits.rows,
        printed=8,
        frozen=1,
    )


def entry_points(tables: Tables, limits: Limits) -> Listing:
    """List every name of the site under every scheme."""
    (total,) = tables.one("select count(*) from entry_points")
    rows = tables.stream(
        """select host, scheme, statuses, redirect_count, final_url, final_status, permanence, if(meets, 'yes', 'no'), outcome,
            pages_asked, pages_kept, pages_answered, paths_lost, queries_lost, pages_failed
        from entry_points limit ?""",
        [limits.rows],
    )
    return Listing(
        name="HTTPS matrix",
        about="Every name of the site over http and https: what it answers, and what becomes of path and query",
        table="entry_points.parquet",
        columns=(
            Column("Name", 30),
            Column("Scheme", 9),
            Column("Answers", 20),
            Column("Redirects", 12, "number"),
            Column("Ends at", 42),
            Column("Final status", 8, "number"),
            Column("Permanence", 14, words=_WEAK),
            Column("Where the others end", 12),
            Column("How it ends", 17, words=_ENDS),
            Column("Pages asked", 9, "number"),
            Column("Path and query kept", 12, "number"),
            Column("Answer without redirect", 12, "number"),
            Column("Path lost", 9, "number"),
            Column("Query lost", 9, "number"),
            Column("Failed", 9, "number"),
        ),
        rows=rows,
        total=int(total),
        limit=limits.rows,
        frozen=1,
    )


def standing(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List the temporary redirects that have stood long, the oldest first, and those whose targets rotate."""
    rows = tables.stream(
        """select url, status, target, epoch_us(since), weeks, sightings, proposed_status, inlinks,
            coalesce(severity, if(rotating, 'targets rotate: left alone', 'temporary by nature')) from standing
        order by rotating, weeks desc, coalesce(inlinks, 0) desc, url limit ?""",
        [limits.rows],
    )
    return Listing(
        name="Long-standing",
        about="Temporary redirects that have stood for weeks, and what to answer if they are for good",
        table="standing.parquet",
        columns=(
            Column("URL", 44),
            Column("Status", 9, "number"),
            Column("Target", 44),
            Column("Since (UTC)", 18, "date"),
            Column("Weeks", 9, "number"),
            Column("Sightings in a row", 11, "number"),
            Column("Status if for good", 11, "number"),
            Column("Inlinks", 10, "number"),
            Column("Severity", 20, words=SEVERITIES),
        ),
        rows=((*row[:3], moment(row[3]), *row[4:]) for row in rows),
        total=view.standing_total,
        limit=limits.rows,
        frozen=1,
    )


def chains(view: ReportView, tables: Tables, limits: Limits) -> Listing:
    """List one chain a row, its hops in columns."""
    shown = min(HOP_COLUMNS, max(1, view.numbers.longest))
    columns = (
        Column("Requested URL", 44),
        Column("Redirects", 12, "number"),
        Column("How it ends", 17, words=_ENDS),
        Column("Permanence", 14, words=_WEAK),
        Column("Ends at", 44),
        Column("Final status", 8, "number"),
        Column("Final error", 11),
        Column("Mechanisms", 16),
        Column("Latency of all hops, ms", 14, "number"),
        Column("Loop length", 9, "number"),
        Column("Hosts", 9, "number"),
        Column("Inlinks", 10, "number"),
    )
    hop_columns = [
        column
        for hop in range(1, shown + 1)
        for column in (Column(f"Hop {hop} status", 9, "number"), Column(f"Hop {hop} to", 44))
    ]
    rows = tables.stream(
        f"""select requested_url, redirect_count, outcome, permanence, final_url, final_status, final_error,
            array_to_string(list_distinct(mechanisms), ', '), latency_ms, loop_length, host_count, inlinks,
            statuses[:?], url_list[:?]
        from chains order by {BADNESS}, redirect_count desc, coalesce(inlinks, 0) desc, requested_url limit ?""",
        [shown, shown + 1, limits.rows],
    )
    return Listing(
        name="Chains",
        about="Every URL that redirects, with its hops side by side",
        table="chains.parquet",
        columns=(*columns, *hop_columns, Column("More", 14)),
        rows=(_chain(row, shown) for row in rows),
        total=view.chains_total,
        limit=limits.rows,
        printed=len(columns),
        frozen=1,
    )


def _chain(row: tuple[Any, ...], shown: int) -> tuple[Value, ...]:
    *facts, statuses, urls = row
    hops: list[Value] = []
    for status, url in zip(statuses or (), (urls or ())[1:], strict=False):
        hops += [status, url]
    left = (facts[1] or 0) - shown
    return (*facts, *hops, *[None] * (2 * shown - len(hops)), f"… {left:,} more" if left > 0 else None)


def hops(tables: Tables, limits: Limits) -> Listing:
    """List one hop a row; a redirect status without a usable Location is a hop that leads nowhere."""
    (total,) = tables.one("select coalesce(sum(greatest(redirect_count, 1)), 0) from chains")
    rows = tables.stream(
        f"""with paths as (
            select requested_url, greatest(redirect_count, 1) as count, url_list[:greatest(len(url_list) - 1, 1)] as urls,
                row_number() over (order by {BADNESS}, redirect_count desc, coalesce(inlinks, 0) desc, requested_url) as nth
            from chains
        ), steps as (
            select nth, requested_url, count, unnest(urls) as url, generate_subscripts(urls, 1) as position from paths
        )
        select requested_url, position, count, url, status, error, mechanism, location, location_url, refresh_delay, latency_ms,
            epoch_us(fetched_at)
        from steps left join responses using (url) order by nth, position limit ?""",
        [limits.repeated_rows],
    )
    return Listing(
        name="Hops",
        about="Every hop of every chain: what was asked and what came back",
        table="chains.parquet and responses.parquet",
        columns=(
            Column("Requested URL", 38),
            Column("Hop", 8, "number"),
            Column("of", 6, "number"),
            Column("URL", 38),
            Column("Status", 9, "number"),
            Column("Error", 11),
            Column("Mechanism", 16),
            Column("Location as sent", 38),
            Column("Leads to", 38),
            Column("Refresh delay, s", 10, "fraction"),
            Column("Latency, ms", 10, "number"),
            Column("Fetched (UTC)", 18, "date"),
        ),
        rows=((*row[:-1], moment(row[-1])) for row in rows),
        total=int(total),
        limit=limits.repeated_rows,
        frozen=1,
    )


def hsts(tables: Tables, limits: Limits) -> Listing:
    """List the hosts with their HSTS policies, the site's own first."""
    (total,) = tables.one("select count(*) from hosts")
    return Listing(
        name="HSTS",
        about="What each host tells browsers with Strict-Transport-Security, and what they then do with its http URLs",
        table="hosts.parquet",
        columns=(
            Column("Host", 30),
            Column("Of the site", 9),
            Column("HTTPS answers", 10, "number"),
            Column("No HTTPS because", 12),
            Column("Policy as sent", 38),
            Column("max-age, s", 13, "number"),
            Column("includeSubDomains", 19),
            Column("preload", 9),
            Column("Wrong with it", 32),
            Column("Answers without", 10, "number"),
            Column("Such as", 34),
            Column("Redirects without", 10, "number"),
            Column("Such as", 34),
            Column("Different values", 10, "number"),
            Column("Another value", 30),
            Column("Sent over http", 10, "number"),
            Column("Covered by", 20),
            Column("Preloaded as", 20),
            Column("Preload list of", 12),
            Column("Preload refused because", 40),
            Column("Browser", 11),
        ),
        rows=tables.stream(
            """select host, if(in_scope, 'yes', 'no'), https_answers, https_error, hsts, max_age,
                if(include_subdomains, 'yes', 'no'), if(preload, 'yes', 'no'), problem, answers_without, answers_without_url,
                redirects_without, redirects_without_url, hsts_values, other_hsts, sent_over_http, inherited_from, preloaded_by,
                preload_list_date, preload_requirement_failed, browser
            from hosts order by in_scope desc, https_answers desc, host limit ?""",
            [limits.rows],
        ),
        total=int(total),
        limit=limits.rows,
        frozen=1,
    )
