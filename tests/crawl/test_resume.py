"""A crawl that was cut off goes on where it ended: every URL has one row at last, and little is asked twice."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from audits import Audit, crawl, seoaudit
from servers import Scripted, ScriptedServer, answer, page, redirect

from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKOUT = Path(__file__).parents[2]
AT_A_TIME = 4
SITEMAP = answer(body="<urlset><url><loc>/in-the-sitemap</loc></url></urlset>", media_type="application/xml")
SITE: dict[str, Scripted] = {
    "/": page("/1", "/2", "/loop/a", "/moved/0"),
    **{f"/{n}": page(f"/{2 * n + 1}", f"/{2 * n + 2}", f"/moved/{n}", "/gone") for n in range(1, 60)},
    **{f"/moved/{n}": redirect(f"/moved/{n + 1}" if n % 3 else f"/{n}") for n in range(60)},
    "/robots.txt": answer(body="User-agent: *\nDisallow: /77", media_type="text/plain"),
    "/sitemap.xml": SITEMAP,
    "/in-the-sitemap": page("/1"),
    "/loop/a": redirect("/loop/b"),
    "/loop/b": redirect("/loop/a"),
}


def rows_of(folder: RunFolder) -> Counter[tuple[str, int | None, str | None]]:
    """Path, status and error of every row, with how often it is there."""
    table = pq.read_table(folder.table("responses"), columns=["url", "status", "error"])
    return Counter((row["url"].split("/", 3)[3], row["status"], row["error"]) for row in table.to_pylist())


def links_of(folder: RunFolder) -> Counter[tuple[str | None, str, str]]:
    table = pq.read_table(folder.table("links"), columns=["source", "target", "element"])
    return Counter((row["source"], row["target"], row["element"]) for row in table.to_pylist())


def asked_twice(server: ScriptedServer, folder: RunFolder) -> Counter[str]:
    """Targets asked more than once, and how often beyond; robots.txt and what the second pass walks again left out."""
    walked = {url for urls in pq.read_table(folder.table("rewalks"))["url_list"].to_pylist() for url in urls}
    expected = {url.split("/", 3)[3] for url in walked} | {"robots.txt"}
    return Counter({path: count - 1 for path, count in server.counts().items() if path[1:] not in expected}) + Counter()


def resume(folder: Path, server: ScriptedServer, **arguments: str) -> Audit:
    (run,) = (folder / "runs").glob("*/*/")
    found = crawl(folder, f"{server.url}/", resume="1", probes="sample", **arguments)
    return Audit(found.exit_code, found.out, found.err, RunFolder(run))


def whole(folder: Path, server: ScriptedServer, probes: str = "sample") -> RunFolder:
    """The same site crawled in one go, for comparison."""
    (folder / "whole").mkdir()
    found = crawl(folder / "whole", f"{server.url}/", probes=probes).folder
    server.asked.clear()
    return found


def kill_after(folder: Path, server: ScriptedServer, requests: Iterable[int]) -> None:
    """Audit, and kill -9 each time so many requests have come in all; each time but the first it is a resumed run."""
    for number, count in enumerate(requests):
        words = ["-a", "resume=1"] if number else []
        command = [
            sys.executable,
            "-m",
            "seoaudit",
            "audit",
            f"{server.url}/",
            "-a",
            f"output={folder / 'runs'}",
            *words,
        ]
        process = subprocess.Popen(
            [*command, "-a", f"concurrency={AT_A_TIME}"],
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert server.wait_for_requests(count)
        process.kill()
        process.communicate()


def test_a_crawl_killed_again_and_again_ends_with_one_row_a_url_and_asks_little_twice(tmp_path: Path) -> None:
    kills = (3, 30, 80, 120)
    with ScriptedServer(SITE) as server:
        expected = whole(tmp_path, server)
        kill_after(tmp_path, server, kills)
        found = resume(tmp_path, server)
        assert found.exit_code == 0, found.err
        assert asked_twice(server, found.folder).total() <= len(kills) * AT_A_TIME
    assert rows_of(found.folder) == rows_of(expected)
    assert links_of(found.folder) == links_of(expected)
    info = found.info
    assert (info.state, info.urls_left, len(info.resumed_at)) == ("finished", 0, len(kills))
    assert "URLs were answered before" in found.err
    (note,) = [limit.detail for limit in info.limits if limit.name == "resumed"]
    assert note.startswith("the run was interrupted and went on at ")


@pytest.mark.parametrize("seed", range(8))
def test_a_journal_cut_anywhere_loses_nothing(tmp_path: Path, seed: int) -> None:
    with ScriptedServer(SITE) as server:
        expected = crawl(tmp_path, f"{server.url}/", probes="sample").folder
        rows, links = rows_of(expected), links_of(expected)
        size = expected.journal.stat().st_size
        cut_at = random.Random(seed).randrange(size)
        with expected.journal.open("r+b") as file:
            file.truncate(cut_at)
        expected.write_info(expected.read_info().model_copy(update={"state": "running"}))
        found = resume(tmp_path, server)
    assert found.exit_code == 0, found.err
    assert rows_of(found.folder) == rows
    assert links_of(found.folder) == links


def test_a_limit_can_be_raised_and_the_run_goes_on(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        expected = whole(tmp_path, server, "none")  # of fewer pages other spellings are asked
        first = crawl(tmp_path, f"{server.url}/", max_urls="20")
        assert first.info.urls_left
        second = crawl(tmp_path, resume=str(first.folder.path), max_urls="1000")
        assert second.exit_code == 0, second.err
        assert asked_twice(server, first.folder).total() == 0
    assert rows_of(first.folder) == rows_of(expected)


def test_assets_go_on_as_well(tmp_path: Path) -> None:
    parts = "".join(f'<img src="/i/{n}"><a href="/a/{n}">there</a>' for n in range(20))
    site: dict[str, Scripted] = {
        "/": answer(body=parts),
        **{f"/{kind}/{n}": page() for kind in "ai" for n in range(20)},
    }
    with ScriptedServer(site) as server:
        first = crawl(tmp_path, f"{server.url}/", assets="1", max_urls="30")
        second = crawl(tmp_path, resume=str(first.folder.path), max_urls="1000")
        assert second.exit_code == 0, second.err
        assert max(server.counts()[path] for path in site) == 1
    assert {f"/{path}" for path, _, _ in rows_of(first.folder)} >= set(site)


def test_a_list_goes_on_although_its_file_is_gone(tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    with ScriptedServer({f"/{n}": page() for n in range(20)}) as server:
        listed.write_text("".join(f"{server.url}/{n}\n" for n in range(20)))
        first = crawl(tmp_path, urls=str(listed), max_urls="8")
        listed.unlink()
        second = crawl(tmp_path, resume=str(first.folder.path), max_urls="1000")
        assert second.exit_code == 0, second.err
        assert [server.counts()[f"/{n}"] for n in range(20)] == [1] * 20


def test_a_new_run_beside_an_unfinished_one_says_so(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        kill_after(tmp_path, server, [40])
        found = crawl(tmp_path, f"{server.url}/")
    assert found.exit_code == 0
    assert "is unfinished; this run starts anew, -a resume=1 would go on with that one" in found.err
    assert found.info.state == "finished"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"resume": "1"}, "resume: there is no unfinished run in "),
        ({"resume": "20200101T000000Z"}, "resume: there is no run 20200101T000000Z in "),
        ({"resume": "{run}"}, " is finished, nothing of it is left to ask; leave resume out to start anew"),
    ],
)
def test_what_cannot_go_on_is_one_line(tmp_path: Path, arguments: dict[str, str], complaint: str) -> None:
    with ScriptedServer({"/": page()}) as server:
        run = crawl(tmp_path, f"{server.url}/").folder
        before = server.counts()
        words = [f"-a{name}={text.format(run=run.path)}" for name, text in arguments.items()]
        found = seoaudit(tmp_path, "audit", f"{server.url}/", *words)
        assert server.counts() == before
    assert found.exit_code == 2
    assert complaint in found.err
    assert found.err.count("\n") == 1


def test_a_run_of_another_site_does_not_go_on(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        run = crawl(tmp_path, f"{server.url}/", max_urls="5").folder
        found = seoaudit(tmp_path, "audit", "https://example.com/", f"-aresume={run.path}")
    assert found.exit_code == 2
    assert f"is an audit of {server.url}/; give that start, or leave it out" in found.err


def test_resume_without_a_run_or_a_site_says_what_to_give(tmp_path: Path) -> None:
    found = seoaudit(tmp_path, "audit", "-aresume=1")
    assert found.exit_code == 2
    assert found.err == (
        "seoaudit: resume: 1 is no run folder; name one such as runs/example.com/20261120T103000Z, or give start\n"
    )


def test_a_second_process_on_one_run_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with ScriptedServer(SITE) as server:
        run = crawl(tmp_path, f"{server.url}/", max_urls="20").folder
        before = run.journal.read_bytes()
        with run.claimed():
            refused = [
                seoaudit(tmp_path, "audit", f"-aresume={run.path}", "-amax_urls=1000"),
                seoaudit(tmp_path, "report", str(run.path)),
            ]
        assert {ended.exit_code for ended in refused} == {2}
        for ended in refused:
            assert f"{run.path} is in use by process " in ended.err
            assert "Traceback" not in ended.err
        assert run.journal.read_bytes() == before
        after = crawl(tmp_path, resume=str(run.path), max_urls="1000")
    assert after.exit_code == 0, after.err


def test_a_site_that_the_start_url_led_to_is_gone_on_with(tmp_path: Path) -> None:
    site: dict[str, Scripted] = {
        "old.example/": redirect("http://new.example/"),
        "new.example/": page(*(f"/{n}" for n in range(10))),
        **{f"new.example/{n}": page() for n in range(10)},
    }
    with ScriptedServer(site) as server:
        route = server.route("old.example", "new.example")
        first = crawl(tmp_path, "http://old.example/", connect_to=route, max_urls="5")
        second = crawl(tmp_path, resume=str(first.folder.path), max_urls="1000")
    assert second.exit_code == 0, second.err
    assert first.info.adopted_host == "new.example"
    assert all(first.rows[f"http://new.example/{n}"]["in_scope"] for n in range(10))
