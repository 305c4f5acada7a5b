"""Weekly runs of one site for tests, with starts of their own: week 0 began on 2026-01-05."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from runs import make_run

from seoaudit.store.chronicle import LEDGER_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seoaudit.records import Mention, Response
    from seoaudit.store.folder import RunFolder

FIRST = datetime(2026, 1, 5, 3, tzinfo=UTC)


def start(week: float) -> datetime:
    return FIRST + timedelta(weeks=week)


def make_week(
    site: Path, week: float, responses: Iterable[Response], seeds: Iterable[Mention] = (), /, **info: Any
) -> RunFolder:
    """The run of a week in the site's folder."""
    known = {"started_at": start(week).isoformat(), "finished_at": start(week).isoformat(), **info}
    return make_run(site / f"{start(week):%Y%m%dT%H%M%SZ}", responses, seeds, **known)


def rows(site: Path) -> dict[tuple[str, int, str | None], dict[str, Any]]:
    """The rows of the site's ledger by path, status and path of the target."""
    found = pq.read_table(site / LEDGER_FILE).to_pylist()
    return {(path(row["url"]), row["status"], row["target"] and path(row["target"])): row for row in found}


def path(url: str) -> str:
    return url.removeprefix("https://example.com")
