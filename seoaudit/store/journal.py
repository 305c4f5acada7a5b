"""The journal: one JSON line a record, flushed before anything else happens, so that a kill loses at most a torn last line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Self

import orjson

from seoaudit.records import RESPONSE_FIELDS, Mention, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEFAULTS = Response(url="")


@dataclass(slots=True, kw_only=True)
class Walk:
    """One chain walked again in one go with a cookie jar of its own: field by field the columns of `rewalks.parquet`."""

    requested_url: str
    url_list: list[str]
    statuses: list[int]
    redirect_count: int
    final_url: str
    final_status: int | None
    error: str | None
    outcome: str
    cookie_names: str | None
    walked_at: float


@dataclass(slots=True)
class Seeds:
    """Mentions that no page made: the start URL, the listed URLs, the files that a crawler reads for itself."""

    links: list[Mention]


Record = Response | Walk | Seeds


class Journal:
    """Appends records to one file; every record is handed to the operating system before `append` returns."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("ab", buffering=0)

    def append(self, record: Record) -> None:
        """Write one record; raises OSError when the disk is full."""
        self._file.write(encode(record))

    def close(self) -> None:
        """Hand the file back; safe to call twice."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def encode(record: Record) -> bytes:
    """One line of the journal; fields that hold their default are left out."""
    if isinstance(record, Walk):
        return _dumps({"walk": asdict(record)})
    if isinstance(record, Seeds):
        return _dumps({"seeds": record.links})
    row = {name: value for name in RESPONSE_FIELDS if (value := getattr(record, name)) != getattr(_DEFAULTS, name)}
    return _dumps({"response": row, "links": record.links})


def _dumps(data: dict[str, Any]) -> bytes:
    return orjson.dumps(data, default=tuple, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_SUBCLASS)


def decode(line: bytes) -> Record:
    """The record of one line; raises ValueError for a line that was torn."""
    data: dict[str, Any] = orjson.loads(line)
    if "walk" in data:
        return Walk(**data["walk"])
    if "seeds" in data:
        return Seeds([Mention(*link) for link in data["seeds"]])
    return Response(**data["response"], links=[Mention(*link) for link in data["links"]])


def read(path: Path) -> Iterator[Record]:
    """Every whole record in the order written; a last line without its line end was cut by a kill and is left out."""
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield decode(line)
