"""A run is compared with the one before that can be compared with, and says so where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from runs import make_run, moved, page

from seoaudit.config import Config, ConfigError
from seoaudit.records import Mention, Response
from seoaudit.run.comparing import compare_runs, pair_of
from seoaudit.run.reporting import judge_and_render

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.store.folder import RunFolder

START = [Mention("https://example.com/", "start")]
BROKEN = [page("/"), moved("/a", "/gone"), page("/gone", status=404)]
MENDED = [page("/"), page("/a"), page("/gone", status=404)]
SMALLER = [page("/")]


def run(below: Path, day: int, responses: list[Response], *, judged: bool = True, **info: Any) -> RunFolder:
    started = {"started_at": f"2026-11-{day:02}T03:00:00+00:00"}
    folder = make_run(below / f"202611{day:02}T030000Z", responses, START, **{**started, **info})
    if judged:
        judge_and_render(folder, Config())
    return folder


def kinds(folder: RunFolder, rule: str = "redirect-to-error") -> list[str]:
    rows = pq.read_table(folder.table("changes")).to_pylist()
    return [row["kind"] for row in rows if row["rule"] == rule]


def test_a_finding_is_new_fixed_and_back_as_the_weeks_go(tmp_path: Path) -> None:
    first = run(tmp_path, 1, SMALLER)
    assert (kinds(first), first.read_info().compared_with) == ([], None)
    assert first.read_info().not_compared == "This is the first run of this site: there is nothing to compare with."
    second = run(tmp_path, 2, BROKEN)
    assert (kinds(second), second.read_info().compared_with) == (["new"], first.path.name)
    assert second.read_info().redirect_changes == {"new": 1, "gone": 0, "changed": 0, "not-seen-again": 0}
    assert kinds(run(tmp_path, 3, SMALLER)) == ["not-seen-again"]
    assert kinds(run(tmp_path, 4, BROKEN)) == []
    assert kinds(run(tmp_path, 5, MENDED)) == ["fixed"]
    assert kinds(run(tmp_path, 6, MENDED)) == []
    assert kinds(run(tmp_path, 7, BROKEN)) == ["regressed"]


def test_what_an_unfinished_run_lacks_is_not_fixed(tmp_path: Path) -> None:
    run(tmp_path, 1, BROKEN)
    assert kinds(run(tmp_path, 2, MENDED, state="unfinished")) == ["not-seen-again"]


def test_unfinished_and_unjudged_runs_are_passed_over(tmp_path: Path) -> None:
    first = run(tmp_path, 1, BROKEN)
    run(tmp_path, 2, SMALLER, state="unfinished")
    run(tmp_path, 3, SMALLER, judged=False)
    assert run(tmp_path, 4, BROKEN).read_info().compared_with == first.path.name


def test_it_is_told_why_nothing_can_be_compared(tmp_path: Path) -> None:
    run(tmp_path, 1, BROKEN, state="unfinished")
    info = run(tmp_path, 2, BROKEN).read_info()
    assert (info.compared_with, info.redirect_changes) == (None, {})
    assert info.not_compared
    assert "both finished and judged" in info.not_compared
    failed = run(tmp_path, 3, SMALLER, state="failed", failure="nothing answered").read_info()
    assert failed.not_compared == "This audit failed: there is nothing to compare."


def test_a_damaged_earlier_run_is_one_line_and_costs_no_report(tmp_path: Path) -> None:
    first = run(tmp_path, 1, BROKEN)
    first.table("responses").write_bytes(b"PAR1 and no more")
    second = run(tmp_path, 2, BROKEN)
    assert second.html.is_file()
    told = second.read_info().not_compared
    assert told
    assert "responses.parquet cannot be read" in told
    assert "\n" not in told


def test_judging_again_says_the_same(tmp_path: Path) -> None:
    run(tmp_path, 1, SMALLER)
    second = run(tmp_path, 2, BROKEN)
    before = (pq.read_table(second.table("changes")), second.read_info())
    judge_and_render(second, Config())
    assert (pq.read_table(second.table("changes")), second.read_info()) == before


def test_a_site_means_its_last_two_runs_and_a_run_the_one_before(tmp_path: Path) -> None:
    site, other = tmp_path / "example.com", tmp_path / "old.example"
    runs = [run(site, day, SMALLER) for day in (1, 2, 3)]
    run(other, 1, SMALLER, site="old.example", start="https://old.example/", started_at="2025-01-01T00:00:00+00:00")
    for path in (site, tmp_path):
        assert [one.path for one in pair_of([path])] == [runs[1].path, runs[2].path]
    assert [one.path for one in pair_of([runs[1].path])] == [runs[0].path, runs[1].path]
    assert [one.path for one in pair_of([runs[2].path, runs[0].path])] == [runs[2].path, runs[0].path]


def test_what_cannot_be_compared_is_one_line(tmp_path: Path) -> None:
    site, staging = tmp_path / "example.com", tmp_path / "stage.example"
    first, second = run(site, 1, SMALLER), run(site, 2, SMALLER, judged=False)
    other = run(staging, 1, SMALLER, site="stage.example")
    for paths, says in (
        ([first.path, first.path], "is given twice; name two different runs"),
        ([first.path, second.path], f"was never judged; seoaudit report {second.path} does that"),
        ([tmp_path / "nowhere"], "nowhere is no run folder"),
        ([first.path, tmp_path / "nowhere"], "nowhere is no run folder"),
        ([first.path], "this is the first run of this site"),
        ([site], "holds 1 judged run, and two are needed"),
        ([other.path, first.path], "is an audit of stage.example, "),
        ([first.path] * 3, "3 are given; compare takes two"),
    ):
        with pytest.raises(ConfigError, match=r"^RUN: ") as refused:
            pair_of(paths)
        assert says in str(refused.value)
        assert "\n" not in str(refused.value)
    assert pair_of([other.path, first.path], mapped=True).older.path == other.path
    assert compare_runs(pair_of([other.path, first.path], mapped=True)).counts["new"] == 0
