"""One cell: whatever a site sent stays text, and what a workbook cannot hold is shown as such."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl.cell import WriteOnlyCell

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | datetime | None

MAX_TEXT = 32_767
"""Characters a cell holds, counted in UTF-16 units (Microsoft, Excel specifications and limits, read 2026-11)."""

# XML 1.0 has no C0 controls but tab and line feed, no lone surrogates, no U+FFFE and U+FFFF; C1 controls and DEL are
# allowed there, and invisible. "_x0041_" is how a workbook writes "A" (ECMA-376 part 1, 22.9.2.19, ST_Xstring).
_NOT_AS_IT_IS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

# What a spreadsheet may take for a formula when a cell is edited, or its text is pasted or saved as CSV (OWASP, CSV Injection).
_FORMULA_STARTS = frozenset("=+-@\t")

_NEEDS_CARE = re.compile(rf"^[=+\-@\t#]|{_NOT_AS_IT_IS.pattern}")  # "#" as in the error "#N/A"


def text_cell(sheet: Worksheet, text: str, table: str, style: str | None = None) -> Cell | str:
    """Make a cell that shows `text` and is never a formula; every text of a workbook passes here.

    Control characters become control pictures (U+2400 on) or U+FFFD, as do lone surrogates. Text that does not fit is cut,
    with its length and the file `table` that has all of it.
    """
    if style is None and _needs_no_care(text):
        return text  # openpyxl writes such text as it is, in half the time
    shown, guarded = shown_text(text, table)
    cell = WriteOnlyCell(sheet)
    if style is not None:
        cell.style = style
    cell.value = shown
    cell.data_type = "s"  # openpyxl would make a formula of "=1+1" and an error of "#N/A"
    if guarded:
        cell.quotePrefix = True  # stays text when a person edits it
    return cell


def _needs_no_care(text: str) -> bool:
    return len(text) <= MAX_TEXT // 2 and not _NEEDS_CARE.search(text)


def shown_text(text: str, table: str) -> tuple[str, bool]:
    """What a cell shows of a text, and whether it must be kept from becoming a formula: see `text_cell`."""
    if _needs_no_care(text):
        return text, False
    shown = fit(plain(text), len(text), table)
    return shown, shown[:1] in _FORMULA_STARTS


def plain(text: str) -> str:
    """Replace what a workbook cannot hold, or would read as something else, by what can be seen."""
    return _NOT_AS_IT_IS.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if character == "_":
        return "_x005F_"
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else "\ufffd"


def fit(text: str, length: int, table: str) -> str:
    """Cut text that a cell cannot hold, with a mark that says how long it was and where the whole is."""
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    mark = f"… [cut, {length:,} characters; full text in {table}]"
    return units[: 2 * (MAX_TEXT - len(mark))].decode("utf-16-le", "ignore") + mark


def value_cell(sheet: Worksheet, value: Value, table: str, style: str | None = None) -> Cell | Value:
    """Make a cell of any value: text, a real number, or a real date in UTC; nothing for a number that is not finite."""
    if value is None and style is None:
        return None
    if isinstance(value, str):
        return text_cell(sheet, value, table, style) if value or style else None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, float) and not math.isfinite(value):
        value = None
    if style is None:
        return value
    cell = WriteOnlyCell(sheet)
    cell.style = style
    cell.value = value
    return cell
