"""The report as a workbook: a summary to read, lists to filter, and never a formula made of a site's text."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import ExitStack, suppress
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from lxml.etree import SerialisationError
from openpyxl import Workbook

from seoaudit.render.tables import open_tables
from seoaudit.render.workbook.cells import plain
from seoaudit.render.workbook.lists import Limits, write_list
from seoaudit.render.workbook.look import add_styles
from seoaudit.render.workbook.rows import insert_rows
from seoaudit.render.workbook.sheets import listings
from seoaudit.render.workbook.summary import TREND, write_glossary, write_summary, write_trend
from seoaudit.store.tables import replacing

if TYPE_CHECKING:
    from seoaudit.render.view import ReportView
    from seoaudit.render.workbook.rows import SheetRows
    from seoaudit.store.folder import RunFolder


def write_workbook(view: ReportView, folder: RunFolder, limits: Limits | None = None) -> None:
    """Write report.xlsx in one step; the long lists are read from the run's tables a batch at a time.

    Sheets: Summary, after another run What changed, in list mode Listed URLs, Fix list, Findings, Long-standing where there is
    any, HTTPS matrix, Forms, Chains, Hops, with `[[expected]]` Expected redirects, HSTS, after another run Trend, Glossary. Times are UTC, durations
    milliseconds. Raises OSError, and then leaves an earlier workbook as it was.
    """
    book = Workbook(write_only=True)
    try:
        with ExitStack() as files:
            rows = _fill(book, view, folder, limits or Limits(), files)
            draft = BytesIO()
            book.save(draft)
            with replacing(folder.workbook) as beside, ZipFile(beside, "w", ZIP_DEFLATED) as archive:
                insert_rows(draft, archive, rows)
    except SerialisationError as error:  # how lxml, which writes the sheets, says such as "IO_ENOSPC"
        code = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(code, os.strerror(code), tempfile.gettempdir()) from error
    finally:
        _close(book)


def _fill(
    book: Workbook, view: ReportView, folder: RunFolder, limits: Limits, files: ExitStack
) -> dict[str, SheetRows]:
    """Make every sheet; gives the rows that are still to be inserted, by the part of the workbook that is their sheet."""
    book.properties.creator = "seoaudit"
    book.properties.title = plain(f"Redirect audit of {view.info.site}")[:255]
    add_styles(book)
    summary = book.create_sheet("Summary")  # the first sheet, written last: it says what became of the others
    with open_tables(folder) as tables:
        lists = [write_list(book, listing, files, limits.sheet_rows) for listing in listings(view, tables, limits)]
    if len(view.trend) > 1:
        write_trend(book.create_sheet(TREND), view)
    write_glossary(book.create_sheet("Glossary"), view)
    write_summary(summary, view, lists)
    parts = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(book.sheetnames, 1)}
    return {parts[name]: rows for done in lists for name, rows in done.sheets.items()}


def _close(book: Workbook) -> None:
    """End the sheets of a workbook that could not be written; they would complain when they are collected."""
    for sheet in book.worksheets:
        with suppress(Exception):  # whatever it is, the first failure is the one to tell
            sheet.close()
