"""What earlier runs of the same site already knew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def earlier_runs(folder: RunFolder) -> Iterator[RunFolder]:
    """The runs of this site before this one, newest first."""
    names = sorted(path.name for path in folder.path.parent.iterdir() if path.is_dir() and path.name < folder.path.name)
    for name in reversed(names):
        yield RunFolder(folder.path.parent / name)


def first_sightings(folder: RunFolder) -> dict[tuple[str, str], datetime]:
    """When each (rule, url) of the run before was first seen; empty where there is no earlier run."""
    for run in earlier_runs(folder):
        if run.table("findings").exists():
            table = pq.read_table(run.table("findings"), columns=["rule", "url", "first_seen"])
            rows = zip(*(table[name].to_pylist() for name in ("rule", "url", "first_seen")), strict=True)
            return {(rule, url): seen for rule, url, seen in rows if seen is not None}
    return {}
