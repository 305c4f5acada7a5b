"""The journal: one JSON line a record, flushed before anything else happens, so that a kill loses at most a torn last line."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Self

import orjson

from seoaudit.records import RESPONSE_FIELDS, Mention, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DEFAULTS = Response(url="")
_OPTIONAL = tuple(name for name in RESPONSE_FIELDS if name != "url")
_BLOCK = 1 << 16
_SURROGATE = re.compile("[\ud800-\udfff]")


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


@dataclass(slots=True, kw_only=True)
class Variant:
    """One URL asked once more in another way: field by field the columns of `variants.parquet`."""

    of: str
    variant: str
    url: str
    method: str
    status: int | None = None
    error: str | None = None
    location: str | None = None
    location_url: str | None = None
    allow: str | None = None
    vary: str | None = None
    cache_control: str | None = None
    set_cookie_names: str | None = None
    media_type: str | None = None
    body_bytes: int | None = None
    asked_at: float


@dataclass(slots=True)
class Seeds:
    """Mentions that no page made: the start URL, the listed URLs, the files that a crawler reads for itself."""

    links: list[Mention]


Record = Response | Walk | Variant | Seeds


class Journal:
    """Appends records to one file; every record is handed to the operating system before `append` returns.

    A last line that a kill left torn is cut when the file is opened, so that the next record does not grow onto it.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("a+b", buffering=0)
        whole = _end_of_last_line(self._file)
        if whole != self._file.seek(0, os.SEEK_END):
            self._file.truncate(whole)

    def append(self, record: Record) -> None:
        """Write one record; raises OSError when the disk is full, and then leaves nothing of the record behind."""
        start = self._file.seek(0, os.SEEK_END)
        rest = memoryview(encode(record))
        try:
            while rest:  # an almost full disk takes a part first and complains at the next call
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(start)
            raise

    def close(self) -> None:
        """Hand the file back; safe to call twice."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _end_of_last_line(file: IO[bytes]) -> int:
    """The offset after the last line end; found from the back, because a journal may be large."""
    position = file.seek(0, os.SEEK_END)
    while position > 0:
        start = max(0, position - _BLOCK)
        file.seek(start)
        found = file.read(position - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def encode(record: Record) -> bytes:
    """One line of the journal; fields that hold their default are left out, and a lone surrogate becomes U+FFFD."""
    if isinstance(record, Walk):
        return _dumps({"walk": asdict(record)})
    if isinstance(record, Variant):
        return _dumps({"variant": asdict(record)})
    if isinstance(record, Seeds):
        return _dumps({"seeds": record.links})
    row = {name: value for name in _OPTIONAL if (value := getattr(record, name)) != getattr(_DEFAULTS, name)}
    return _dumps({"response": {"url": record.url, **row}, "links": record.links})


def _dumps(data: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(data, default=tuple, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # UTF-8 has no lone surrogates, and a site's odd bytes must not end the crawl
        return orjson.dumps(_without_surrogates(data), option=orjson.OPT_APPEND_NEWLINE)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value


def decode(line: bytes) -> Record:
    """The record of one line; raises ValueError for a line that was torn, or is no record."""
    data: dict[str, Any] = orjson.loads(line)
    try:
        if "walk" in data:
            return Walk(**data["walk"])
        if "variant" in data:
            return Variant(**data["variant"])
        if "seeds" in data:
            return Seeds([Mention(*link) for link in data["seeds"]])
        return Response(**data["response"], links=[Mention(*link) for link in data["links"]])
    except (KeyError, TypeError) as error:
        raise ValueError(f"a line of the journal is no record: {error!r}") from error


def read(path: Path, unreadable: list[int] | None = None) -> Iterator[Record]:
    """Every whole record in the order written; a last line without its line end was cut by a kill and is left out.

    A line that cannot be read (a loss of power may leave zero bytes) is skipped and its number added to `unreadable`; without
    that list it raises ValueError.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                record = decode(line)
            except ValueError:
                if unreadable is None:
                    raise
                unreadable.append(number)
            else:
                yield record


def read_urls(path: Path) -> Iterator[str]:
    """The URL of every row that can be read, without making records of the lines."""
    with path.open("rb") as lines:
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                yield orjson.loads(line)["response"]["url"]
