"""DuckDB over the Parquet files of a run, for what touches every link: bounded memory, spilling beside the run."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.store.folder import RunFolder

MEMORY_LIMIT = "600MB"
THREADS = 2


@contextmanager
def connect(folder: RunFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own; what it spills lies in the run folder and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".duckdb-", dir=folder.path) as spill:
        config = {"memory_limit": MEMORY_LIMIT, "threads": THREADS, "temp_directory": spill}
        with duckdb.connect(config=config) as database:
            yield database
