"""The journal becomes Parquet tables, in bounded memory and in one step each."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.parquet as pq

from seoaudit.store.blocks import read_blocks
from seoaudit.store.rows import first_of_each_url, link_rows, response_rows, variant_rows, walk_rows
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seoaudit.store.folder import RunFolder

BATCH_ROWS = 50_000

BATCH_BYTES = 2**26
"""Rows are written earlier where they are this long together."""

NAMED_LINES = 10
"""Lines of a damaged journal that the log names."""

logger = logging.getLogger(__name__)


class TableWriter:
    """Rows of one table, gathered in batches and written as row groups; use it in a `with`, or close it.

    `make` turns what `add` takes into rows with the schema's columns, a batch at a time; without it `add` takes such rows.
    """

    def __init__(self, path: Path, schema: pa.Schema, make: Callable[[pa.Table], pa.Table] | None = None) -> None:
        self._make = make
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[pa.Table] = []
        self._bytes = 0

    def add(self, rows: pa.Table) -> None:
        """Some more rows, all with the same columns."""
        self._rows.append(rows)
        self._bytes += rows.nbytes
        if sum(map(len, self._rows)) >= BATCH_ROWS or self._bytes >= BATCH_BYTES:
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
            self._rows = []
            self.close()

    def _flush(self) -> None:
        if self._rows:
            rows = pa.concat_tables(self._rows)
            self._writer.write_table(self._make(rows) if self._make else rows)
        self._rows, self._bytes = [], 0
        pa.default_memory_pool().release_unused()  # it would keep 40 MB, of which few are used at a time


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


def write_crawl_tables(folder: RunFolder) -> list[int]:
    """Make responses, links, rewalks and variants from the journal; returns the numbers of the lines that could not be read.

    Every URL has one row, its first, and the links of that row; a crawl that was killed and resumed may have asked one twice.
    Such a line is what a loss of power leaves; it is left out, and told in the log. Raises OSError, and then leaves the
    earlier tables as they were.
    """
    unreadable: list[int] = []
    seen: set[int] = set()
    with (
        replacing(folder.table("responses")) as responses_path,
        replacing(folder.table("links")) as links_path,
        replacing(folder.table("rewalks")) as rewalks_path,
        replacing(folder.table("variants")) as variants_path,
        # All four are whole before the first one takes its place.
        TableWriter(responses_path, RESPONSES, response_rows) as responses,
        TableWriter(links_path, LINKS) as links,
        TableWriter(rewalks_path, REWALKS, walk_rows) as rewalks,
        TableWriter(variants_path, VARIANTS, variant_rows) as variants,
    ):
        for block in read_blocks(folder.journal):
            unreadable += block.unreadable
            rows = first_of_each_url(block.rows, seen)
            responses.add(rows.select(["response"]))
            links.add(link_rows(rows))
            rewalks.add(rows.select(["walk"]))
            variants.add(rows.select(["variant"]))
    if unreadable:
        named = ", ".join(map(str, unreadable[:NAMED_LINES])) + (", …" if len(unreadable) > NAMED_LINES else "")
        logger.warning("%s: %d lines cannot be read, and are left out: %s", folder.journal, len(unreadable), named)
    return unreadable
