"""A long list on as many sheets as it takes, with a frozen header, a filter, widths and colours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from seoaudit.render.workbook import look
from seoaudit.render.workbook.cells import Value, text_cell
from seoaudit.render.workbook.rows import SheetRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import ExitStack

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
    """What became of a list: its sheets in order, by their names, and the rows on all of them."""

    listing: Listing
    sheets: Mapping[str, SheetRows]
    rows: int


def write_list(book: Workbook, listing: Listing, files: ExitStack, sheet_rows: int = EXCEL_ROWS) -> Written:
    """Write the rows of a list, on a further sheet ("Findings 2") wherever one is full; empty, it has its header.

    The rows below the header wait in temporary files, which `files` closes.
    """
    rows = islice(listing.rows, listing.limit)
    pending = next(rows, None)
    sheets: dict[str, SheetRows] = {}
    written = 0
    while not sheets or pending is not None:
        name = _numbered(listing.name, len(sheets) + 1)
        sheet = _new_sheet(book, name, listing)
        file = files.enter_context(TemporaryFile())  # noqa: SIM115 - `files` closes it
        sheets[name] = SheetRows(sheet, listing.table, file)
        first = () if pending is None else (pending,)
        # A header above, a note below.
        count = _append(sheets[name], listing, islice(chain(first, rows), sheet_rows - 2))
        pending = next(rows, None)
        written += count
        _finish(sheet, listing, count)
        ahead = _numbered(listing.name, len(sheets) + 1)
        note = listing.note(written) if pending is None else f"Continued on the sheet “{ahead}”."
        if note:
            sheets[name].add(count + 2, [note], ["seo note"])
    return Written(listing=listing, sheets=sheets, rows=written)


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


def _append(sheet: SheetRows, listing: Listing, rows: Iterator[tuple[Value, ...]]) -> int:
    wrapped = listing.total <= WRAPPED_ROWS
    styles = [_STYLES[column.kind] if wrapped else None for column in listing.columns]
    widths = [column.width for column in listing.columns]
    count = 0
    for count, row in enumerate(rows, 1):
        sheet.add(count + 1, row, styles, look.height_of(row, widths) if wrapped else None)
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
