"""A crawl that is stopped, that finds nobody, or that cannot write says so, loses nothing it has, and is never called complete."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from audits import audit, crawl
from servers import Reply, Scripted, ScriptedServer, answer, page, redirect

from seoaudit.store import journal
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT = Path(__file__).parents[2]
HELD: dict[str, bytes | Reply] = {
    "/": page("/a", "/held", *(f"/waits/{number}" for number in range(100))),
    "/a": page(),
    "/held": Reply(page("/found-too-late"), gate=True),
}


ONE_AT_A_TIME = ("-a", "concurrency=1")


def start(folder: Path, url: str, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-m", "seoaudit", "audit", url, "-a", f"output={folder}", *words]
    return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def only_run(folder: Path) -> RunFolder:
    (found,) = folder.glob("*/*/")
    return RunFolder(found)


def urls_of(run: RunFolder) -> set[str]:
    return {url.split("/", 3)[3] for url in pq.read_table(run.table("responses"))["url"].to_pylist()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_one_signal_ends_the_audit_with_all_it_has_and_calls_it_unfinished(
    tmp_path: Path, number: signal.Signals
) -> None:
    with ScriptedServer(HELD) as server:
        process = start(tmp_path, f"{server.url}/", *ONE_AT_A_TIME)
        assert server.wait_for("/held")
        process.send_signal(number)
        server.gate.set()
        out, err = process.communicate(timeout=60)
        asked = server.targets()
    assert process.returncode == 2, err
    assert "Traceback" not in err
    assert "stopping when what is on its way is answered" in err
    run = only_run(tmp_path)
    info = run.read_info()
    assert (info.state, info.finish_reason) == ("unfinished", "shutdown")
    assert info.urls_left > 90
    assert {f"/{path}" for path in urls_of(run)} == asked
    assert "found-too-late" not in urls_of(run)
    assert run.html.exists()
    assert str(run.html) in out


def test_a_second_signal_stops_at_once_and_the_run_can_go_on(tmp_path: Path) -> None:
    with ScriptedServer(HELD) as server:
        process = start(tmp_path, f"{server.url}/", *ONE_AT_A_TIME)
        assert process.stderr
        assert server.wait_for("/held")
        process.send_signal(signal.SIGINT)
        assert any("stopping when" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)  # the gate stays shut
        assert process.returncode == 2, err
        assert "resume=1 goes on" in err
        assert out == ""
        server.gate.set()
        again = start(tmp_path, f"{server.url}/", "-a", "resume=1")
        again.communicate(timeout=60)
    run = only_run(tmp_path)
    assert run.read_info().state == "finished"
    assert {"", "a", "held", "found-too-late"} <= urls_of(run)


def test_a_kill_loses_no_row_that_was_answered(tmp_path: Path) -> None:
    with ScriptedServer(HELD) as server:
        process = start(tmp_path, f"{server.url}/", *ONE_AT_A_TIME)
        assert server.wait_for("/held")
        process.kill()
        process.communicate()
        asked = server.targets()
    run = only_run(tmp_path)
    rows = {record.url.split("/", 3)[3] for record in journal.read(run.journal) if hasattr(record, "url")}
    assert {f"/{path}" for path in rows} == asked - {"/held"}
    assert run.read_info().state == "running"


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://nobody.invalid/"], ids=["refused", "unknown host"])
def test_where_nobody_answers_one_line_says_so_and_so_does_the_report(tmp_path: Path, url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found = audit(tmp_path, url.format(port=port))
    assert found.exit_code == 2
    assert found.err.count("\n") == 1
    assert found.err.startswith(f"seoaudit: {url.format(port=port)} did not answer (")
    assert found.info.state == "failed"
    assert found.info.failure
    assert "did not answer" in found.folder.html.read_text()
    assert {row["status"] for row in found.rows.values()} == {None}


def test_a_server_that_hangs_up_is_a_server_that_did_not_answer(tmp_path: Path) -> None:
    with ScriptedServer(greeting=b"") as server:
        found = audit(tmp_path, f"{server.url}/")
    assert found.exit_code == 2
    assert "did not answer" in found.err
    assert found.info.state == "failed"


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ({"/": answer(500)}, "/ answers 500, and nothing else of the site was found"),
        ({"/": redirect("/gone"), "/gone": answer(410)}, "/gone answers 410"),
        ({"/": page("/a"), "/robots.txt": answer(503)}, "robots.txt answered 503"),
        ({"/": page("/a"), "/robots.txt": answer(body="User-agent: *\nDisallow: /")}, "robots=ignore"),
    ],
)
def test_a_site_of_which_nothing_could_be_seen_is_no_clean_site(
    tmp_path: Path, site: dict[str, Scripted], reason: str
) -> None:
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
    assert found.info.state == "failed"
    assert reason in (found.info.failure or "")


def test_a_site_that_only_loops_was_audited(tmp_path: Path) -> None:
    with ScriptedServer({"/": redirect("/a"), "/a": redirect("/")}) as server:
        found = crawl(tmp_path, f"{server.url}/")
    assert (found.info.state, found.info.failure) == ("finished", None)


def test_a_start_page_that_is_gone_does_not_hide_the_rest_of_the_site(tmp_path: Path) -> None:
    sitemap = answer(body="<urlset><url><loc>/here</loc></url></urlset>", media_type="application/xml")
    with ScriptedServer({"/": answer(404), "/sitemap.xml": sitemap, "/here": page()}) as server:
        found = crawl(tmp_path, f"{server.url}/")
    assert (found.info.state, found.info.failure) == ("finished", None)


def test_two_audits_of_one_site_at_once_have_a_folder_each(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with ScriptedServer({"/": page(*(f"/{number}" for number in range(30)))}) as server, ThreadPoolExecutor() as pool:
        audits = list(pool.map(lambda folder: crawl(folder, f"{server.url}/", output=str(tmp_path / "runs")), folders))
    runs = sorted((tmp_path / "runs").glob("*/*/"))
    assert [audit.exit_code for audit in audits] == [0, 0]
    assert len(runs) == 2
    for run in runs:
        assert json.loads((run / "run.json").read_text())["state"] == "finished"
        assert pq.read_metadata(run / "responses.parquet").num_rows == 33


def test_a_disk_that_is_full_ends_the_crawl_and_with_room_again_it_goes_on(tmp_path: Path) -> None:
    long = "x" * 1900
    paths = [f"/{number}{long}" for number in range(100)]
    with ScriptedServer({"/": page(*paths), **dict.fromkeys(paths, page())}) as server:
        process = start(
            tmp_path, f"{server.url}/", "-aprobes=none", before=["sh", "-c", 'ulimit -f 300; exec "$@"', "sh"]
        )
        out, err = process.communicate(timeout=60)
        first = server.targets()
        assert len(first) < 100
        assert process.returncode != 0, out + err
        assert "Traceback" not in err
        run = only_run(tmp_path)
        info = run.read_info()
        assert info.state == "unfinished"
        assert (info.finish_reason or "").startswith("the run cannot be written: ")
        assert {f"/{path}" for path in urls_of(run)} <= first
        again = start(tmp_path, f"{server.url}/", "-a", "resume=1")
        out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    assert run.read_info().state == "finished"
    assert urls_of(run) == {path[1:] for path in ("/", "/robots.txt", "/sitemap.xml", *paths)}


def test_reports_that_cannot_be_written_are_one_line_and_the_crawl_is_kept(tmp_path: Path) -> None:
    with ScriptedServer({"/": page(*(f"/{number}" for number in range(20)))}) as server:
        process = start(tmp_path, f"{server.url}/", before=["sh", "-c", 'ulimit -f 24; exec "$@"', "sh"])
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in err
    assert "cannot write" in err
    run = only_run(tmp_path)
    assert run.read_info().state == "finished"
    assert len(list(journal.read(run.journal))) > 20
