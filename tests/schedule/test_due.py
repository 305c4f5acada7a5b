"""A site is due at its times, once each, whatever clocks and machines do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sites import one_site, utc

from seoaudit.schedule.due import latest_due, next_due, to_do, when_to_look
from seoaudit.schedule.state import REMEMBERED, Record

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = utc("2026-11-16 05:00")
WEEK = timedelta(weeks=1)


def after(*begun: datetime) -> Record:
    """What is known when runs for these were begun, and the last one ended well."""
    record = Record()
    for due in begun:
        record = record.beginning(due, due, ()).ending("clean", "", None, due)
    return record


def test_a_site_is_due_weekly_unless_it_says_otherwise(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    assert latest_due(site, utc("2026-11-20 12:00")) == MONDAY
    assert next_due(site, utc("2026-11-20 12:00")) == MONDAY + WEEK


@pytest.mark.parametrize(
    ("schedule", "due"),
    [
        ("daily", "2026-11-21 05:00"),
        ("weekly", "2026-11-23 05:00"),
        ("monthly", "2026-12-01 05:00"),
        ("0 5 * * 0", "2026-11-22 05:00"),  # Sunday, by both of cron's numbers and by name
        ("0 5 * * 7", "2026-11-22 05:00"),
        ("0 5 * * sun", "2026-11-22 05:00"),
        ("30 4 13 * fri", "2026-11-27 04:30"),  # the 13th or a Friday
        ("*/20 * * * *", "2026-11-20 12:20"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
    ],
)
def test_expressions_mean_what_they_mean_to_cron(tmp_path: Path, schedule: str, due: str) -> None:
    assert next_due(one_site(tmp_path, schedule=schedule), utc("2026-11-20 12:00")) == utc(due)


@pytest.mark.parametrize(
    ("schedule", "times"),
    [
        ("30 2 * * *", ["2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"]),  # 02:30 is skipped: 03:00 it is
        ("0 3 * * *", ["2026-03-28 02:00", "2026-03-29 01:00", "2026-03-30 01:00"]),
        ("0 5 * * *", ["2026-03-28 04:00", "2026-03-29 03:00", "2026-03-30 03:00"]),
    ],
)
def test_when_clocks_go_forward_each_day_has_one_due_time(tmp_path: Path, schedule: str, times: list[str]) -> None:
    check_times(tmp_path, schedule, times)


@pytest.mark.parametrize(
    ("schedule", "times"),
    [
        (
            "30 2 * * *",
            ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"],
        ),  # 02:30 comes twice: the first it is
        ("0 3 * * *", ["2026-10-24 01:00", "2026-10-25 02:00", "2026-10-26 02:00"]),
        ("0 5 * * *", ["2026-10-24 03:00", "2026-10-25 04:00", "2026-10-26 04:00"]),
    ],
)
def test_when_clocks_go_back_each_day_has_one_due_time(tmp_path: Path, schedule: str, times: list[str]) -> None:
    check_times(tmp_path, schedule, times)


def check_times(folder: Path, schedule: str, times: list[str]) -> None:
    """Between the first and the last of these times, asked every ten minutes, each is the next and then the latest."""
    site = one_site(folder, schedule=schedule, time_zone="Europe/Berlin")
    expected = [utc(time) for time in times]
    now = expected[0]
    while now < expected[-1]:
        assert latest_due(site, now) == max(due for due in expected if due <= now)
        assert next_due(site, now) == min(due for due in expected if due > now)
        now += timedelta(minutes=10)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - made aware below
    schedule=st.sampled_from(["30 2 * * *", "15 * * * *", "0 5 * * 1", "*/30 2 * * *", "0 1,2,3 * * *"]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_no_due_time_lies_between_the_latest_and_the_next(
    tmp_path: Path, now: datetime, schedule: str, zone: str
) -> None:
    site = one_site(tmp_path, schedule=schedule, time_zone=zone)
    moment = utc(now.isoformat())
    latest, following = latest_due(site, moment), next_due(site, moment)
    assert latest is not None
    assert following is not None
    assert latest <= moment < following
    assert next_due(site, latest) == following
    assert latest_due(site, following - timedelta(seconds=1)) == latest


def test_a_site_that_was_never_audited_is_due_at_once(tmp_path: Path) -> None:
    assert to_do(one_site(tmp_path), Record(), utc("2026-11-20 12:00")) == MONDAY


def test_what_was_begun_is_not_due_again(tmp_path: Path) -> None:
    site, record = one_site(tmp_path), after(MONDAY)
    assert to_do(site, record, MONDAY) is None
    assert to_do(site, record, MONDAY + WEEK - timedelta(seconds=1)) is None
    assert to_do(site, record, MONDAY + WEEK) == MONDAY + WEEK


def test_many_missed_times_are_caught_up_once(tmp_path: Path) -> None:
    site, back = one_site(tmp_path), MONDAY + 30 * WEEK + timedelta(days=2)
    due = to_do(site, after(MONDAY), back)
    assert due == MONDAY + 30 * WEEK
    assert to_do(site, after(MONDAY, due), back) is None


def test_a_clock_that_is_set_back_runs_nothing_twice(tmp_path: Path) -> None:
    site, record = one_site(tmp_path), after(*(MONDAY + week * WEEK for week in range(4)))
    for days in range(28):
        assert to_do(site, record, MONDAY + timedelta(days=days)) is None
    assert to_do(site, record, MONDAY + 4 * WEEK) == MONDAY + 4 * WEEK


def test_a_clock_that_was_ahead_for_a_year_keeps_no_site_from_its_next_run(tmp_path: Path) -> None:
    site, record = one_site(tmp_path), after(MONDAY, MONDAY + 52 * WEEK)
    assert to_do(site, record, MONDAY + timedelta(days=1)) is None
    assert when_to_look(site, record, MONDAY + timedelta(days=1)) == MONDAY + WEEK
    assert to_do(site, record, MONDAY + WEEK) == MONDAY + WEEK


def test_the_next_time_is_none_that_was_begun_already(tmp_path: Path) -> None:
    site, record = one_site(tmp_path), after(MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert when_to_look(site, record, MONDAY + timedelta(hours=1)) == MONDAY + 3 * WEEK


def test_what_was_interrupted_is_gone_on_with_until_the_next_time(tmp_path: Path) -> None:
    site, record = one_site(tmp_path), after(MONDAY - WEEK).beginning(MONDAY, MONDAY, ())
    assert to_do(site, record, MONDAY + timedelta(days=3)) == MONDAY
    assert to_do(site, record, MONDAY + WEEK) == MONDAY + WEEK


def test_times_so_far_back_that_nobody_knows_them_count_as_begun() -> None:
    record = after(*(MONDAY + minute * timedelta(minutes=1) for minute in range(REMEMBERED + 50)))
    assert len(record.begun) == REMEMBERED
    assert record.has_begun(MONDAY)
    assert not record.has_begun(MONDAY + timedelta(minutes=REMEMBERED + 50))
