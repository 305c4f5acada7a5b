"""Report and workbook say what changed since the run before, how the last runs went, and which redirects are as expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from lxml import html
from openpyxl import load_workbook
from sample import INFO, SITE, make_run

from seoaudit.render.changes import MAX_CONTRACTS, MAX_ROWS
from seoaudit.render.excel import write_workbook
from seoaudit.render.headlines import since_last
from seoaudit.render.html import render_html
from seoaudit.render.trend import HEIGHT, SERIES, WIDTH, lines
from seoaudit.render.view import ReportView, build_view
from seoaudit.store.schema import CHANGES, CONTRACTS
from seoaudit.store.summaries import Point, summary_of
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from seoaudit.store.folder import RunFolder

EARLIER = "20260914T110640Z"
COMPARED = {
    "compared_with": EARLIER,
    "redirect_changes": {"new": 2, "gone": 0, "changed": 1, "not-seen-again": 0},
    "summary": summary_of({"high": 3}, 30),
}


def change(kind: str, number: int = 0, **more: Any) -> dict[str, Any]:
    usual = {"rule": "redirect-loop", "severity": "high", "url": f"{SITE}/{number:04}", "detail": "It loops."}
    return {"kind": kind, **usual, **more}


def contract(state: str, number: int = 0, **more: Any) -> dict[str, Any]:
    usual = {
        "entry": 1,
        "source": f"{SITE}/.*",
        "url": f"{SITE}/{number:04}",
        "code": 301,
        "target": "/",
        "detail": "It is.",
    }
    return {"state": state, **usual, **more}


def run(
    path: Path,
    changes: list[dict[str, Any]] | None = None,
    contracts: list[dict[str, Any]] | None = None,
    **info: Any,
) -> RunFolder:
    """The sample's run, with these changes and contracts, a week after another."""
    earlier = make_run(
        path / EARLIER, INFO.model_copy(update={"started_at": EARLIER, "summary": summary_of({"high": 9}, 25)})
    )
    write_table(earlier.table("changes"), pa.Table.from_pylist([], schema=CHANGES))
    folder = make_run(path / "20260921T110640Z", INFO.model_copy(update=COMPARED | info))
    write_table(folder.table("changes"), pa.Table.from_pylist(changes or [], schema=CHANGES))
    write_table(folder.table("contracts"), pa.Table.from_pylist(contracts or [], schema=CONTRACTS))
    return folder


def section(view: ReportView, name: str) -> Any:
    found = html.fromstring(render_html(view)).xpath(f"//section[@id='{name}']")
    return found[0] if found else None


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def book_of(folder: RunFolder) -> Workbook:
    write_workbook(build_view(folder), folder)
    return load_workbook(folder.workbook)


def test_the_page_says_what_changed_right_after_the_verdict(tmp_path: Path) -> None:
    rows = [change("fixed"), change("new", 1, severity="critical"), change("regressed", 2, url="javascript:alert(1)")]
    view = build_view(run(tmp_path, rows))
    ids = html.fromstring(render_html(view)).xpath("//main/section/@id")
    assert ids[:3] == ["verdict", "changes", "fix-first"]
    shown = section(view, "changes")
    assert "Since the run of 14 September 2026, 11:06 UTC." in text(shown)
    assert [text(tile) for tile in shown.xpath(".//li")] == [
        "1 new",
        "1 back",
        "0 changed",
        "1 fixed",
        "0 not seen again",
    ]
    assert "Redirects: 2 new, 1 changed." in text(shown)
    assert [text(cell) for cell in shown.xpath(".//table[2]/tbody/tr/td[1]")] == ["new", "back", "fixed"]
    assert not [link for link in shown.xpath(".//a/@href") if not link.startswith("https:")]


def test_where_nothing_could_be_compared_the_page_says_why(tmp_path: Path) -> None:
    view = build_view(run(tmp_path, compared_with=None, not_compared="This is the first <run>."))
    assert text(section(view, "changes")) == "What changed This is the first <run>."


def test_a_run_that_was_judged_before_there_were_changes_says_nothing(tmp_path: Path) -> None:
    view = build_view(run(tmp_path, compared_with=None, summary={}))
    assert section(view, "changes") is None
    assert section(view, "trend") is None
    assert section(view, "expected") is None


def test_many_changes_are_capped_on_the_page_and_all_in_the_workbook(tmp_path: Path) -> None:
    folder = run(tmp_path, [change("new", number) for number in range(MAX_ROWS + 25)])
    view = build_view(folder)
    assert (view.changes.total, len(view.changes.rows), view.changes.news("high")) == (75, MAX_ROWS, 75)
    assert f"Shown are {MAX_ROWS} of 75 changes" in text(section(view, "changes"))
    assert book_of(folder)["What changed"].max_row == 76


def test_the_workbook_opens_on_what_changed_and_draws_the_last_runs(tmp_path: Path) -> None:
    book = book_of(run(tmp_path, [change("fixed"), change("new", 1, detail="=1+1")], [contract("kept")]))
    assert book.sheetnames[:2] == ["Summary", "What changed"]
    assert book.sheetnames[-4:] == ["Expected redirects", "HSTS", "Trend", "Glossary"]
    rows = list(book["What changed"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["new", "fixed"]
    assert rows[0][5] == "=1+1"
    assert book["What changed"]["F2"].data_type == "s"
    summary = [row[:3] for row in book["Summary"].iter_rows(values_only=True)]
    assert ("new", 1, "1 high") in summary
    assert ("redirects", 3, "2 new, 1 changed") in summary
    trend = book["Trend"]
    assert [[cell.value for cell in row][1:] for row in trend.iter_rows(min_row=2)] == [
        [0, 9, 0, 0, 0, 25],
        [0, 3, 0, 0, 0, 30],
    ]
    assert all(row[0].is_date for row in trend.iter_rows(min_row=2))
    assert len(trend._charts) == 2


def test_the_first_run_has_no_such_sheets(tmp_path: Path) -> None:
    folder = make_run(
        tmp_path, INFO.model_copy(update={"not_compared": "This is the first run.", "summary": {"high": 1}})
    )
    book = book_of(folder)
    assert not {"What changed", "Trend", "Expected redirects"} & set(book.sheetnames)
    assert "This is the first run." in [cell.value for cell in book["Summary"]["A"]]


def test_each_line_of_the_trend_is_told_in_words_and_in_a_table(tmp_path: Path) -> None:
    trend = section(build_view(run(tmp_path)), "trend")
    drawn = trend.xpath(".//*[local-name()='svg']")
    assert [svg.get("aria-label").partition(":")[0] for svg in drawn] == list(SERIES)
    assert drawn[1].get("aria-label") == "high: 9 at first, 3 now, between 3 and 9"
    assert all(svg.get("role") == "img" for svg in drawn)
    assert [[text(cell) for cell in row] for row in trend.xpath(".//details//tbody/tr")] == [
        ["21 September 2026, 11:06 UTC", "0", "3", "0", "0", "0", "30"],
        ["14 September 2026, 11:06 UTC", "0", "9", "0", "0", "0", "25"],
    ]


@pytest.mark.parametrize("count", [2, 3, 52])
def test_lines_run_from_edge_to_edge_and_stay_in_their_box(count: int) -> None:
    points = [Point("2026-11-20", summary_of({"high": number}, 7)) for number in range(count)]
    for line in lines(points):
        places = [tuple(map(float, place.split(","))) for place in line.points.split()]
        assert len(places) == count
        assert (places[0][0], places[-1][0]) == (3, WIDTH - 3)
        assert all(0 <= y <= HEIGHT for _, y in places)
        assert places[-1] == line.end


def test_one_run_is_no_trend() -> None:
    assert lines([Point("2026-11-20", summary_of({}, 0))]) == ()


def test_expected_redirects_are_listed_the_broken_first_and_what_matched_nothing_is_named(tmp_path: Path) -> None:
    rows = [contract("kept", number) for number in range(MAX_CONTRACTS)]
    rows += [contract("broken", 9000), contract("unmatched", url=None, source="<b>.*", entry=2)]
    view = build_view(run(tmp_path, contracts=rows))
    assert view.contracts.counts == {"kept": MAX_CONTRACTS, "broken": 1, "unmatched": 1}
    shown = section(view, "expected")
    first, second = shown.xpath(".//tbody/tr")[:2]
    assert (text(first[0]), text(first[1])) == ("broken", f"{SITE}/9000")
    assert (text(second[0]), text(second[1])) == ("matched nothing", "entry 2: <b>.*")
    assert "contracts.parquet" in text(shown)


def test_the_first_numbers_say_how_they_differ_from_the_last_run() -> None:
    calm, worse = {"high": 1, "info": 5, "redirects": 7}, {"high": 3, "low": 1, "info": 9, "redirects": 7}
    points = [Point("2026-11-13T10:30:00+00:00", calm), Point("2026-11-20T10:30:00+00:00", worse)]
    assert since_last(points) == {"problems": 3, "redirects": 0}
    assert since_last(points[1:]) == {}
