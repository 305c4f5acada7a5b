"""`seoaudit status` says how far a run is, whatever became of it, and touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import Ended, crawl, seoaudit
from runs import make_run, moved, page
from servers import Reply, Scripted, ScriptedServer, answer, redirect
from servers import page as linking

from seoaudit.config import Arguments
from seoaudit.crawl.standing import LAST_S, Standing, standing
from seoaudit.records import Mention, Response
from seoaudit.store.folder import RunFolder
from seoaudit.store.journal import encode

if TYPE_CHECKING:
    from collections.abc import Generator

CHECKOUT = Path(__file__).parents[2]
SITE: dict[str, Scripted] = {
    "/": linking("/a", "/moved", "/forbidden", "/held", *(f"/waits/{number}" for number in range(100))),
    "/a": linking(),
    "/moved": redirect("/a"),
    "/held": Reply(linking(), gate=True),
    "/robots.txt": answer(body="User-agent: *\nDisallow: /forbidden", media_type="text/plain"),
}
BEGAN = 1_700_000_000.0


@contextmanager
def running(folder: Path, server: ScriptedServer) -> Generator[subprocess.Popen[bytes]]:
    """An audit that waits for the server's gate."""
    command = [sys.executable, "-m", "seoaudit", "audit", f"{server.url}/", f"-aoutput={folder}", "-aconcurrency=1"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert server.wait_for("/held")
            yield process
        finally:
            server.gate.set()
            process.kill()


def only_run(folder: Path) -> Path:
    (found,) = folder.glob("*/*/")
    return found


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and when it was written."""
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def status(folder: Path, run: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """What it says to programs, and to people by the first word of each line; neither leaves a trace."""
    before = contents(run)
    words = seoaudit(folder, "status", str(run))
    object_ = seoaudit(folder, "status", str(run), "--json")
    assert (words.exit_code, words.err, object_.exit_code, object_.err) == (0, "", 0, "")
    assert contents(run) == before
    return json.loads(object_.out), dict(line.split(maxsplit=1) for line in reversed(words.out.splitlines()))


def standing_of(run: RunFolder, now: float | None = None, **given: str) -> Standing:
    return standing(Arguments.read({"start": "https://example.com/", **given}), run.journal, now)


def test_a_run_that_goes_on_is_read_while_it_does(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server, running(tmp_path, server) as process:
        run = only_run(tmp_path)
        found, said = status(tmp_path, run)
        assert process.poll() is None
        assert (found["state"], found["process"]) == ("running", process.pid)
        assert said["state"] == f"running (process {process.pid})"
        # robots.txt, sitemap.xml, /, /a, /moved and /forbidden are done; /held is on its way and waits like the others
        assert (found["done"], found["waiting"], found["known"]) == (6, 101, 107)
        assert (found["redirects"], found["errors"]) == (1, {"robots": 1})
        assert said["URLs"] == "6 done, 101 waiting, 107 known"
        assert said["errors"] == "1 robots"
        assert found["start"] == said["site"] == f"{server.url}/"
        assert found["last_answer_at"].startswith(found["started_at"][:4])
        server.gate.set()
        assert process.wait(60) == 0
    assert RunFolder(run).read_info().state == "finished"


def test_a_run_that_was_killed_says_how_it_goes_on(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        with running(tmp_path, server) as process:
            process.kill()
        run = only_run(tmp_path)
        with (run / "journal.jsonl").open("ab") as journal:
            journal.write(b'{"response":{"url":"http://exa')
        found, said = status(tmp_path, run)
    assert (found["state"], found["process"], found["done"], found["waiting"]) == ("stopped", None, 6, 101)
    assert said["state"] == f"stopped: seoaudit audit -a resume={run} goes on"


def test_a_finished_run_has_all_it_knows(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        server.gate.set()
        audit = crawl(tmp_path, f"{server.url}/")
        found, said = status(tmp_path, audit.folder.path)
    assert found["state"] == "finished"
    assert (found["done"], found["waiting"]) == (len(audit.rows), 0)
    assert found["redirects"] == sum(row["mechanism"] is not None for row in audit.rows.values())
    assert found["errors"] == {"robots": 1}
    assert found["limits"] == json.loads(audit.folder.info_file.read_text())["limits"]
    assert said["state"] == f"finished {audit.info.finished_at}"
    assert said["limit"].startswith("robots: 1 URL, ")


def test_a_run_that_reached_a_limit_says_what_is_left(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        audit = crawl(tmp_path, f"{server.url}/", max_urls="3")
        found, said = status(tmp_path, audit.folder.path)
    assert found["state"] == "finished"
    assert found["waiting"] == audit.info.urls_left > 100
    assert said["state"].endswith(f"; {audit.info.urls_left} known URLs were not asked")


def test_a_site_of_which_nothing_was_seen_failed_and_says_why(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", state="failed", failure="https://example.com/ did not answer")
    found, said = status(tmp_path, run.path)
    assert (found["state"], found["done"], found["last_answer_at"]) == ("failed", 0, None)
    assert said["state"] == "failed: https://example.com/ did not answer"
    assert said["last"] == "no answer yet"


def test_a_crawl_that_is_over_and_being_judged_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", [page("/")])
    with run.claimed():
        found, said = status(tmp_path, run.path)
    assert (found["state"], found["process"]) == ("reporting", os.getpid())
    assert said["state"] == f"the crawl is over; process {os.getpid()} judges it and writes the reports"


def test_a_sites_folder_means_its_newest_run(tmp_path: Path) -> None:
    for name in ("20261120T103000Z", "20261121T103000Z"):
        make_run(tmp_path / "example.com" / name)
    ended = seoaudit(tmp_path, "status", "example.com", "--json")
    assert json.loads(ended.out)["run"] == "example.com/20261121T103000Z"


def test_a_run_without_a_journal_is_known_by_its_end(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run")
    run.journal.unlink()
    found, said = status(tmp_path, run.path)
    assert (found["state"], found["done"], found["errors"]) == ("finished", None, None)
    assert said["URLs"] == "no journal, so nothing is known of them"


def test_files_that_its_arguments_name_may_be_gone(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    given = {"config": gone, "ca_file": gone, "urls": gone, "max_urls": "1", "start": "https://example.com/"}
    seeds = [Mention(f"https://example.com/{path}", "list") for path in "ab"]
    urls = [seed.target for seed in seeds]
    run = make_run(
        tmp_path / "run",
        [page("/a")],
        seeds,
        arguments=given,
        listed_urls=urls,
        state="unfinished",
        finished_at=None,
        finish_reason="shutdown",
    )
    found, said = status(tmp_path, run.path)
    assert (found["done"], found["waiting"]) == (1, 1)
    assert [limit["name"] for limit in found["limits"]] == ["max_urls"]
    assert said["state"].startswith("stopped (shutdown): ")


@pytest.mark.parametrize("broken", [True, False], ids=["run.json is broken", "no run at all"])
def test_what_is_no_run_is_one_line_and_exit_code_2(tmp_path: Path, *, broken: bool) -> None:
    (tmp_path / "folder").mkdir()
    if broken:
        (tmp_path / "folder" / "run.json").write_text("{")
    ended: Ended = seoaudit(tmp_path, "status", "folder")
    assert (ended.exit_code, ended.out, ended.err.count("\n")) == (2, "", 1)
    complaint = (
        "folder/run.json cannot be read" if broken else "folder is no run folder (it has no run.json), nor a site's"
    )
    assert ended.err.startswith(f"seoaudit: RUN: {complaint}")


def test_damaged_lines_of_a_journal_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", [page("/")], state="running", finished_at=None)
    run.journal.write_bytes(b'{"response":\n' + run.journal.read_bytes())
    ended = seoaudit(tmp_path, "status", "run")
    assert (ended.exit_code, ended.err) == (0, "")
    assert "limit      journal: 1 damaged lines were left out" in ended.out


def answered_at(*seconds: float) -> list[Response]:
    return [page(f"/{number}", fetched_at=BEGAN + second) for number, second in enumerate(seconds)]


@pytest.mark.parametrize(
    ("seconds", "now", "expected"),
    [
        ((), None, None),
        ((0.0,), None, None),
        ((0.0, 10.0, 30.0, 60.0), None, 4.0),
        ((0.0, 10.0, 30.0, 60.0), 120.0, 2.0),  # nothing has come for a minute
        ((0.0, 10.0), LAST_S + 60, None),
        ((0.0, 100_000.0, 100_030.0, 100_060.0), None, 3.0),  # a pause of a day is no part of the last minutes
    ],
)
def test_the_rate_is_that_of_the_last_minutes(
    tmp_path: Path, seconds: tuple[float, ...], now: float | None, expected: float | None
) -> None:
    run = make_run(tmp_path / "run", answered_at(*seconds))
    found = standing_of(run, None if now is None else BEGAN + now)
    assert found.a_minute == expected
    assert found.last_at == (BEGAN + seconds[-1] if seconds else None)


def test_a_line_that_is_being_written_is_left_for_the_next_time(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", [moved("/", "/a")], [Mention("https://example.com/", "start")])
    line = encode(page("/a"))
    with run.journal.open("ab") as journal:
        journal.write(line[: len(line) // 2])
    assert (standing_of(run).done, standing_of(run).waiting) == (1, 1)
    with run.journal.open("ab") as journal:
        journal.write(line[len(line) // 2 :])
    assert (standing_of(run).done, standing_of(run).waiting) == (2, 0)
