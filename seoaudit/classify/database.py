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

SMALL_BYTES = 2**24
"""Links below this are counted by one thread: two take a quarter more processor time, and save less than 0.1 s."""


@contextmanager
def connect(folder: RunFolder, megabytes: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own that takes about so much memory; what it spills lies in the run folder and is gone afterwards."""
    links = folder.table("links")
    with tempfile.TemporaryDirectory(prefix=".duckdb-", dir=folder.path) as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{megabytes}MB",
            "threads": 1 if links.exists() and links.stat().st_size < SMALL_BYTES else THREADS,
            "autoinstall_known_extensions": False,
            "temp_directory": spill,
        }
        with duckdb.connect(config=config) as database:
            database.execute("set enable_progress_bar = false")
            yield database
