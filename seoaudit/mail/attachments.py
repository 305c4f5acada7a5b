"""What goes with a letter, in forms that grow smaller: the files, the files in one archive, none."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

BASE64_GROWTH = 78 / 57
"""Base64 in lines of 76 characters and CRLF: 57 bytes become 78 (RFC 2045, 6.8)."""

_TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".html": ("text", "html"),
    ".zip": ("application", "zip"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a letter under the name that its reader sees."""

    name: str
    data: bytes

    @property
    def media_type(self) -> tuple[str, str]:
        """Type and subtype; other files than these three are none of ours."""
        return _TYPES[self.name[self.name.rindex(".") :]]


def forms(
    files: list[Path], stem: str, started_at: datetime, max_bytes: int
) -> Iterator[tuple[tuple[Attachment, ...], str]]:
    """What to attach, the best first and nothing at last, each with a sentence on what is missing; what is too large is left out.

    Raises OSError for a file that cannot be read.
    """
    if files and sum(file.stat().st_size for file in files) * BASE64_GROWTH <= max_bytes:
        yield tuple(Attachment(f"{stem}{file.suffix}", file.read_bytes()) for file in files), ""
    if files:
        archive = zipped(files, stem, started_at)
        if len(archive.data) * BASE64_GROWTH <= max_bytes:
            yield (archive,), "The mail server takes no larger letter, so the workbook is in a zip archive."
    yield (), "Nothing is attached: the mail server takes no letter of that size." if files else ""


def zipped(files: list[Path], stem: str, started_at: datetime) -> Attachment:
    """All of the files in one archive, the same bytes for the same run; raises OSError."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = ZipInfo(f"{stem}{file.suffix}", started_at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return Attachment(f"{stem}.zip", made.getvalue())
