"""A due time ends with one run and one verdict, wherever the audit before was interrupted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from runs import make_run, page
from sites import one_site, utc

from seoaudit.schedule.state import claimed, folder_of, is_claimed, read_record
from seoaudit.schedule.verdict import verdict_of
from seoaudit.schedule.work import ATTEMPTS, work
from seoaudit.store.folder import InUse, RunFolder, RunInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.config.sites import Site

MONDAY = utc("2026-11-16 05:00")


class Killed(BaseException):
    """What the tests' auditor raises where a kill -9 would end the process."""


@dataclass
class Auditor:
    """Writes runs without asking anybody; `leaves` is what run.json says, `dies` where the process ends."""

    leaves: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    dies: bool = False
    stopped: bool = False
    given: list[Mapping[str, str]] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def audit(self, site: Site, given: Mapping[str, str]) -> int:
        self.given.append(given)
        folder = folder_of(site)
        if "resume" in given:
            run = RunFolder(Path(given["resume"]))
            run.write_info(run.read_info().model_copy(update={"state": "finished", **self.leaves}))
        elif self.leaves.get("state") != "none":
            number = sum(path.is_dir() for path in folder.iterdir())
            make_run(folder / f"20261116T05000{number}Z", [page("/")], **{"urls_requested": 100, **self.leaves})
        if self.dies:
            raise Killed
        return self.code

    def report(self, site: Site, run: RunFolder) -> int:
        del site
        self.reported.append(run.path.name)
        return self.code

    def mail(self, site: Site, run: RunFolder) -> int:
        del site
        self.mailed.append(run.path.name)
        return 0

    def note(self, text: str) -> None:
        self.notes.append(text)


def killed(site: Site, **leaves: Any) -> None:
    with pytest.raises(Killed):
        work(site, Auditor(leaves=leaves, dies=True), MONDAY)


def test_a_run_that_is_whole_is_clean_and_done(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    assert work(site, auditor, MONDAY) == 0
    record = read_record(site, auditor.note)
    assert (record.due, record.verdict, record.run) == (MONDAY, "clean", "20261116T050000Z")
    assert auditor.given == [site.given]
    assert work(site, auditor, MONDAY) == 0
    assert len(auditor.given) == 1


def test_findings_are_a_verdict_of_their_own(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor(code=1)
    assert work(site, auditor, MONDAY) == 1
    assert read_record(site, auditor.note).verdict == "findings"


@pytest.mark.parametrize("state", ["running", "unfinished"])
def test_a_crawl_that_was_killed_is_gone_on_with(tmp_path: Path, state: str) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    killed(site, state=state)
    assert work(site, auditor, MONDAY) == 0
    assert [given["resume"] for given in auditor.given] == [str(folder_of(site) / "20261116T050000Z")]
    assert read_record(site, auditor.note).verdict == "clean"


def test_a_run_that_was_killed_while_it_was_judged_is_judged_again(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    killed(site)
    assert work(site, auditor, MONDAY) == 0
    assert (auditor.given, auditor.reported) == ([], ["20261116T050000Z"])


def test_an_audit_that_was_killed_before_it_made_a_run_begins_anew(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    killed(site, state="none")
    assert work(site, auditor, MONDAY) == 0
    assert auditor.given == [site.given]


def test_the_run_of_an_earlier_week_is_not_taken_for_the_interrupted_one(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    make_run(folder_of(site) / "20261101T000000Z", [page("/")], state="unfinished")
    killed(site, state="none")
    work(site, auditor, MONDAY)
    assert auditor.given == [site.given]


def test_a_site_that_begins_elsewhere_by_now_is_audited_anew(tmp_path: Path) -> None:
    killed(one_site(tmp_path), state="running")
    moved, auditor = one_site(tmp_path, name="example.com", max_urls=5, start="https://example.com/new"), Auditor()
    work(moved, auditor, MONDAY)
    assert auditor.given == [moved.given]


def test_when_the_next_time_has_come_an_interrupted_run_is_left_behind(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    killed(site, state="running")
    assert work(site, auditor, utc("2026-11-23 06:00")) == 0
    assert auditor.given == [site.given]
    assert read_record(site, auditor.note).due == utc("2026-11-23 05:00")


def test_an_audit_that_dies_each_time_is_given_up_and_never_clean(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    for _ in range(ATTEMPTS):
        killed(site, state="running")
    auditor = Auditor()
    assert work(site, auditor, MONDAY) == 2
    record = read_record(site, auditor.note)
    assert (auditor.given, record.verdict) == ([], "died")
    assert len(auditor.mailed) == 1  # silence would look like a clean report
    assert work(site, auditor, MONDAY) == 0  # nothing more is due


def test_an_audit_that_somebody_stopped_is_gone_on_with_at_the_next_start(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    stopping = Auditor(leaves={"state": "unfinished", "finish_reason": "shutdown"}, code=2)
    for _ in range(ATTEMPTS + 1):  # stopping is no death
        assert work(site, stopping, MONDAY) == 2
        assert read_record(site, stopping.note).is_open
    auditor = Auditor()
    assert work(site, auditor, MONDAY) == 0
    assert "resume" in auditor.given[0]


def test_a_judgement_that_somebody_stopped_is_made_at_the_next_start(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    assert work(site, Auditor(stopped=True, code=2), MONDAY) == 2
    auditor = Auditor()
    assert work(site, auditor, MONDAY) == 0
    assert auditor.reported == ["20261116T050000Z"]
    assert read_record(site, auditor.note).verdict == "clean"


def test_a_site_that_went_away_is_unfinished_and_waits_for_its_next_time(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor(leaves={"state": "unfinished", "finish_reason": "site gone"}, code=2)
    assert work(site, auditor, MONDAY) == 2
    assert read_record(site, auditor.note).verdict == "unfinished"
    assert work(site, auditor, MONDAY) == 0
    assert len(auditor.given) == 1


def test_far_fewer_urls_than_last_time_are_no_clean_run(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    work(site, Auditor(), MONDAY)
    auditor = Auditor(leaves={"urls_requested": 49})
    assert work(site, auditor, utc("2026-11-23 05:00")) == 2
    record = read_record(site, auditor.note)
    assert (record.verdict, record.detail) == ("far fewer URLs", "49 URLs asked, 100 last time")


def test_runs_with_other_limits_are_not_compared(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    work(site, Auditor(), MONDAY)
    auditor = Auditor(leaves={"urls_requested": 5, "arguments": {"max_urls": "5"}})
    assert work(site, auditor, utc("2026-11-23 05:00")) == 0


def test_a_whole_site_is_never_worked_on_twice_at_a_time(tmp_path: Path) -> None:
    site, auditor = one_site(tmp_path), Auditor()
    with claimed(site), pytest.raises(InUse, match=r"example\.com is being audited by another process"):
        work(site, auditor, MONDAY)
    by_hand = make_run(folder_of(site) / "20261101T000000Z", [page("/")])
    with by_hand.claimed():
        assert is_claimed(site)
        with pytest.raises(InUse, match="is in use by process"):
            work(site, auditor, MONDAY)
    assert not is_claimed(site)
    assert auditor.given == []


@pytest.mark.parametrize(("delete_old", "left"), [(True, 2), (False, 4)])
def test_old_runs_go_only_where_the_settings_say_so(tmp_path: Path, *, delete_old: bool, left: int) -> None:
    site = one_site(tmp_path, keep=2, delete_old=delete_old, schedule="daily")
    for day in range(16, 20):
        work(site, Auditor(), utc(f"2026-11-{day} 05:00"))
    assert len([path for path in folder_of(site).iterdir() if path.is_dir()]) == left


INFO = {"site": "x", "start": "https://x/", "started_at": "2026-11-20T10:30:00Z", "version": "1"}


@pytest.mark.parametrize(
    ("code", "info", "verdict"),
    [
        (0, {"state": "finished"}, "clean"),
        (1, {"state": "finished"}, "findings"),
        (2, {"state": "finished"}, "failed"),  # reports or letter
        (2, {"state": "finished", "failed_rules": {"a": "b"}}, "failed"),
        (0, {"state": "running"}, "died"),
        (0, {"state": "unfinished"}, "unfinished"),
        (0, {"state": "failed", "failure": "no answer"}, "failed"),
        (0, None, "failed"),
    ],
)
def test_only_a_whole_audit_is_clean(code: int, info: dict[str, Any] | None, verdict: str) -> None:
    found = None if info is None else RunInfo(**{**INFO, **info})
    assert verdict_of(code, found, None, 0.5)[0] == verdict
