"""`seoaudit compare` says what changed between two runs: to people, to programs, and in one line where it cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from runs import make_run, moved, page
from typer.testing import CliRunner

from seoaudit.cli import app
from seoaudit.cli.compare import printable, read_map
from seoaudit.config import Config, ConfigError
from seoaudit.records import Mention
from seoaudit.run.reporting import judge_and_render

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.records import Response


def run(folder: Path, host: str, day: int, *more: Response) -> Path:
    made = make_run(
        folder / "runs" / host / f"202611{day:02}T030000Z",
        [page(f"https://{host}/", hsts="max-age=63072000"), *more],
        [Mention(f"https://{host}/", "start")],
        site=host,
        start=f"https://{host}/",
        hosts=[host],
        started_at=f"2026-11-{day:02}T03:00:00+00:00",
    )
    judge_and_render(made, Config())
    return made.path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of the live site, of which the second has lost a page, and one of staging, which has it."""
    top = tmp_path_factory.mktemp("work")
    for day, status in ((1, 200), (2, 404)):
        target = page("https://www.example.com/x", status=status, hsts="max-age=63072000")
        run(top, "www.example.com", day, moved("https://www.example.com/a", "https://www.example.com/x"), target)
    target = page("https://stage.example.com/x", hsts="max-age=63072000")
    moves = moved("https://stage.example.com/a", "https://stage.example.com/x")
    run(top, "stage.example.com", 1, moves, target)
    return top


def compare(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, ["compare", *words], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_without_words_it_compares_the_last_two_runs_of_the_newest_site(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out = compare(folder, monkeypatch)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "runs/www.example.com/20261101T030000Z → runs/www.example.com/20261102T030000Z"
    assert lines[1].startswith(
        "Findings: 2 new, 1 fixed. "
    )  # an unlinked redirect that leads nowhere is no longer named as such
    assert "new\thigh\tnewly-broken-target\thttps://www.example.com/a" in lines
    assert "new\thigh\tredirect-to-error\thttps://www.example.com/a" in lines
    assert "\x1b" not in out


def test_programs_get_every_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = compare(folder, monkeypatch, "--json", "runs/www.example.com")
    told = json.loads(out)
    assert code == 0
    assert told["findings"]["new"] == 2
    assert told["redirects"] == {"new": 0, "gone": 0, "changed": 0, "not-seen-again": 0}
    new = {(row["rule"], row["severity_before"]) for row in told["changes"] if row["kind"] == "new"}
    assert new == {("redirect-to-error", None), ("newly-broken-target", None)}
    assert {row["rule"]: row["new"] for row in told["by_rule"]}["redirect-to-error"] == 1


def test_staging_is_compared_with_the_live_site_by_a_map(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sites = ("runs/stage.example.com", "runs/www.example.com/20261101T030000Z")
    code, out = compare(folder, monkeypatch, *sites)
    assert code == 2
    assert "is an audit of stage.example.com, " in out
    assert "such as --map '//stage.example.com=//www.example.com'" in out
    code, out = compare(folder, monkeypatch, *sites, "--map", r"//stage\.=//www.")
    assert code == 0
    assert out.splitlines()[1] == "Findings: nothing changed. Redirects: nothing changed."


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_gets_tables_and_colour_only_where_it_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, colour: bool
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit) as ended:
        app(["compare"])
    assert not ended.value.code
    out = capsys.readouterr().out
    assert "┃" in out
    assert ("\x1b[31m" in out) is colour


@pytest.mark.parametrize(
    ("text", "pattern", "replacement"),
    [("a=b", "a", "b"), ("a=b=c", "a", "b=c"), (r"id\=5=id", r"id\=5", "id"), ("a=", "a", "")],
)
def test_a_map_is_parted_at_the_first_equals_sign(text: str, pattern: str, replacement: str) -> None:
    read = read_map(text)
    assert (read[0].pattern, read[1]) == (pattern, replacement)


@pytest.mark.parametrize(
    ("text", "says"),
    [("nothing", "is not REGEX=REPLACEMENT"), ("=x", "is not REGEX"), ("((=x", "cannot be used"), (r"a=\1", "group")],
)
def test_a_map_that_cannot_be_used_is_one_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        read_map(text)
    assert str(refused.value).startswith("--map: ")
    assert "\n" not in str(refused.value)


def test_what_a_site_wrote_cannot_steer_a_terminal() -> None:
    assert printable("https://a.example/\x1b[2J\x07\u202e\tx").plain == "https://a.example/\ufffd[2J\ufffd\ufffd\ufffdx"
