"""DuckDB over the Parquet files of a run, for what touches every link: bounded memory, spilling beside the run."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.store.folder import RunFolder

THREADS = 2


@contextmanager
def connect(folder: RunFolder, megabytes: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own that takes about so much memory; what it spills lies in the run folder and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".duckdb-", dir=folder.path) as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{megabytes}MB",
            "threads": THREADS,
            "autoinstall_known_extensions": False,
            "temp_directory": spill,
        }
        with duckdb.connect(config=config) as database:
            database.execute("set enable_progress_bar = false")
            yield database
