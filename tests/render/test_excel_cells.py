"""A cell takes any text and any number, and gives back what a reader can see."""

import math
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from seoaudit.render.workbook.cells import MAX_TEXT, fit, plain, text_cell, value_cell
from seoaudit.render.workbook.look import MAX_LINES, add_styles, height_of


def written(*values: Any, style: str | None = None) -> list[Cell]:
    """The cells of one row after it went through a file."""
    book = Workbook(write_only=True)
    add_styles(book)
    sheet = book.create_sheet("Sheet")
    sheet.append([value_cell(sheet, value, "all.parquet", style) for value in values])
    file = BytesIO()
    book.save(file)
    return list(next(load_workbook(file)["Sheet"].iter_rows()))


@pytest.mark.parametrize("style", [None, "seo text"])
@settings(deadline=None, max_examples=60)
@given(text=st.text(st.characters(), min_size=1, max_size=60))
def test_any_text_can_be_written_and_is_never_a_formula_or_an_error(style: str | None, text: str) -> None:
    (cell,) = written(text, style=style)
    assert cell.data_type == "s"
    assert cell.value == plain(text)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_plain_text_fits_into_xml(text: str) -> None:
    etree.Element("t").text = plain(text)


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=60).filter(
        lambda text: "_x" not in text
    )
)
def test_text_without_odd_characters_is_kept_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x0b\x1f", "␀␋␟"),
        ("\r\n", "␍\n"),
        ("\x7f", "␡"),
        ("\x85\x9f", "\ufffd\ufffd"),
        ("\ud800", "\ufffd"),
        ("a\udc00b", "a\ufffdb"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("_x0041_", "_x005F_x0041_"),
        ("__x000a_x000B_", "__x005F_x000a_x005F_x000B_"),
        ("_x41_ _x00zz_", "_x41_ _x00zz_"),
    ],
)
def test_what_a_workbook_cannot_hold_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize("character", ["x", "é", "\U0001f600"])
@pytest.mark.parametrize("length", [16_383, 16_384, 32_767, 32_768, 100_000])
def test_a_text_is_cut_where_the_cell_is_full_and_not_before(character: str, length: int) -> None:
    text = character * length
    units = len(character.encode("utf-16-le")) // 2
    shown = fit(text, length, "links.parquet")
    if length * units <= MAX_TEXT:
        assert shown == text
    else:
        assert shown.endswith(f"{character}… [cut, {length:,} characters; full text in links.parquet]")
        assert MAX_TEXT - 1 <= len(shown.encode("utf-16-le")) // 2 <= MAX_TEXT


def test_the_length_told_is_that_of_the_site_s_text() -> None:
    (cell,) = written("_x0041_" * 5000)
    assert "[cut, 35,000 characters; full text in all.parquet]" in cell.value


@pytest.mark.parametrize("number", [0, -7, 301, 2**40, 0.5, 1e-9])
def test_a_number_is_a_number(number: float) -> None:
    for style in (None, "seo number"):
        (cell,) = written(number, style=style)
        assert cell.data_type == "n"
        assert cell.value == pytest.approx(number)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_an_empty_cell(number: float) -> None:
    first, last = written(number, "after")
    assert (first.value, last.value) == (None, "after")


def test_a_time_is_a_date_in_utc_without_a_zone() -> None:
    noon = datetime(2026, 3, 29, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    for style in (None, "seo date"):
        (cell,) = written(noon, style=style)
        assert cell.is_date
        assert cell.value == noon.astimezone(UTC).replace(tzinfo=None)


def test_text_that_needs_no_care_is_handed_on_as_it_is() -> None:
    sheet = Workbook(write_only=True).create_sheet("Sheet")
    assert text_cell(sheet, "https://example.com/", "all.parquet") == "https://example.com/"


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (("a", "b"), None),
        (("a" * 30, "b"), 3),
        (("a\nb", "b"), 2),
        (("aaaaaa bbbbbb", ""), 2),
        (("aaa bbbbbbbbbbbb", ""), 3),
        (("one two", ""), None),
        ((" ", ""), None),
        (("a" * 10_000, "b"), MAX_LINES),
        ((None, 5), None),
    ],
)
def test_a_row_is_as_high_as_its_highest_text(texts: tuple[Any, ...], lines: int | None) -> None:
    assert height_of(texts, (10, 10)) == (lines and lines * 15)
