"""The tables of one run, asked with SQL in bounded memory; a table that was never written is an empty one."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from seoaudit.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seoaudit.store.folder import RunFolder

MEMORY_LIMIT = "512MB"
_BATCH_ROWS = 10_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

WORST_FIRST = "list_position(['critical', 'high', 'medium', 'low', 'info'], severity)"
"""SQL for the rank of a severity, 1 the worst."""


class Tables:
    """A read-only look at every table of `schema.TABLES` under its own name; use it in a `with` of `open_tables`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of the answer; for answers that the caller bounds with LIMIT or GROUP BY."""
        rows: list[tuple[Any, ...]] = self._connection.execute(sql, list(parameters)).fetchall()
        return rows

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Ask for an aggregate: its only row."""
        return self.all(sql, parameters)[0]

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of an answer of any length, a batch in memory at a time."""
        cursor = self._connection.cursor()
        cursor.execute(sql, list(parameters))
        while rows := cursor.fetchmany(_BATCH_ROWS):
            yield from rows


@contextmanager
def open_tables(folder: RunFolder) -> Iterator[Tables]:
    """Open the Parquet files of a run. Times come out through `epoch_us(column)`: see `moment`."""
    with (
        tempfile.TemporaryDirectory() as spill,
        duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill, "threads": 2}
        ) as connection,
    ):
        for name, schema in TABLES.items():
            file = folder.table(name)
            empty = connection.from_arrow(schema.empty_table())
            relation = connection.read_parquet(str(file)) if file.exists() else empty
            missing = [field for field in schema.names if field not in relation.columns]
            if missing:  # a table of an earlier version
                relation = relation.project(
                    ", ".join(["*", *(f'null::{_type(empty, field)} as "{field}"' for field in missing)])
                )
            relation.create_view(name)
        yield Tables(connection)


def _type(relation: Any, column: str) -> str:
    return str(relation.types[relation.columns.index(column)])


def moment(microseconds: int | None) -> datetime | None:
    """Turn an `epoch_us` value into a time, None where the cell was empty."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
