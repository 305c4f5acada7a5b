"""A trend is drawn from a few numbers of each run, and the tables of old runs are read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from runs import make_run, moved, page

from seoaudit.store.schema import FINDINGS
from seoaudit.store.summaries import summary_of, trend
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.store.folder import RunFolder


def run(below: Path, day: int, high: int = 0, *, kept: bool = True, **info: Any) -> RunFolder:
    numbers = {"summary": summary_of({"high": high}, 1)} if kept else {}
    started = {"started_at": f"2026-11-{day:02}T03:00:00+00:00"}
    folder = make_run(
        below / f"202611{day:02}T030000Z", [page("/"), moved("/a", "/")], **{**started, **numbers, **info}
    )
    rows = [{"severity": "high"}] * high
    write_table(folder.table("findings"), pa.Table.from_pylist(rows, schema=FINDINGS))
    return folder


def highs(folder: RunFolder, most: int = 52) -> list[int]:
    return [point.numbers["high"] for point in trend(folder, most)]


def test_the_runs_stand_oldest_first_up_to_this_one_and_no_more_than_asked(tmp_path: Path) -> None:
    runs = [run(tmp_path, day, day) for day in (1, 2, 3, 4)]
    assert highs(runs[2]) == [1, 2, 3]
    assert highs(runs[3], most=2) == [3, 4]
    assert trend(runs[0])[0].started_at == "2026-11-01T03:00:00+00:00"


def test_unfinished_runs_and_other_sites_are_left_out(tmp_path: Path) -> None:
    run(tmp_path, 1, 1, state="unfinished")
    run(tmp_path, 2, 2, site="other.example")
    assert highs(run(tmp_path, 3, 3)) == [3]


def test_a_run_from_before_is_read_once_and_then_has_its_numbers(tmp_path: Path) -> None:
    old = run(tmp_path, 1, 5, kept=False)
    now = run(tmp_path, 2, 1)
    assert highs(now) == [5, 1]
    assert old.read_info().summary == summary_of({"high": 5}, 1)
    old.table("findings").unlink()
    assert highs(now) == [5, 1]


def test_a_run_without_tables_or_that_is_in_use_is_left_out(tmp_path: Path) -> None:
    run(tmp_path, 1, 1, kept=False).table("findings").unlink()
    busy = run(tmp_path, 2, 2, kept=False)
    now = run(tmp_path, 3, 3)
    with busy.claimed():
        assert highs(now) == [3]
    assert highs(now) == [2, 3]
