"""What `seoaudit status` says without a run: each site of the schedule, its last run and its next."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seoaudit.cli.schedule import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seoaudit.schedule.standing import SiteStanding


def standings(config: Path | None) -> list[SiteStanding]:
    """How each site stands now; raises ConfigError."""
    from seoaudit.schedule.standing import standing_of  # noqa: PLC0415 - a crawl loads the commands, and has no use for it

    now = datetime.now(UTC)
    return [standing_of(site, now, _note) for site in load(config).sites]


def fields_of(standing: SiteStanding) -> dict[str, Any]:
    """All of it for `--json`."""
    record = standing.record
    return {
        "site": standing.site.name,
        "start": standing.site.arguments.start,
        "folder": str(standing.folder),
        "state": standing.state,
        "last_due": _iso(record.due),
        "last_ended": _iso(record.ended),
        "last_run": record.run,
        "verdict": record.verdict,
        "detail": record.detail or None,
        "next_due": _iso(standing.next_due),
    }


def table_of(standings: Sequence[SiteStanding]) -> list[str]:
    """All of it for a person: aligned columns."""
    from seoaudit.schedule.loop import said  # noqa: PLC0415 - see standings

    rows = [("SITE", "LAST RUN", "VERDICT", "NEXT RUN")]
    for one in standings:
        record = one.record
        last = "never" if record.due is None else record.run or said(one.site, record.due)
        detail = f": {record.detail}" if record.detail else ""
        verdict = f"{record.verdict}{detail}" if record.verdict else "" if record.due is None else one.state
        upcoming = {"running": "running", "due": "now", "interrupted": "now"}.get(one.state)
        following = upcoming or ("never" if one.next_due is None else said(one.site, one.next_due))
        rows.append((one.site.name, last, verdict or "-", following))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _note(text: str) -> None:
    print(f"seoaudit: {text}", file=sys.stderr)
