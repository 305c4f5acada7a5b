"""The loop starts what is due, a site once at a time, and outlives whatever its audits do."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sites import sites_of, utc

from seoaudit.schedule.loop import Loop
from seoaudit.schedule.state import Record, claimed, folder_of, read_record, write_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seoaudit.config.sites import Site, Sites

NOON = utc("2026-11-20 12:00")


@dataclass
class Audit:
    """One audit of the world below: it ends at `ends`, with this code, and says so in the site's record unless it dies."""

    world: World
    site: Site
    ends: float
    code: int
    asked_to_stop: int = 0

    def ended(self) -> int | None:
        if self.world.seconds < self.ends:
            return None
        record = read_record(self.site, self.world.note)
        if (self.code >= 0 or not self.world.loses) and not self.asked_to_stop:
            write_record(self.site, record.ending("clean", "", "a run", self.world.now()))
        return self.code

    def stop(self) -> None:
        self.asked_to_stop += 1
        self.ends = self.world.seconds + (1 if self.site.name == "a" else 5)


@dataclass
class World:
    """A machine whose clock runs only while the loop waits; `jumps` set the clock, by the second at which they come."""

    began: datetime = NOON
    last: float = 3600.0
    takes: Callable[[Site], float] = lambda _: 60.0
    codes: Callable[[Site], int] = lambda _: 0
    jumps: dict[float, timedelta] = field(default_factory=dict)
    seconds: float = 0.0
    stops: int = 0
    audits: list[Audit] = field(default_factory=list)
    dues: list[tuple[str, datetime]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    most: int = 0
    loses: bool = True  # what a process that dies had done

    def now(self) -> datetime:
        passed = sum((by for at, by in self.jumps.items() if at <= self.seconds), timedelta())
        return self.began + timedelta(seconds=self.seconds) + passed

    def elapsed(self) -> float:
        return self.seconds

    def start(self, site: Site) -> Audit:
        from seoaudit.schedule.due import to_do  # noqa: PLC0415 - what the audit's own process asks

        running = [audit for audit in self.audits if audit.ends > self.seconds]
        assert site.name not in {audit.site.name for audit in running}
        self.most = max(self.most, len(running) + 1)
        record = read_record(site, self.note)
        due = to_do(site, record, self.now())
        assert due is not None
        folder_of(site).mkdir(parents=True, exist_ok=True)
        write_record(site, record.beginning(due, self.now(), ()))
        self.dues.append((site.name, due))
        self.audits.append(Audit(self, site, self.seconds + self.takes(site), self.codes(site)))
        return self.audits[-1]

    def wait(self, seconds: float) -> None:
        ends = [audit.ends for audit in self.audits if audit.ends > self.seconds]
        jumps = [at for at in self.jumps if at > self.seconds]
        self.seconds = min([self.seconds + max(seconds, 0.001), *ends, *jumps])
        if self.seconds >= self.last and not self.stops:
            self.stops = 1

    def note(self, text: str) -> None:
        self.notes.append(text)


def three(folder: Path, at_once: int = 1, schedule: str = "weekly") -> Sites:
    entries = [{"start": f"https://{name}.example/", "name": name} for name in "abc"]
    return sites_of(folder, *entries, at_once=at_once, schedule=schedule)


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_only_so_many_sites_are_audited_at_a_time(tmp_path: Path, at_once: int) -> None:
    world = World()
    Loop(three(tmp_path, at_once), world).for_ever()
    assert Counter(name for name, _ in world.dues) == {"a": 1, "b": 1, "c": 1}
    assert world.most == min(at_once, 3)


def test_every_due_time_gets_one_run(tmp_path: Path) -> None:
    world = World(last=3 * 86400.0)
    Loop(three(tmp_path, schedule="daily"), world).for_ever()
    first = utc("2026-11-20 05:00")
    assert Counter(world.dues) == {(name, first + timedelta(days=day)): 1 for name in "abc" for day in range(4)}


def test_a_site_that_fails_stops_no_other_and_waits_for_its_next_time(tmp_path: Path) -> None:
    world = World(codes=lambda site: 2 if site.name == "a" else 0, last=86400.0)
    Loop(three(tmp_path, schedule="daily"), world).for_ever()
    assert set(Counter(world.dues).values()) == {1}
    assert Counter(name for name, _ in world.dues) == {"a": 2, "b": 2, "c": 2}


def test_an_audit_whose_process_died_is_gone_on_with_at_once_and_then_ever_more_seldom(tmp_path: Path) -> None:
    world = World(codes=lambda site: -9 if site.name == "a" else 0, takes=lambda _: 10.0, last=1000.0)
    Loop(three(tmp_path), world).for_ever()
    assert Counter(name for name, _ in world.dues) == {"a": 6, "b": 1, "c": 1}
    begun = [audit.ends - 10 for audit in world.audits if audit.site.name == "a"]
    assert [round(later - earlier) for earlier, later in itertools.pairwise(begun)] == [10, 70, 130, 250, 490]
    assert "a: the audit's process died (-9); it will be gone on with" in world.notes


def test_a_process_that_is_killed_when_all_is_written_down_did_not_die(tmp_path: Path) -> None:
    world = World(codes=lambda site: -15 if site.name == "a" else 0)
    world.loses = False
    assert Loop(three(tmp_path), world).once() == 0
    assert not any("died" in note for note in world.notes)


def test_the_end_is_passed_on_once_and_waited_for(tmp_path: Path) -> None:
    world = World(takes=lambda _: 10_000.0, last=600.0)
    Loop(three(tmp_path, at_once=2), world).for_ever()
    assert [audit.asked_to_stop for audit in world.audits] == [1, 1]
    assert world.seconds == pytest.approx(605, abs=1)
    assert {name for name, _ in world.dues} == {"a", "b"}  # c is not begun in the place of a
    assert any(note.startswith("stopping when a, b can be gone on with") for note in world.notes)


def test_once_ends_early_where_somebody_asks_for_it(tmp_path: Path) -> None:
    world = World(takes=lambda _: 10_000.0, codes=lambda _: 2, last=600.0)
    assert Loop(three(tmp_path, at_once=2), world).once() == 2
    assert {name for name, _ in world.dues} == {"a", "b"}


def test_after_the_end_nothing_is_started(tmp_path: Path) -> None:
    world = World(stops=1)
    Loop(three(tmp_path), world).for_ever()
    assert world.dues == []
    assert Loop(three(tmp_path), world).once() == 0
    assert world.dues == []


def test_a_clock_that_is_set_back_while_it_runs_begins_nothing_twice(tmp_path: Path) -> None:
    world = World(last=90_000.0, jumps={70_000.0: timedelta(days=-1), 80_000.0: timedelta(hours=-2)})
    Loop(three(tmp_path, schedule="daily"), world).for_ever()
    assert set(Counter(world.dues).values()) == {1}


def test_a_machine_that_slept_for_weeks_catches_up_once(tmp_path: Path) -> None:
    world = World(last=7200.0, jumps={3600.0: timedelta(weeks=5)})
    Loop(three(tmp_path), world).for_ever()
    assert Counter(name for name, _ in world.dues) == {"a": 2, "b": 2, "c": 2}
    assert {due for _, due in world.dues} == {utc("2026-11-16 05:00"), utc("2026-12-21 05:00")}


def test_a_site_that_another_process_audits_is_left_alone_until_that_ends(tmp_path: Path) -> None:
    sites, world = three(tmp_path), World()
    with claimed(sites.sites[0]):
        Loop(sites, world).for_ever()
        assert Counter(name for name, _ in world.dues) == {"b": 1, "c": 1}
        assert Loop(sites, World()).once() == 0
    later = World()
    Loop(sites, later).for_ever()
    assert Counter(name for name, _ in later.dues) == {"a": 1}


def test_once_audits_what_is_due_and_ends_with_the_worst_code(tmp_path: Path) -> None:
    world = World(codes=lambda site: {"a": 0, "b": 1, "c": 0}[site.name])
    assert Loop(three(tmp_path), world).once() == 1
    assert len(world.dues) == 3
    assert Loop(three(tmp_path), World()).once() == 0
    world = World(began=NOON + timedelta(weeks=1), codes=lambda site: {"a": -9, "b": 1, "c": 0}[site.name])
    assert Loop(three(tmp_path), world).once() == 2
    assert len(world.dues) == 3


def test_a_state_file_that_was_cut_short_is_told_and_the_site_is_audited(tmp_path: Path) -> None:
    sites, world = three(tmp_path), World()
    folder = folder_of(sites.sites[0])
    folder.mkdir(parents=True)
    (folder / "schedule.json").write_text('{"begun": ["2026-11-')
    Loop(sites, world).for_ever()
    assert f"{folder / 'schedule.json'} cannot be read; a counts as never audited, and the next run writes it anew" in (
        world.notes
    )
    assert Counter(name for name, _ in world.dues) == {"a": 1, "b": 1, "c": 1}
    assert read_record(sites.sites[0], world.note) != Record()
