"""The journal becomes Parquet tables, in bounded memory and in one step each."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from seoaudit.records import Response
from seoaudit.store import journal
from seoaudit.store.journal import Walk
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seoaudit.store.folder import RunFolder

BATCH_ROWS = 50_000


class TableWriter:
    """Rows of one table, gathered in batches and written as row groups; use it in a `with`, or close it."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._columns: list[list[Any]] = [[] for _ in schema.names]

    def add(self, row: tuple[Any, ...]) -> None:
        """One row, its values in the schema's order."""
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        if len(self._columns[0]) >= BATCH_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left; an empty table still has all its columns. Safe to call twice."""
        try:
            if self._writer.is_open:
                self._flush()
            self._writer.close()
        finally:
            self._writer.is_open = False  # a writer that failed would try again, and complain, when it is collected

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:
            self.close()
            return
        with suppress(OSError, pa.ArrowException):  # the first failure is the one to tell
            self._columns = [[] for _ in self._schema.names]
            self.close()

    def _flush(self) -> None:
        arrays = [_array(column, field.type) for column, field in zip(self._columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._columns = [[] for _ in self._schema.names]


def _array(values: list[Any], kind: pa.DataType) -> pa.Array[Any]:
    """The values as a column; a whole number that does not fit, such as a status of 99999, is null and loses no run."""
    if pa.types.is_integer(kind):
        values = [_fitting(value, kind) for value in values]
    elif pa.types.is_list(kind) and pa.types.is_integer(kind.value_type):
        values = [value and [_fitting(item, kind.value_type) for item in value] for value in values]
    return pa.array(values, kind)


def _fitting(value: int | None, kind: pa.DataType) -> int | None:
    beyond = 1 << (kind.bit_width - 1)
    return value if value is None or -beyond <= value < beyond else None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` only when the block ends well."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_table(path: Path, table: pa.Table) -> None:
    """Replace one Parquet file in one step, without a library's private notes on dtypes, so that every reader can open it."""
    with replacing(path) as beside:
        pq.write_table(table.replace_schema_metadata(None), beside, compression="zstd")


def write_crawl_tables(folder: RunFolder) -> None:
    """Make responses, links and rewalks from the journal; raises OSError, and then leaves the earlier tables as they were."""
    with (
        replacing(folder.table("responses")) as responses_path,
        replacing(folder.table("links")) as links_path,
        replacing(folder.table("rewalks")) as rewalks_path,
        # All three are whole before the first one takes its place.
        TableWriter(responses_path, RESPONSES) as responses,
        TableWriter(links_path, LINKS) as links,
        TableWriter(rewalks_path, REWALKS) as rewalks,
    ):
        for record in journal.read(folder.journal):
            if isinstance(record, Walk):
                rewalks.add(_row(record, REWALKS.names))
                continue
            source = None
            if isinstance(record, Response):
                source = record.url
                responses.add(_row(record, RESPONSES.names))
            for mention in record.links:
                links.add((source, *mention))


def _row(record: Response | Walk, names: list[str]) -> tuple[Any, ...]:
    return tuple(_cell(getattr(record, name), name) for name in names)


def _cell(value: Any, name: str) -> Any:
    if name.endswith("_at") and value is not None:
        return datetime.fromtimestamp(value, UTC)
    return value
