"""When a site is due: pure functions of its cron expression, the time, and what was begun before.

Daylight saving time is as in Debian's cron (cronsim): a time that the clocks skip is due when they have gone forward, one that comes
twice is due the first time; an expression whose minute or hour is `*` goes by real hours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cronsim import CronSim

if TYPE_CHECKING:
    from seoaudit.config.sites import Site
    from seoaudit.schedule.state import Record

_LONGEST_CHANGE = timedelta(hours=3)
"""More than any clock is put back: within that span the same time may come twice."""


def latest_due(site: Site, now: datetime) -> datetime | None:
    """The last due time that is not after `now`, in UTC; None where there was none within fifty years."""
    later = (now + _LONGEST_CHANGE).astimezone(site.time_zone)
    for due in CronSim(site.schedule, later, reverse=True):
        if due.astimezone(UTC) <= now:
            return due.astimezone(UTC)
    return None


def next_due(site: Site, now: datetime) -> datetime | None:
    """The first due time after `now`, in UTC; None where there is none within fifty years."""
    earlier = (now - _LONGEST_CHANGE).astimezone(site.time_zone)
    for due in CronSim(site.schedule, earlier):
        if due.astimezone(UTC) > now:
            return due.astimezone(UTC)
    return None


def to_do(site: Site, record: Record, now: datetime) -> datetime | None:
    """The due time that waits for its run; None where nothing is due.

    Only the latest counts: however many were missed, one run catches up. One that was begun is never begun again, also where
    the clock went back; one that has no end yet is gone on with, until the next is due.
    """
    latest = latest_due(site, now)
    if latest is not None and not record.has_begun(latest):
        return latest
    return record.due if record.is_open else None


def when_to_look(site: Site, record: Record, now: datetime) -> datetime | None:
    """The moment from which something is to do for the site: `now`, or its next due time that was not begun yet."""
    if to_do(site, record, now) is not None:
        return now
    due = next_due(site, now)
    while due is not None and record.has_begun(due):
        due = next_due(site, due)
    return due
