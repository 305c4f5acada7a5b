"""The rows of the long lists are those that openpyxl would write of the same cells."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from seoaudit.render.workbook.cells import MAX_TEXT, value_cell
from seoaudit.render.workbook.look import add_styles
from seoaudit.render.workbook.rows import SheetRows, insert_rows

STYLES = (None, "seo text", "seo number", "seo date")
PART = "xl/worksheets/sheet1.xml"

numbers = st.integers(-(2**60), 2**60) | st.floats()
zones = st.sampled_from([UTC, timezone(timedelta(hours=2))])
zoned = st.builds(datetime.fromtimestamp, st.integers(0, 2**32) | st.floats(0, 2**32), zones)
times = zoned.map(lambda time: time.replace(tzinfo=None))
values = st.none() | st.text(st.characters(), max_size=20) | numbers | times | zoned
cells = st.lists(st.tuples(values, st.sampled_from(STYLES)), min_size=1, max_size=8)
heights = st.none() | st.sampled_from([15, 30, 40.5])


def new_book() -> tuple[Workbook, Any]:
    book = Workbook(write_only=True)
    add_styles(book)
    sheet = book.create_sheet("Sheet")
    sheet.append(["header"])
    return book, sheet


def by_openpyxl(rows: list[list[Any]], height: float | None) -> ZipFile:
    book, sheet = new_book()
    for number, row in enumerate(rows, 2):
        if height:
            sheet.row_dimensions[number].height = height
        sheet.append([value_cell(sheet, value, "all.parquet", style) for value, style in row])
    file = BytesIO()
    book.save(file)
    return ZipFile(file)


def by_us(rows: list[list[Any]], height: float | None) -> ZipFile:
    book, sheet = new_book()
    file, draft = BytesIO(), BytesIO()
    with TemporaryFile() as waiting:
        ours = SheetRows(sheet, "all.parquet", waiting)
        for number, row in enumerate(rows, 2):
            ours.add(number, *zip(*row, strict=True), height)
        book.save(draft)
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            insert_rows(draft, archive, {PART: ours})
    return ZipFile(file)


@settings(deadline=None)
@given(rows=st.lists(cells, max_size=4), height=heights)
def test_rows_are_the_bytes_that_openpyxl_would_write(rows: list[list[Any]], height: float | None) -> None:
    theirs, ours = by_openpyxl(rows, height), by_us(rows, height)
    assert ours.namelist() == theirs.namelist()
    for part in (PART, "xl/styles.xml"):
        assert ours.read(part) == theirs.read(part)


@pytest.mark.parametrize("text", ["=1+1", " <&> ", "\ttab\n", "_x0041_", "é\U0001f600", "x" * 40_000, "", "#N/A"])
@pytest.mark.parametrize("style", [None, "seo text"])
def test_text_of_every_kind_is_the_text_that_a_cell_shows(text: str, style: str | None) -> None:
    row = [[(text, style), ("after", None)]]
    ours, theirs = (load_workbook(book.fp)["Sheet"]["A2"] for book in (by_us(row, None), by_openpyxl(row, None)))
    assert (ours.value, ours.data_type, ours.quotePrefix) == (theirs.value, theirs.data_type, theirs.quotePrefix)
    assert len(ours.value or "") <= MAX_TEXT


def test_a_workbook_without_further_rows_is_copied_as_it_is() -> None:
    draft, file = BytesIO(), BytesIO()
    book, sheet = new_book()
    sheet.append([value_cell(sheet, datetime(2026, 11, 20, tzinfo=UTC), "all.parquet")])
    book.save(draft)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        insert_rows(draft, archive, {})
        assert [archive.read(name) for name in archive.namelist()] == [
            ZipFile(draft).read(name) for name in archive.namelist()
        ]
