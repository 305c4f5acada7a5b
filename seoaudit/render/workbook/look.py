"""The look of the workbook: named cell styles, and colours that only repeat what the text says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

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
}
"""The fill of each closed word that a reader should not miss; every word is told apart by its text, too."""

NUMBER = "#,##0"
DATE = "yyyy-mm-dd hh:mm"


def add_styles(book: Workbook) -> None:
    """Register every named style that cells of the workbook use."""
    top = {"vertical": "top"}
    wrapped = Alignment(wrap_text=True, **top)
    styles = {
        "seo header": {"font": Font(bold=True, color=WHITE), "fill": _solid(HEADER), "alignment": Alignment(wrap_text=True, vertical="center")},
        "seo title": {"font": Font(bold=True, size=18, color=HEADER)},
        "seo verdict": {"font": Font(size=12, color=INK), "alignment": wrapped},
        "seo section": {"font": Font(bold=True, size=13, color=HEADER), "border": Border(bottom=Side("medium", color=HEADER))},
        "seo label": {"font": Font(bold=True, color=INK), "alignment": wrapped},
        "seo text": {"alignment": wrapped},
        "seo line": {"alignment": Alignment(**top)},
        "seo link": {"font": Font(color="FF0B5CAD", underline="single"), "alignment": wrapped},
        "seo note": {"font": Font(italic=True, color=QUIET), "alignment": Alignment(**top)},
        "seo number": {"number_format": NUMBER, "alignment": Alignment(**top)},
        "seo fact": {"number_format": NUMBER, "alignment": Alignment(horizontal="left", **top)},
        "seo date": {"number_format": DATE, "alignment": Alignment(horizontal="left", **top)},
    }
    for name, parts in styles.items():
        book.add_named_style(NamedStyle(name=name, **parts))


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour)


def colour_words(sheet: WriteOnlyWorksheet, cells: str, words: tuple[str, ...]) -> None:
    """Colour the cells of a range, such as "A2:A90", that hold exactly one of the words."""
    for word in words:
        loud = word == "critical"
        font = Font(bold=True, color=WHITE) if loud else None
        fill = PatternFill(bgColor=COLOURS[word])
        sheet.conditional_formatting.add(cells, CellIsRule("equal", [f'"{word}"'], font=font, fill=fill))


def print_wide(sheet: WriteOnlyWorksheet, header_row: int | None = 1) -> None:
    """Print landscape on A4, as wide as the page, with the header on each page and the page's number below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "Page &P of &N"
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.print_options.gridLines = True
