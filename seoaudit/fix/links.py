"""The other side of the fix: which links on which pages to write anew, as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.store.folder import RunFolder

COLUMNS = ("page", "element", "text", "href", "replace_with")
HEADINGS = ("page", "element", "anchor", "href", "replace with")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def link_rows(folder: RunFolder) -> Iterator[str]:
    """CSV line by line, ordered by page as fixes.parquet is; raises OSError or pyarrow.ArrowInvalid.

    `replace with` is empty where somebody must choose a page. What a spreadsheet would take for a formula gets an apostrophe
    before it in the columns that a site wrote; `href` has to stay as it is, to be found.
    """
    yield _line(HEADINGS)
    with pq.ParquetFile(folder.table("fixes")) as file:
        for batch in file.iter_batches(columns=list(COLUMNS)):
            for row in batch.to_pylist():
                anchor = row["text"] or ""
                row["text"] = f"'{anchor}" if anchor.startswith(_FORMULA) else anchor
                yield _line(tuple(row[name] or "" for name in COLUMNS))


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
