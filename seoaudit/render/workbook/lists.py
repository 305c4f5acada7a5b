"""A long list on as many sheets as it takes, with a frozen header, a filter, widths and colours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from seoaudit.render.workbook import look
from seoaudit.render.workbook.cells import Value, text_cell, value_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

EXCEL_ROWS = 1_048_576
"""Rows of a sheet (Microsoft, Excel specifications and limits, read 2026-11); openpyxl writes more without a word."""

WRAPPED_ROWS = 20_000
"""Longer lists have one line a row: wrapped text takes twice the time to write, and a spreadsheet long to lay out."""

_STYLES = {"text": "seo text", "number": "seo number", "date": "seo date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a table the workbook holds.

    `sheet_rows`: rows of one sheet, header included; more go on the next sheet. `rows`: rows of a table with one row a URL
    or finding. `repeated_rows`: rows of a table with many rows a URL (links to edit, hops).
    """

    sheet_rows: int = EXCEL_ROWS
    rows: int = 2_000_000
    repeated_rows: int = 200_000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a list: its sheets in order, the rows on them, and what was left out."""

    listing: Listing
    sheets: tuple[str, ...]
    rows: int

    @property
    def left_out(self) -> int:
        """Rows that are only in the table."""
        return max(0, self.listing.total - self.rows)

    @property
    def note(self) -> str | None:
        """One line about what was left out, None if nothing was."""
        if not self.left_out:
            return None
        listing = self.listing
        return f"{self.left_out:,} of {listing.total:,} rows left out; the full table is {listing.table} in the run folder."


def write_list(book: Workbook, listing: Listing, sheet_rows: int = EXCEL_ROWS) -> Written:
    """Write the rows of a list, on a further sheet ("Findings 2") wherever one is full; empty, it has its header."""
    rows = islice(listing.rows, listing.limit)
    names: list[str] = []
    written, more = 0, True
    while more:
        name = listing.name if not names else f"{listing.name} {len(names) + 1}"
        names.append(name)
        sheet = _new_sheet(book, name, listing)
        count, more = _fill(sheet, listing, rows, sheet_rows - 2)  # a header above, a note below
        written += count
        _finish(sheet, listing, count)
        if more:
            sheet.append([text_cell(sheet, f"Continued on the sheet “{listing.name} {len(names) + 1}”.", "", "seo note")])
    done = Written(listing=listing, sheets=tuple(names), rows=written)
    if done.note:
        sheet.append([text_cell(sheet, done.note, listing.table, "seo note")])
    return done
