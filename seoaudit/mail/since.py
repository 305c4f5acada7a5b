"""What became otherwise since the run before, read from the run's folder and its neighbours."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from seoaudit.mail.summary import Change, Changes, LastRun
from seoaudit.records import SEVERITIES
from seoaudit.store.runs import last_alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.records import Severity
    from seoaudit.store.folder import RunFolder, RunInfo

logger = logging.getLogger(__name__)

FIRST_CHANGES = 10
"""Changes that a letter names one by one."""

KINDS = ("regressed", "new", "changed", "fixed", "not-seen-again")
"""Kinds of changes.parquet, the one to look at first before the others."""


def changes(folder: RunFolder, info: RunInfo, titles: Mapping[str, str]) -> Changes | None:
    """What changes.parquet says, notes (`info`) left out; None where the run was compared with none or the table cannot be read."""
    file = folder.table("changes")
    if info.compared_with is None or not file.is_file():
        return None
    columns = ["kind", "rule", "severity", "severity_before", "url", "detail"]
    try:
        rows = pq.read_table(file, columns=columns).to_pylist()
    except (OSError, pa.ArrowException):
        logger.warning("%s cannot be read; the letter names no changes", file)
        return None
    found = [row for row in rows if _severity(row) != "info"]
    first = sorted(found, key=_to_look_at)[:FIRST_CHANGES]
    return Changes(
        counts=Counter(row["kind"] for row in found),
        first=tuple(
            Change(
                kind=row["kind"],
                severity=_severity(row),
                title=titles.get(row["rule"]) or row["rule"] or "",
                url=row["url"] or "",
                detail=row["detail"] or "",
            )
            for row in first
        ),
    )


def _severity(row: Mapping[str, Any]) -> Severity:
    given = row["severity"] or row["severity_before"]
    return given if given in SEVERITIES else "info"


def _to_look_at(row: Mapping[str, Any]) -> tuple[int, int, str]:
    kind = KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS)
    return kind, SEVERITIES.index(_severity(row)), row["url"] or ""


def last_run(folder: RunFolder, info: RunInfo) -> LastRun | None:
    """The newest earlier run of the site that is finished and was asked to see as much; None where there is none."""
    found = last_alike(folder, info)
    if found is None:
        return None
    earlier, before = found
    return LastRun(started_at=moment(before.started_at), urls=before.urls_requested, counts=_counts(earlier))


def moment(text: str) -> datetime:
    """A time of run.json, in UTC; raises ValueError."""
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)


def _counts(folder: RunFolder) -> dict[Severity, int] | None:
    try:
        column = pq.read_table(folder.table("findings"), columns=["severity"])["severity"]
    except (OSError, pa.ArrowException):  # never judged, or damaged
        return None
    counts = Counter(column.to_pylist())
    return {severity: counts[severity] for severity in SEVERITIES}
