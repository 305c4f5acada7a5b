from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runs import moved, page
from typer.testing import CliRunner
from weeks import make_week, rows

from seoaudit.cli import app
from seoaudit.store.folder import claimed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for week in range(3):
        make_week(tmp_path / "example.com", week, [moved("/a", "/b", 302), page("/b")])
    return tmp_path / "example.com"


@pytest.mark.parametrize("options", [[], ["--rebuild"]])
def test_it_folds_the_runs_and_says_how_many(site: Path, options: list[str]) -> None:
    done = CliRunner().invoke(app, ["ledger", str(site), *options])
    assert done.exit_code == 0
    assert done.stdout == f"{site}/ledger.parquet: 2 answers in 3 runs, the first of 2026-01-05\n"
    assert rows(site)["/a", 302, "/b"]["sightings"] == 3


def test_what_is_wrong_with_a_run_is_one_line_and_the_others_count(site: Path) -> None:
    next(site.glob("*/responses.parquet")).write_bytes(b"PAR1")
    done = CliRunner().invoke(app, ["ledger", str(site)])
    assert done.exit_code == 0
    assert "in 2 runs" in done.stdout
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("folder", ["nowhere", "example.com/20260105T030000Z", "."])
def test_what_is_no_folder_of_runs_is_refused_with_one_line(site: Path, folder: str) -> None:
    done = CliRunner().invoke(app, ["ledger", str(site.parent / folder)])
    assert done.exit_code == 2
    assert done.stderr.startswith("seoaudit: SITE_FOLDER: ")
    assert len(done.stderr.splitlines()) == 1


def test_another_process_is_named(site: Path) -> None:
    with claimed(site / ".ledger.lock", site, "4711 on host"):
        done = CliRunner().invoke(app, ["ledger", str(site)])
    assert done.exit_code == 2
    assert "is in use by process 4711 on host; wait until it ends" in done.stderr
