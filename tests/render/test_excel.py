"""The workbook holds what the tables hold, says what it leaves out, and takes nothing of a site for a formula."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sample import ENTRY_POINTS, FORMS, INFO, LIMITED, SEEN, SITE, make_run

from seoaudit.records import ERRORS, FORM_VERDICTS, MECHANISMS, OUTCOMES, SEVERITIES
from seoaudit.render.excel import write_workbook
from seoaudit.render.view import build_view
from seoaudit.render.workbook import lists
from seoaudit.render.workbook.cells import MAX_TEXT
from seoaudit.render.workbook.lists import Limits
from seoaudit.render.workbook.look import COLOURS
from seoaudit.render.workbook.words import (
    ERROR_WORDS,
    MECHANISM_WORDS,
    OUTCOME_WORDS,
    PERMANENCE_WORDS,
    VERDICT_WORDS,
)
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.schema import TABLES

LISTS = ["Fix list", "Findings", "HTTPS matrix", "Forms", "Chains", "Hops", "HSTS"]

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1+2",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "#N/A",
    "#REF!",
    "TRUE",
    "1e5",
    "2026-01-01",
    " leading and trailing ",
    "<b>&amp;</b>",
    "]]>",
    "line\nbreak",
    "مرحبا بالعالم",
    "\u202egnp.exe",
    "\U0001f600",
    "'quoted",
    "http://javascript:alert(1)",
]


def run_of(path: Path, info: RunInfo = INFO, **rows: list[dict[str, Any]]) -> RunFolder:
    """Write a run folder whose tables hold just these rows."""
    folder = RunFolder(path)
    path.mkdir(parents=True, exist_ok=True)
    for name, schema in TABLES.items():
        pq.write_table(pa.Table.from_pylist(rows.get(name, []), schema=schema), folder.table(name))
    folder.write_info(info)
    return folder


def workbook(folder: RunFolder, limits: Limits | None = None) -> Workbook:
    write_workbook(build_view(folder, {}), folder, limits)
    return load_workbook(folder.workbook)


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows under the header, by the header's titles."""
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def texts(sheet: Worksheet) -> list[str]:
    return [value for row in sheet.iter_rows(values_only=True) for value in row if isinstance(value, str)]


def finding(number: int = 0, **more: Any) -> dict[str, Any]:
    known = {"rule": "a-rule", "severity": "low", "url": f"{SITE}/{number:06}", "detail": "d", "fix": "f", "inlinks": 0}
    return known | more


def chain(count: int, **more: Any) -> dict[str, Any]:
    urls = [f"{SITE}/hop{position}" for position in range(count + 1)]
    known = {
        "requested_url": urls[0],
        "url_list": urls,
        "statuses": [301] * count + [200],
        "mechanisms": ["location"] * count,
        "redirect_count": count,
        "final_url": urls[-1],
        "final_status": 200,
        "outcome": "ok",
        "permanence": "permanent",
        "inlinks": 0,
    }
    return known | more


@pytest.fixture
def sample(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Write the sample's workbook once, for the tests that only read it."""
    folder = make_run(tmp_path_factory.mktemp("run"))
    write_workbook(build_view(folder, {}), folder)
    return folder


@pytest.fixture(scope="module")
def book(written: RunFolder) -> Workbook:
    return load_workbook(written.workbook)


def test_the_sheets_stand_in_the_order_in_which_they_are_read(book: Workbook) -> None:
    assert book.sheetnames == ["Summary", *LISTS, "Glossary"]


def test_list_mode_adds_the_urls_in_the_order_given(tmp_path: Path) -> None:
    book = workbook(make_run(tmp_path, LIMITED))
    assert book.sheetnames == ["Summary", "Listed URLs", *LISTS, "Glossary"]
    rows = table(book["Listed URLs"])
    assert [row["Listed URL"] for row in rows] == LIMITED.listed_urls
    assert [row["Redirects"] for row in rows] == [3, 0, 3, 0]
    assert rows[0]["Ends at"] == f"{SITE}/products/boots"
    assert rows[0]["How it ends"] == "ok"


def test_a_run_without_rows_has_every_sheet_with_its_header(tmp_path: Path) -> None:
    book = workbook(run_of(tmp_path))
    assert book.sheetnames == ["Summary", *LISTS, "Glossary"]
    for name in LISTS:
        assert book[name].max_row == 1
        assert all(cell.value for cell in book[name][1])


def test_a_run_whose_tables_were_never_written_has_a_workbook(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write_info(INFO.model_copy(update={"state": "failed", "failure": "nobody answered at shop.example"}))
    assert "nobody answered at shop.example" in " ".join(texts(workbook(folder)["Summary"]))


def test_every_finding_is_a_row_the_worst_first(book: Workbook, written: RunFolder) -> None:
    rows = table(book["Findings"])
    ranks = [SEVERITIES.index(row["Severity"]) for row in rows]
    assert ranks == sorted(ranks)
    stored = pq.read_table(written.table("findings")).to_pylist()
    shown = {
        (row["Severity"], row["Rule"], row["URL"], row["What was seen"], row["Inlinks"], row["Cause"]) for row in rows
    }
    assert shown == {(f["severity"], f["rule"], f["url"], f["detail"], f["inlinks"], f["group"]) for f in stored}


def test_times_are_real_dates_in_utc(book: Workbook) -> None:
    seen = [cell for cell in book["Findings"]["G"][1:] if cell.value]
    assert [cell.value for cell in seen] == [SEEN.replace(tzinfo=None)]
    assert all(cell.is_date for cell in seen)
    assert all(row["Fetched (UTC)"] == SEEN.replace(tzinfo=None) for row in table(book["Hops"]))
    assert datetime(2026, 9, 21, 11, 6, 40) in [cell.value for row in book["Summary"].iter_rows() for cell in row]  # noqa: DTZ001 - a workbook has no time zones


def test_a_time_with_another_offset_is_shown_in_utc(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"started_at": "2026-09-21T13:06:40+02:00", "finished_at": "some day"})
    values = [value for row in workbook(run_of(tmp_path, info))["Summary"].iter_rows(values_only=True) for value in row]
    assert SEEN.astimezone(UTC).replace(tzinfo=None) in values
    assert "some day" in values


def test_the_fix_list_says_what_to_write_instead_of_what(book: Workbook) -> None:
    rows = table(book["Fix list"])
    assert len(rows) == 5
    first = rows[0]
    assert (first["Page"], first["Element"], first["Anchor text"]) == (f"{SITE}/", "a", "Blog")
    assert (first["Current href"], first["Write this instead"]) == ("/blog", f"{SITE}/blog/")
    assert (first["Redirects"], first["How it ends"]) == (1, "ok")


def test_a_link_whose_href_is_its_target_shows_that(tmp_path: Path) -> None:
    fix = {"page": f"{SITE}/", "element": "a", "target": f"{SITE}/old", "redirect_count": 1, "outcome": "client-error"}
    (row,) = table(workbook(run_of(tmp_path, fixes=[fix]))["Fix list"])
    assert row["Current href"] == f"{SITE}/old"
    assert row["Write this instead"] is None


def test_a_chain_is_one_row_with_its_hops_side_by_side(book: Workbook) -> None:
    rows = {row["Requested URL"]: row for row in table(book["Chains"])}
    row = rows[f"{SITE}/old/boots"]
    assert [row[f"Hop {hop} status"] for hop in (1, 2, 3)] == [301, 301, 307]
    assert [row[f"Hop {hop} to"] for hop in (1, 2, 3)] == [
        f"{SITE}{path}" for path in ("/shop/boots", "/catalogue/boots", "/products/boots")
    ]
    assert (row["Redirects"], row["Permanence"], row["Final status"], row["More"]) == (3, "mixed", 200, None)


@pytest.mark.parametrize(("count", "more"), [(9, None), (10, None), (12, "… 2 more"), (150, "… 140 more")])
def test_ten_hops_have_columns_and_the_rest_is_counted(tmp_path: Path, count: int, more: str | None) -> None:
    (row,) = table(workbook(run_of(tmp_path, chains=[chain(count)]))["Chains"])
    assert [title for title in row if title.startswith("Hop ") and title.endswith(" to")] == [
        f"Hop {n} to" for n in range(1, min(count, 10) + 1)
    ]
    assert row["More"] == more
    assert row["Hop 9 to"] == f"{SITE}/hop9"


def test_each_hop_is_a_row_with_what_the_server_answered(book: Workbook, written: RunFolder) -> None:
    rows = table(book["Hops"])
    stored = pq.read_table(written.table("chains")).to_pylist()
    assert len(rows) == sum(max(1, row["redirect_count"]) for row in stored)
    second = next(row for row in rows if row["Requested URL"] == f"{SITE}/old/boots" and row["Hop"] == 2)
    assert (second["URL"], second["Status"], second["Mechanism"]) == (f"{SITE}/shop/boots", 301, "location")
    assert (second["Location as sent"], second["Leads to"]) == ("/catalogue/boots", f"{SITE}/catalogue/boots")
    assert second["Latency, ms"] == 20 + 7 * len("/shop/boots")


def test_hops_of_one_chain_stand_together_in_their_order(book: Workbook) -> None:
    rows = table(book["Hops"])
    for before, row in pairwise(rows):
        assert row["Hop"] == 1 or (row["Requested URL"], row["Hop"]) == (before["Requested URL"], before["Hop"] + 1)


def test_a_redirect_status_without_a_usable_location_is_a_hop_that_leads_nowhere(tmp_path: Path) -> None:
    stuck = chain(0, statuses=[302], final_status=302, outcome="invalid-location")
    answer = {"url": f"{SITE}/hop0", "status": 302, "location": ""}
    (row,) = table(workbook(run_of(tmp_path, chains=[stuck], responses=[answer]))["Hops"])
    assert (row["Hop"], row["Status"], row["Leads to"]) == (1, 302, None)


def test_the_summary_opens_with_the_verdict_and_real_counts(book: Workbook, written: RunFolder) -> None:
    view = build_view(written, {})
    sheet = book["Summary"]
    assert sheet["A2"].value == view.verdict
    counts = {row[0]: row[1] for row in sheet.iter_rows(min_row=5, max_row=10, values_only=True)}
    assert {severity: counts[severity] for severity in SEVERITIES} == view.counts


def test_the_summary_names_what_to_fix_first_what_limited_the_run_and_rules_that_failed(tmp_path: Path) -> None:
    folder = make_run(tmp_path, LIMITED)
    view = build_view(folder, {})
    shown = " | ".join(texts(workbook(folder)["Summary"]))
    assert all(group.example in shown for group in view.groups)
    assert all(limit.detail in shown for limit in view.limits)
    assert "KeyError: 'statuses'" in shown


def test_the_summary_draws_its_own_numbers(written: RunFolder) -> None:
    with ZipFile(written.workbook) as archive:
        (chart,) = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert set(re.findall(r"<(?:\w+:)?f>([^<]*)</", chart)) == {"'Summary'!$A$6:$A$10", "'Summary'!$B$6:$B$10"}


def test_links_lead_only_to_sheets_of_the_workbook(book: Workbook) -> None:
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert {link.location for link in links} == {f"'{name}'!A1" for name in [*LISTS, "Glossary"]}
    assert not any(link.target for link in links)


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_a_frozen_header_a_filter_widths_and_a_page_setup(book: Workbook, name: str) -> None:
    sheet = book[name]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(
        sheet.column_dimensions[cell.column_letter].width >= len(max(cell.value.split(), key=len)) for cell in sheet[1]
    )


def test_the_pane_is_frozen_in_the_file_itself(written: RunFolder) -> None:
    with ZipFile(written.workbook) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sum("<pane " in sheet for sheet in sheets) == len(LISTS) + 1


def test_severities_and_ends_are_coloured_by_their_own_text(book: Workbook) -> None:
    found = {
        rule.formula[0].strip('"')
        for sheet in book
        for rules in sheet.conditional_formatting
        for rule in rules.rules
        if rule.operator == "equal"
    }
    assert found == set(COLOURS)
    assert book["Findings"].conditional_formatting


def test_the_glossary_explains_every_closed_word(book: Workbook, written: RunFolder) -> None:
    assert (set(OUTCOME_WORDS), set(MECHANISM_WORDS), set(ERROR_WORDS)) == (set(OUTCOMES), set(MECHANISMS), set(ERRORS))
    assert set(PERMANENCE_WORDS) == {"permanent", "temporary", "mixed"}
    assert set(VERDICT_WORDS) == set(FORM_VERDICTS)
    shown = texts(book["Glossary"])
    assert {*OUTCOME_WORDS, *MECHANISM_WORDS, *ERROR_WORDS, *PERMANENCE_WORDS} <= set(shown)
    assert all(term.text in shown for term in build_view(written, {}).glossary)


def hostile_run(path: Path, *found: str) -> RunFolder:
    """Write a run in which every text is one of these: one finding, fix, chain and answer a text."""
    every = "".join(found)
    notes = {"site": every, "failure": every, "failed_rules": {every: every}, "arguments": {every: every}}
    fix = ("page", "element", "text", "href", "replace_with", "target", "outcome")
    return run_of(
        path,
        INFO.model_copy(update=notes | {"listed_urls": list(found)}),
        responses=[dict.fromkeys(("url", "error", "mechanism", "location", "location_url"), text) for text in found],
        chains=[
            chain(1, requested_url=text, url_list=[text, text], final_url=text, final_error=text, mechanisms=[text])
            for text in found
        ],
        findings=[finding(url=text, detail=text, fix=text, group=text, rule=text) for text in found],
        fixes=[{**dict.fromkeys(fix, text), "redirect_count": 1} for text in found],
    )


@pytest.mark.parametrize("wrapped", [True, False])
def test_text_of_a_site_comes_back_as_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bool
) -> None:
    monkeypatch.setattr(lists, "WRAPPED_ROWS", 100 if wrapped else 0)
    book = workbook(hostile_run(tmp_path, *HOSTILE))
    titles = {
        "Fix list": ("Page", "Anchor text", "Current href", "Write this instead", "URL asked"),
        "Findings": ("URL", "What was seen", "What to change", "Cause", "Rule"),
        "Chains": ("Requested URL", "Ends at", "Final error", "Mechanisms", "Hop 1 to"),
        "Hops": ("Requested URL", "URL", "Error", "Mechanism", "Location as sent", "Leads to"),
        "Listed URLs": ("Listed URL",),
    }
    for name, columns in titles.items():
        for column in columns:
            assert sorted(row[column] for row in table(book[name])) == sorted(HOSTILE), (name, column)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    with ZipFile(RunFolder(tmp_path).workbook) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/" in name)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(1)", "\t=1"])
def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited(tmp_path: Path, text: str) -> None:
    sheet = workbook(run_of(tmp_path, findings=[finding(url=text), finding(url="plain")]))["Findings"]
    assert {cell.value: bool(cell.quotePrefix) for cell in sheet["C"][1:]} == {text: True, "plain": False}


def test_control_characters_can_be_seen_in_the_sheet(tmp_path: Path) -> None:
    (row,) = table(
        workbook(run_of(tmp_path, findings=[finding(detail="a\x00b\x0bc\x1fd\x7fe\x85f\r\n\ufffe")]))["Findings"]
    )
    assert row["What was seen"] == "a␀b␋c␟d␡e\ufffdf␍\n\ufffd"


def test_text_too_long_for_a_cell_is_cut_and_says_where_the_whole_is(tmp_path: Path) -> None:
    (row,) = table(workbook(run_of(tmp_path, findings=[finding(detail="x" * 40_000)]))["Findings"])
    assert len(row["What was seen"]) == MAX_TEXT
    assert row["What was seen"].endswith("x… [cut, 40,000 characters; full text in findings.parquet]")


def test_every_part_is_xml_within_the_limits_of_a_workbook(tmp_path: Path) -> None:
    long = ("x" * 40_000, "\U0001f600" * 20_000, "_x0041_" * 6000, "line\n" * 9000)
    folder = hostile_run(tmp_path, *HOSTILE, "\x0b\x00\x1b", "_x0041_", *long)
    book = workbook(folder)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert max(len(cell.value.encode("utf-16-le")) // 2 for cell in cells) == MAX_TEXT
    heights = [row.height for sheet in book for row in sheet.row_dimensions.values() if row.height is not None]
    assert max(heights) <= 409
    with ZipFile(folder.workbook) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            etree.fromstring(archive.read(name), etree.XMLParser(huge_tree=True))


def test_a_list_goes_on_on_further_sheets_and_loses_no_row(tmp_path: Path) -> None:
    folder = run_of(tmp_path, findings=[finding(number) for number in range(250)])
    book = workbook(folder, Limits(sheet_rows=100))
    names = ["Findings", "Findings 2", "Findings 3"]
    assert [name for name in book.sheetnames if name.startswith("Findings")] == names
    assert [book[name].max_row for name in names] == [100, 100, 1 + 250 - 2 * 98]
    urls = [row["URL"] for name in names for row in table(book[name]) if row["URL"]]
    assert urls == [finding(number)["url"] for number in range(250)]
    assert [book[name].cell(100, 1).value for name in names[:2]] == [
        "Continued on the sheet “Findings 2”.",
        "Continued on the sheet “Findings 3”.",
    ]
    assert [book[name].auto_filter.ref for name in names] == ["A1:I99", "A1:I99", "A1:I55"]


def test_a_list_that_just_fits_has_one_sheet(tmp_path: Path) -> None:
    folder = run_of(tmp_path, findings=[finding(number) for number in range(98)])
    assert workbook(folder, Limits(sheet_rows=100)).sheetnames == ["Summary", *LISTS, "Glossary"]


def test_what_is_left_out_is_said_on_the_last_row_and_in_the_summary(tmp_path: Path) -> None:
    folder = run_of(tmp_path, findings=[finding(number) for number in range(1250)], chains=[chain(12)])
    book = workbook(folder, Limits(rows=50, repeated_rows=5))
    note = "1,200 of 1,250 rows left out; the full table is findings.parquet in the run folder."
    assert book["Findings"].max_row == 1 + 50 + 1
    assert book["Findings"].cell(52, 1).value == note
    hops = "7 of 12 rows left out; the full table is chains.parquet and responses.parquet in the run folder."
    assert book["Hops"].cell(7, 1).value == hops
    assert {note, hops} <= set(texts(book["Summary"]))


def test_a_whole_workbook_says_that_nothing_is_left_out(book: Workbook) -> None:
    rows = [row for row in book["Summary"].iter_rows(values_only=True) if row[0] in LISTS]
    assert [row[3] for row in rows] == ["nothing"] * len(LISTS)
    assert {row[0]: row[1] for row in rows} == {name: book[name].max_row - 1 for name in LISTS}


def test_long_lists_have_one_line_a_row_and_still_real_dates(
    sample: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "WRAPPED_ROWS", 3)
    sheet = workbook(sample)["Hops"]
    assert not any(cell.alignment.wrap_text for row in sheet.iter_rows(min_row=2) for cell in row)
    assert all(cell.is_date for cell in sheet["L"][1:])


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """The operating system takes no byte past `size`: a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [200, 5_000, 12_000])
def test_a_full_disk_leaves_the_earlier_workbook_as_it_was(sample: RunFolder, size: int) -> None:
    workbook(sample)
    before = sample.workbook.read_bytes()
    view = build_view(sample, {})
    with file_size_limit(size), pytest.raises(OSError, match="File too large"):
        write_workbook(view, sample)
    assert sample.workbook.read_bytes() == before
    assert not list(sample.path.glob(".*"))


def test_a_run_folder_that_is_gone_is_an_error_of_the_operating_system(sample: RunFolder, tmp_path: Path) -> None:
    view = build_view(sample, {})
    with pytest.raises(FileNotFoundError):
        write_workbook(view, RunFolder(tmp_path / "gone"))


def test_every_name_and_every_form_has_a_row_with_its_verdict(tmp_path: Path) -> None:
    book = workbook(run_of(tmp_path, entry_points=ENTRY_POINTS, forms=FORMS))
    names = [(row["Name"], row["Scheme"], row["Answers"], row["Redirects"]) for row in table(book["HTTPS matrix"])]
    assert names == [
        ("shop.example", "http", "301 → 200", 1),
        ("shop.example", "https", "200", 0),
        ("www.shop.example", "http", "302 → 301 → 200", 2),
    ]
    assert [row["Verdict"] for row in table(book["Forms"])] == ["body-lost", "fine"], "the worst first"
    assert table(book["Forms"])[0]["What happens"] == "https://shop.example/send answers 301, and the body is lost."
