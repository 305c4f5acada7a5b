"""The first sheet and the last: the verdict with what to fix first, and how to read the terms."""

from __future__ import annotations

from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from openpyxl.cell import Cell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.worksheet.hyperlink import Hyperlink

from seoaudit.records import SEVERITIES
from seoaudit.render.trend import SERIES
from seoaudit.render.verdict import plural
from seoaudit.render.workbook import look
from seoaudit.render.workbook.cells import Value, value_cell
from seoaudit.render.workbook.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from seoaudit.render.findings import FixGroup
    from seoaudit.render.numbers import Numbers
    from seoaudit.render.view import ReportView
    from seoaudit.render.workbook.lists import Written

_WIDTHS = (22, 11, 46, 58, 48)
_TABLE = "report.html"
FIRST_GROUPS = 12
"""Cards on the Summary; the Findings sheet has the others."""

TREND = "Trend"
_LONGEST_CAUSE = 200

_SEVERITY_TEXT = {
    "critical": "people or search engines do not reach the page, or leave https",
    "high": "the promise of a redirect is broken",
    "medium": "it works, at a cost",
    "low": "worth fixing when you are there",
    "info": "nothing to fix",
}


class Page:
    """A sheet that is written row by row and knows which row it is at."""

    def __init__(self, sheet: Worksheet, widths: Sequence[int]) -> None:
        self.sheet = sheet
        self.row = 0
        self._widths = widths
        for letter, width in zip("ABCDEFGH", widths, strict=False):
            sheet.column_dimensions[letter].width = width

    def add(
        self, *values: Value, styles: Sequence[str] = (), height: float | None = None, to: str | None = None
    ) -> None:
        """Write one row; a missing style is that of the value's type, and `to` is the sheet that the first cell leads to."""
        self.row += 1
        height = height or look.height_of(values, self._widths)
        if height:
            self.sheet.row_dimensions[self.row].height = height
        chosen = [*styles, *map(_style_of, values[len(styles) :])]
        cells = [value_cell(self.sheet, value, _TABLE, style) for value, style in zip(values, chosen, strict=True)]
        if to and isinstance(cells[0], Cell):
            cells[0].hyperlink = Hyperlink(ref="", location=f"'{to}'!A1")
        self.sheet.append(cells)

    def section(self, title: str) -> None:
        """Write a heading with a line under it, one empty row before it."""
        self.add()
        self.add(title, *[""] * 4, styles=["seo section"] * 5, height=22)

    def header(self, *titles: str, counts: int | None = 1) -> None:
        """Write the header of a small table; the column at `counts` holds numbers."""
        styles = ["seo header number" if position == counts else "seo header" for position in range(len(titles))]
        self.add(*titles, styles=styles, height=20)

    def merge(self, cells: str) -> None:
        """Join the cells of a range such as "A2:E2"."""
        self.sheet.merged_cells.add(cells)


def _style_of(value: Value) -> str:
    if isinstance(value, datetime):
        return "seo date"
    return "seo text" if isinstance(value, str) or value is None else "seo number"


def write_summary(sheet: Worksheet, view: ReportView, lists: Sequence[Written]) -> None:
    """Write the Summary: verdict, severities with a chart, what to fix first, limits, the sheets, the facts of the run."""
    look.print_wide(sheet, header_row=None)
    sheet.sheet_view.showGridLines = False
    page = Page(sheet, _WIDTHS)
    page.add(f"Redirect audit of {view.info.site}", styles=["seo title"], height=30)
    height = look.height_of((view.verdict,), (0.9 * sum(_WIDTHS),)) or look.LINE_POINTS
    page.add(view.verdict, styles=["seo verdict"], height=1.1 * height)
    page.merge("A2:E2")
    _severities(page, view)
    _changes(page, view)
    _groups(page, view)
    _limits(page, view)
    _sheets(page, lists, view)
    _facts(page, view)
    _breakdowns(page, view)


def _severities(page: Page, view: ReportView) -> None:
    page.section("Findings by severity")
    page.header("Severity", "Findings", "Meaning")
    first = page.row + 1
    for severity in SEVERITIES:
        page.add(
            severity,
            view.counts.get(severity, 0),
            _SEVERITY_TEXT[severity],
            height=30 if severity == "critical" else 21,
        )
    look.colour_words(page.sheet, f"A{first}:A{page.row}", SEVERITIES)
    _chart(page.sheet, first)


def _changes(page: Page, view: ReportView) -> None:
    """Write how many findings changed, by what became of them; the sheet What changed has each."""
    if not (view.info.compared_with or view.info.not_compared):
        return
    page.section("What changed")
    if view.info.not_compared:
        page.add(view.info.not_compared, styles=["seo line"], height=look.LINE_POINTS)
        return
    page.header("Change", "Findings", f"Since the run {view.info.compared_with}")
    for kind, by_severity in view.changes.counts.items():
        split = ", ".join(f"{count:,} {severity}" for severity, count in by_severity.items() if count)
        page.add(kind.replace("-", " "), sum(by_severity.values()), split)
    moves = ", ".join(
        f"{count:,} {kind.replace('-', ' ')}" for kind, count in view.info.redirect_changes.items() if count
    )
    page.add("redirects", sum(view.info.redirect_changes.values()), moves or "as they were")


def _chart(sheet: Worksheet, first: int) -> None:
    """Draw the counts beside their table; the bars are named, so that colour is not needed to read them."""
    chart = BarChart()
    chart.type = "bar"
    last = first + len(SEVERITIES) - 1
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    (bars,) = chart.series
    for position, severity in enumerate(SEVERITIES):
        point = DataPoint(idx=position)
        point.graphicalProperties.solidFill = look.SEVERITY_FILL[severity][2:]
        bars.data_points.append(point)
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    chart.legend = None
    chart.gapWidth = 40
    chart.x_axis.scaling.orientation = "maxMin"  # the worst on top, as in the table
    chart.x_axis.delete = False
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.width, chart.height = 15, 4.6
    sheet.add_chart(chart, f"D{first - 1}")


def _groups(page: Page, view: ReportView) -> None:
    page.section("Fix first")
    if not view.groups:
        page.add("Nothing found in what was asked.", styles=["seo line"], height=look.LINE_POINTS)
        return
    page.header("Severity", "URLs", "Problem", "Change", "For example")
    first = page.row + 1
    shown = view.groups[:FIRST_GROUPS]
    for group in shown:
        change = (
            group.change if group.example_change is None else f"{group.change}\nFor the example: {group.example_change}"
        )
        problem = f"{shorten(_problem(group), _LONGEST_CAUSE, placeholder=' …')}{_split(group)}"
        page.add(group.severity, group.count, problem, change, group.example)
    look.colour_words(page.sheet, f"A{first}:A{page.row}", SEVERITIES)
    if view.groups_total > len(shown):
        left = view.groups_total - len(shown)
        page.add(
            f"{plural(left, 'more problem')}: see the sheet Findings.",
            styles=["seo note"],
            height=look.LINE_POINTS,
        )


def _problem(group: FixGroup) -> str:
    if group.text is None:
        return group.rule.title
    return f"{group.rule.title}. {'Cause' if group.is_cause else 'In common'}: {group.text}"


def _split(group: FixGroup) -> str:
    if len(group.by_severity) == 1:
        return ""
    return "\n" + ", ".join(f"{count:,} {severity}" for severity, count in group.by_severity.items())


def _limits(page: Page, view: ReportView) -> None:
    page.section("What limited the audit")
    failed = [(rule.title, f"this rule failed, its findings are missing: {rule.error}") for rule in view.failed_rules]
    if not (view.limits or failed):
        page.add("Nothing: every URL that was found was asked.", styles=["seo line"], height=look.LINE_POINTS)
        return
    page.header("Limit", "URLs", "What it means", "", "")
    for limit in view.limits:
        _wide(page, limit.name, limit.count or None, limit.detail)
    for title, error in failed:
        _wide(page, title, None, error)


def _wide(page: Page, label: str, count: int | None, text: str) -> None:
    """Write a row whose text runs over the last three columns."""
    height = look.height_of((label, text), (_WIDTHS[0], sum(_WIDTHS[2:]))) or look.LINE_POINTS
    page.add(label, count, text, "", "", styles=["seo label", "seo number", *["seo text"] * 3], height=height)
    page.merge(f"C{page.row}:E{page.row}")


def _sheets(page: Page, lists: Sequence[Written], view: ReportView) -> None:
    page.section("Sheets of this workbook")
    page.header("Sheet", "Rows", "What it holds", "Left out", "The full table, in the run folder")
    for done in lists:
        listing = done.listing
        left_out = listing.note(done.rows) or "nothing"
        rows: int | None = done.rows
        for name in done.sheets:
            page.add(name, rows, listing.about, left_out, listing.table, styles=["seo link"], to=name)
            rows, left_out = None, ""
    if len(view.trend) > 1:
        page.add(TREND, None, "Findings and redirects of the last runs", None, None, styles=["seo link"], to=TREND)
    page.add("Glossary", None, "How to read the terms", None, None, styles=["seo link"], to="Glossary")


def _facts(page: Page, view: ReportView) -> None:
    page.section("The run")
    for label, value in (*_run_facts(view), *_number_facts(view.numbers)):
        if value not in {None, ""}:
            _fact(page, label, value)


def _fact(page: Page, label: str, value: Value) -> None:
    style = "seo date" if isinstance(value, datetime) else "seo fact"
    height = look.height_of((label, value), (sum(_WIDTHS[:2]), 0.9 * sum(_WIDTHS[2:]))) or look.LINE_POINTS
    page.add(label, "", value, "", "", styles=["seo label", "seo label", style, style, style], height=height)
    page.merge(f"A{page.row}:B{page.row}")
    page.merge(f"C{page.row}:E{page.row}")


def _run_facts(view: ReportView) -> tuple[tuple[str, Value], ...]:
    info = view.info
    return (
        ("Start URL", info.start),
        ("Host adopted from the start URL", info.adopted_host),
        ("Hosts audited", ", ".join(info.hosts)),
        ("Started (UTC)", _time(info.started_at)),
        ("Finished (UTC)", _time(info.finished_at)),
        (
            "State",
            info.state if info.state == info.finish_reason else f"{info.state} ({info.finish_reason or 'no reason'})",
        ),
        ("Failure", info.failure),
        ("Arguments", "\n".join(f"{name}={value}" for name, value in view.arguments.items())),
        ("seoaudit version", info.version),
    )


def _number_facts(numbers: Numbers) -> tuple[tuple[str, Value], ...]:
    return (
        ("URLs asked", numbers.urls),
        ("URLs not asked, forbidden by robots.txt", numbers.forbidden or None),
        ("HTML pages of the site", numbers.pages),
        ("URLs that redirect", numbers.redirects),
        ("… permanent all the way", numbers.permanent),
        ("… temporary all the way", numbers.temporary),
        ("… permanent and temporary hops mixed", numbers.mixed),
        ("Chains of two redirects or more", numbers.chains),
        ("Longest chain, redirects", numbers.longest),
        ("URLs that loop", numbers.loops),
        ("URLs whose redirect is broken", numbers.broken),
        ("Mentions of URLs that redirect", numbers.links_to_redirects),
        ("Median latency of a page, ms", numbers.median_page_ms),
        ("Median latency of a redirect, ms", numbers.median_redirect_ms),
    )


def _time(text: str | None) -> Value:
    """Read a time of run.json, in either form of ISO 8601; what is none stays text."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return text


def _breakdowns(page: Page, view: ReportView) -> None:
    page.section("What the server answered")
    page.header("Status or error", "URLs")
    for share in view.statuses:
        label = int(share.label) if share.label.isdecimal() else share.label
        page.add(label, share.count, styles=["seo fact"])
    if view.mechanisms:
        page.add()
        page.header("Mechanism", "Redirects")
        for share in view.mechanisms:
            page.add(share.label, share.count)


def write_trend(sheet: Worksheet, view: ReportView) -> None:
    """Write the numbers of the last runs, oldest first, and two charts of them: findings, and redirects."""
    sheet.freeze_panes = "B2"
    look.print_wide(sheet)
    page = Page(sheet, (18, *[11] * len(SERIES)))
    page.add("Run (UTC)", *map(str.capitalize, SERIES), styles=["seo header", *["seo header number"] * len(SERIES)])
    for point in view.trend:
        page.add(_time(point.started_at), *(point.numbers.get(name, 0) for name in SERIES))
    last = len(SERIES) + 1
    for title, first, until, place in (("Findings by severity", 2, last - 1, "I2"), ("Redirects", last, last, "I20")):
        chart = LineChart()
        chart.title = title
        chart.add_data(
            Reference(sheet, min_col=first, max_col=until, min_row=1, max_row=page.row), titles_from_data=True
        )
        chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=page.row))
        chart.x_axis.number_format = "yyyy-mm-dd"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.scaling.min = 0
        assert chart.legend is not None
        chart.legend.position = "b"
        for series, name in zip(chart.series, SERIES[first - 2 : until - 1], strict=True):
            colour, dash = _LINES[name]
            series.smooth = False  # a curve would pass through numbers that no run had
            series.graphicalProperties.line.solidFill = colour
            series.graphicalProperties.line.dashStyle = dash
        chart.width, chart.height = 22, 8.5
        sheet.add_chart(chart, place)


_LINES = {
    "critical": (look.SEVERITY_FILL["critical"][2:], "solid"),
    "high": ("C65911", "dash"),
    "medium": ("BF9000", "sysDash"),
    "low": ("2E75B6", "sysDot"),
    "info": ("7F7F7F", "lgDashDot"),
    "redirects": (look.HEADER[2:], "solid"),
}
"""Colour and dashes of each line: told apart without colour, too, and dark enough on white."""


def write_glossary(sheet: Worksheet, view: ReportView) -> None:
    """Write every term with what it means and where that comes from, then the words that columns hold."""
    sheet.freeze_panes = "A2"
    look.print_wide(sheet)
    page = Page(sheet, (34, 100, 48))
    page.header("Term", "What it means", "Source", counts=None)
    for term in view.glossary:
        page.add(*term, styles=["seo label"])
    page.add()
    page.header("Word", "What it means", "Column", counts=None)
    for column, meanings in WORDS:
        for word, meaning in meanings.items():
            page.add(word, meaning, column, styles=["seo label"])
