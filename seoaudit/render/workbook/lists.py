"""A long list on as many sheets as it takes, with a frozen header, a filter, widths and colours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from seoaudit.render.workbook import look
from seoaudit.render.workbook.cells import Value, text_cell, value_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

EXCEL_ROWS = 1_048_576
"""Rows of a sheet (Microsoft, Excel specifications and limits, read 2026-11); openpyxl writes more without a word."""

WRAPPED_ROWS = 20_000
"""Longer lists have one line a row: wrapped text takes twice the time to write, and a spreadsheet long to lay out."""

_STYLES = {"text": "seo text", "number": "seo number", "fraction": "seo fraction", "date": "seo date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a table the workbook holds.

    `sheet_rows`: rows of one sheet, header included; more go on the next sheet. `rows`: rows of a table with one row a URL
    or finding. `repeated_rows`: rows of a table with many rows a URL (links to edit, hops).
    """

    sheet_rows: int = EXCEL_ROWS
    rows: int = 2_000_000
    repeated_rows: int = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, its width in characters, what it holds, and the words in it that get a colour."""

    title: str
    width: int
    kind: str = "text"
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list: `rows` gives the first `limit` of `total`; `table` is the file with all of them, as a reader is told.

    `printed` columns go on paper; `frozen` columns stay in sight.
    """

    name: str
    about: str
    table: str
    columns: tuple[Column, ...]
    rows: Iterator[tuple[Value, ...]]
    total: int
    limit: int
    printed: int | None = None
    frozen: int = 0

    def note(self, rows: int) -> str | None:
        """Say what is left out when `rows` rows were written, None if nothing is."""
        left_out = self.total - rows
        if left_out <= 0:
            return None
        return f"{left_out:,} of {self.total:,} rows left out; the full table is {self.table} in the run folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a list: its sheets in order, and the rows on all of them."""

    listing: Listing
    sheets: tuple[str, ...]
    rows: int


def write_list(book: Workbook, listing: Listing, sheet_rows: int = EXCEL_ROWS) -> Written:
    """Write the rows of a list, on a further sheet ("Findings 2") wherever one is full; empty, it has its header."""
    rows = islice(listing.rows, listing.limit)
    pending = next(rows, None)
    names: list[str] = []
    written = 0
    while not names or pending is not None:
        names.append(_numbered(listing.name, len(names) + 1))
        sheet = _new_sheet(book, names[-1], listing)
        first = () if pending is None else (pending,)
        count = _append(sheet, listing, islice(chain(first, rows), sheet_rows - 2))  # a header above, a note below
        pending = next(rows, None)
        written += count
        _finish(sheet, listing, count)
        ahead = _numbered(listing.name, len(names) + 1)
        note = listing.note(written) if pending is None else f"Continued on the sheet “{ahead}”."
        if note:
            sheet.append([text_cell(sheet, note, listing.table, "seo note")])
    return Written(listing=listing, sheets=tuple(names), rows=written)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _new_sheet(book: Workbook, name: str, listing: Listing) -> Worksheet:
    """Start a sheet; openpyxl writes panes and widths with the first row, so they come before it."""
    sheet: Worksheet = book.create_sheet(name)
    sheet.freeze_panes = f"{get_column_letter(listing.frozen + 1)}2"
    for position, column in enumerate(listing.columns, 1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    look.print_wide(sheet)
    sheet.row_dimensions[1].height = 32
    sheet.append([text_cell(sheet, column.title, "", "seo header") for column in listing.columns])
    return sheet


def _append(sheet: Worksheet, listing: Listing, rows: Iterator[tuple[Value, ...]]) -> int:
    wrapped = listing.total <= WRAPPED_ROWS
    styles = [_STYLES[column.kind] if wrapped else None for column in listing.columns]
    widths = [column.width for column in listing.columns]
    count = 0
    for count, row in enumerate(rows, 1):
        if wrapped and (height := look.height_of(row, widths)):
            sheet.row_dimensions[count + 1].height = height
        sheet.append([value_cell(sheet, value, listing.table, style) for value, style in zip(row, styles, strict=True)])
    return count


def _finish(sheet: Worksheet, listing: Listing, count: int) -> None:
    """Lay filter, colours and print area over the rows that came; openpyxl writes them after the last row."""
    last = count + 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(listing.columns))}{last}"
    if listing.printed:
        sheet.print_area = f"A1:{get_column_letter(listing.printed)}{last + 1}"
    for position, column in enumerate(listing.columns, 1):
        letter = get_column_letter(position)
        if count and column.words:
            look.colour_words(sheet, f"{letter}2:{letter}{last}", column.words)
