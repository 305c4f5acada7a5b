"""`--fail-on` turns what a run found, or what it found anew, into an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runs import make_run, moved, page
from typer.testing import CliRunner

from seoaudit.cli import app
from seoaudit.config import Config
from seoaudit.records import Mention
from seoaudit.run.reporting import judge_and_render

if TYPE_CHECKING:
    from pathlib import Path

GONE = [moved("/a", "/gone"), page("/gone", status=404)]
SEE_OTHER = [moved("/b", "/", 303)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks: a high finding, the same and a low one, the same again."""
    folder = tmp_path_factory.mktemp("runs") / "example.com"
    weeks = [GONE, GONE + SEE_OTHER, GONE + SEE_OTHER]
    for number, answers in enumerate(weeks, 1):
        run = make_run(
            folder / f"2026110{number}T030000Z",
            [page("/"), *answers],
            [Mention("https://example.com/", "start")],
            started_at=f"2026-11-0{number}T03:00:00+00:00",
        )
        judge_and_render(run, Config())
    return folder


@pytest.mark.parametrize(
    ("week", "fail_on", "code"),
    [
        (1, "high", 1),
        (1, "critical", 0),
        (1, "new", 0),
        (2, "high", 1),
        (2, "new", 1),
        (2, "new:low", 1),
        (2, "new:high", 0),
        (2, "NEW:LOW", 1),
        (3, "new", 0),
        (3, "info", 1),
    ],
)
def test_new_is_what_the_run_before_did_not_have(site: Path, week: int, fail_on: str, code: int) -> None:
    result = CliRunner().invoke(app, ["report", str(site / f"2026110{week}T030000Z"), "--fail-on", fail_on])
    assert result.exit_code == code, result.output


def test_it_is_told_when_nothing_can_be_new(site: Path) -> None:
    result = CliRunner().invoke(app, ["report", str(site / "20261101T030000Z"), "--fail-on", "new"])
    assert "seoaudit: --fail-on new: This is the first run of this site" in result.stderr
