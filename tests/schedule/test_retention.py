"""Deleting is asked for, takes finished runs that are old enough, and leaves everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audits import seoaudit
from runs import make_run
from sites import settings_file

from seoaudit.schedule.retention import outdated, prune
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"2026110{day}T050000Z" for day in range(1, 6)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site's folder with five finished runs, a ledger, a state, and somebody's notes."""
    folder = tmp_path / "runs" / "example.com"
    for name in NAMES:
        make_run(folder / name)
    (folder / "ledger.parquet").write_bytes(b"ledger")
    (folder / "schedule.json").write_text("{}")
    (folder / "notes").mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_the_newest_runs_stay_and_so_does_the_ledger(site: Path) -> None:
    assert [path.name for path in prune(site, 2)] == NAMES[:3]
    assert names(site) == [*NAMES[3:], "ledger.parquet", "notes", "schedule.json"]
    assert prune(site, 2) == []


def test_a_dry_run_deletes_nothing(site: Path) -> None:
    before = names(site)
    assert [path.name for path in prune(site, 4, dry_run=True)] == NAMES[:1]
    assert names(site) == before


def test_unfinished_runs_count_for_nothing_and_new_ones_stay(site: Path) -> None:
    for name in (NAMES[1], NAMES[4]):
        run = RunFolder(site / name)
        run.write_info(run.read_info().model_copy(update={"state": "unfinished"}))
    assert [path.name for path in outdated(site, 2)] == NAMES[:2]
    assert outdated(site, 5) == []


def test_a_folder_in_use_stays(site: Path) -> None:
    with RunFolder(site / NAMES[0]).claimed():
        assert [path.name for path in prune(site, 3)] == [NAMES[1]]
    assert NAMES[0] in names(site)


def test_half_a_run_goes_with_those_of_its_age(site: Path) -> None:
    (site / NAMES[0] / "run.json").unlink()
    (site / NAMES[4] / "run.json").unlink()
    assert [path.name for path in outdated(site, 2)] == NAMES[:2]


def test_a_deletion_that_was_interrupted_is_ended_by_the_next(site: Path) -> None:
    (site / NAMES[0]).rename(site / f".deleting-{NAMES[0]}")
    assert prune(site, 104) == []
    assert [path.name for path in site.glob(".deleting*")] == []


def test_runs_of_one_second_are_ordered_by_their_number(tmp_path: Path) -> None:
    numbered = [NAMES[0], *(f"{NAMES[0]}-{number}" for number in range(2, 12))]
    for name in numbered:
        make_run(tmp_path / name)
    assert [path.name for path in outdated(tmp_path, 2)] == numbered[:-2]


def test_the_command_prunes_each_site_by_its_own_number(site: Path, tmp_path: Path) -> None:
    settings_file(tmp_path, {"start": "https://example.com", "keep": 4}, {"start": "https://new.example"})
    ended = seoaudit(tmp_path, "prune", "--dry-run", "--keep", "1")
    assert (ended.exit_code, len(names(site))) == (0, 8)
    assert ended.out.count("would delete") == 4
    ended = seoaudit(tmp_path, "prune")
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"deleted {site / NAMES[0]}",
        "example.com: 1 of its runs went, the newest 4 finished ones stay",
        "new.example: 0 of its runs went, the newest 104 finished ones stay",
    ]
    assert names(site)[:4] == NAMES[1:]
