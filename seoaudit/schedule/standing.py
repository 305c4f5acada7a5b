"""How a site of the schedule stands: for whoever looks on. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seoaudit.schedule.due import to_do, when_to_look
from seoaudit.schedule.state import folder_of, is_claimed, read_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from seoaudit.config.sites import Site
    from seoaudit.schedule.state import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """`state`: `running` now; `due`; `interrupted`, so that the schedule goes on with it; or `waiting` for `next_due` (UTC)."""

    site: Site
    folder: Path
    record: Record
    state: Literal["running", "due", "interrupted", "waiting"]
    next_due: datetime | None


def standing_of(site: Site, now: datetime, tell: Callable[[str], None]) -> SiteStanding:
    """Read what is known of the site; `tell` gets a line where its schedule.json cannot be read."""
    record = read_record(site, tell)
    due = to_do(site, record, now)
    state: Literal["running", "due", "interrupted", "waiting"] = "waiting"
    if is_claimed(site):
        state = "running"
    elif due is not None:
        state = "interrupted" if record.is_open and due == record.due else "due"
    upcoming = when_to_look(site, record, now)
    return SiteStanding(site=site, folder=folder_of(site), record=record, state=state, next_due=upcoming)
