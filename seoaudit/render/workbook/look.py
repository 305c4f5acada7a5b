"""The look of the workbook: named cell styles, and colours that only repeat what the text says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.properties import PageSetupProperties

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

INK = "FF1F2937"
QUIET = "FF6B7280"
HEADER = "FF1F3A5F"
WHITE = "FFFFFFFF"

SEVERITY_FILL = {
    "critical": "FF9B1C1C",
    "high": "FFF6B26B",
    "medium": "FFFFE599",
    "low": "FFCFE2F3",
    "info": "FFEDEDED",
}

_BAD, _UNKNOWN, _WEAK = "FFF8CBC6", "FFE5E7EB", "FFFFE599"
COLOURS = {
    **SEVERITY_FILL,
    **dict.fromkeys(("loop", "too-many", "unreachable", "invalid-location", "client-error", "server-error"), _BAD),
    **dict.fromkeys(("unfinished", "robots", "external"), _UNKNOWN),
    **dict.fromkeys(("temporary", "mixed"), _WEAK),
    **dict.fromkeys(("sent-in-clear", "resent-elsewhere", "body-lost", "query-dropped", "broken"), _BAD),
}
"""The fill of each closed word that a reader should not miss; every word is told apart by its text, too."""

LINE = "FFD1D5DB"
LINE_POINTS = 15
MAX_LINES = 12

NUMBER = "#,##0"
DATE = "yyyy-mm-dd hh:mm"


def add_styles(book: Workbook) -> None:
    """Register every named style that cells of the workbook use."""
    top, line = "top", Border(bottom=Side("thin", color=LINE))
    wrapped = Alignment(wrap_text=True, vertical=top)
    right = Alignment(horizontal="right", vertical=top, indent=1)
    left = Alignment(horizontal="left", vertical=top)
    styles: dict[str, dict[str, Any]] = {
        "seo header": {
            "font": Font(bold=True, color=WHITE),
            "fill": PatternFill("solid", start_color=HEADER),
            "alignment": Alignment(wrap_text=True, vertical="center"),
        },
        "seo header number": {
            "font": Font(bold=True, color=WHITE),
            "fill": PatternFill("solid", start_color=HEADER),
            "alignment": Alignment(wrap_text=True, horizontal="right", vertical="center", indent=1),
        },
        "seo title": {"font": Font(bold=True, size=18, color=HEADER)},
        "seo verdict": {"font": Font(size=12, color=INK), "alignment": wrapped},
        "seo section": {
            "font": Font(bold=True, size=13, color=HEADER),
            "border": Border(bottom=Side("medium", color=HEADER)),
        },
        "seo label": {"font": Font(bold=True, color=INK), "alignment": wrapped, "border": line},
        "seo text": {"alignment": wrapped, "border": line},
        "seo line": {"alignment": left},
        "seo link": {"font": Font(color="FF0B5CAD", underline="single"), "alignment": wrapped, "border": line},
        "seo note": {"font": Font(italic=True, color=QUIET), "alignment": left},
        "seo number": {"number_format": NUMBER, "alignment": right, "border": line},
        "seo fraction": {"alignment": right, "border": line},
        "seo fact": {
            "number_format": NUMBER,
            "alignment": Alignment(horizontal="left", vertical=top, wrap_text=True),
            "border": line,
        },
        "seo date": {"number_format": DATE, "alignment": left, "border": line},
    }
    for name, parts in styles.items():
        book.add_named_style(NamedStyle(name=name, **parts))


def height_of(values: Iterable[object], widths: Iterable[float]) -> float | None:
    """Give the points that a row of wrapped text needs, None for one line.

    Spreadsheets differ in whether they find this out by themselves, so it is written down. A very long text is cut at
    `MAX_LINES`; the cell has all of it.
    """
    lines = 1
    for value, width in zip(values, widths, strict=False):
        if isinstance(value, str) and (len(value) > width or "\n" in value):
            lines = max(lines, _lines(value, width))
    return LINE_POINTS * min(lines, MAX_LINES) if lines > 1 else None


def _lines(text: str, width: float) -> int:
    """Count lines as a spreadsheet breaks them: between words, and within a word that is longer than the line."""
    room = max(1, int(width * 1.15))  # a column is as wide as so many digits, and most letters are narrower
    lines = 0
    for part in text[: MAX_LINES * room].split("\n"):
        lines, column = lines + 1, 0
        for word in part.split(" "):
            if column and column + 1 + len(word) > room:
                lines, column = lines + 1, 0
            column += len(word) + (column > 0)
            lines, column = lines + max(0, column - 1) // room, column and (column - 1) % room + 1
    return lines


def colour_words(sheet: Worksheet, cells: str, words: tuple[str, ...]) -> None:
    """Colour the cells of a range, such as "A2:A90", that hold exactly one of the words."""
    for word in words:
        loud = word == "critical"
        font = Font(bold=True, color=WHITE) if loud else None
        fill = PatternFill(bgColor=COLOURS[word])
        rule = Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=DifferentialStyle(font=font, fill=fill))
        sheet.conditional_formatting.add(cells, rule)


def print_wide(sheet: Worksheet, header_row: int | None = 1) -> None:
    """Print landscape on A4, as wide as the page, with the header on each page and the page's number below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.25
    footer = sheet.oddFooter
    assert footer is not None
    for part, text in ((footer.left, "&A"), (footer.right, "Page &P of &N")):
        assert part is not None
        part.text = text
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
