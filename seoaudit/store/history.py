"""What earlier runs of the same site already knew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

logger = logging.getLogger(__name__)


def earlier_runs(folder: RunFolder) -> Iterator[RunFolder]:
    """The runs of this site before this one, newest first."""
    names = sorted(path.name for path in folder.path.parent.iterdir() if path.is_dir() and path.name < folder.path.name)
    for name in reversed(names):
        yield RunFolder(folder.path.parent / name)


def first_sightings(folder: RunFolder) -> dict[tuple[str, str], datetime]:
    """When each (rule, url) of the run before was first seen; empty where no earlier run can be read."""
    columns = ["rule", "url", "first_seen"]
    for run in earlier_runs(folder):
        try:
            table = pq.read_table(run.table("findings"), columns=columns)
        except (OSError, pa.ArrowException):  # never judged, or damaged: the run before it knows nearly as much
            logger.info("%s has no findings to compare with", run.path)
            continue
        rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
        return {(rule, url): seen for rule, url, seen in rows if seen is not None}
    return {}
