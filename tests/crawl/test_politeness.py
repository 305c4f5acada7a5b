"""A site's owner has no reason to complain, and a site in trouble is neither pushed over nor judged by its bad hour."""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from audits import crawl
from servers import Asked, Scripted, ScriptedServer, answer, page
from servers import Reply as Sent

from seoaudit.config import Arguments
from seoaudit.crawl.frontier import Frontier
from seoaudit.crawl.pace import MAX_CRAWL_DELAY_S, Reply
from seoaudit.crawl.scope import Scope
from seoaudit.http.robots import read_robots
from seoaudit.records import Mention

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = "https://example.com"


class Simulation:
    """A crawl of so many URLs of one site on a clock of its own. `answer(number on their way, now)` gives reply and seconds."""

    def __init__(
        self, count: int, answer: Callable[[int, float], tuple[Reply, float]], robots_txt: bytes = b"", **given: str
    ) -> None:
        arguments = Arguments.read({"start": f"{SITE}/", **given})
        self.frontier = Frontier(Scope.of(arguments.start), arguments)
        self.frontier.robots(SITE, read_robots(200, robots_txt, "seoaudit"))
        for number in range(count):
            self.frontier.mentions([Mention(f"{SITE}/{number}", "a")])
        self.rows: dict[str, tuple[Reply, int]] = {}
        self.starts: list[float] = []
        self.at_once: list[int] = []
        self.replies: Counter[int | str | None] = Counter()
        self._run(answer)

    def _run(self, answer: Callable[[int, float], tuple[Reply, float]]) -> None:
        now, on_their_way, number = 0.0, [], 0
        while on_their_way or self.frontier.has_next:
            while (task := self.frontier.pop(now)) is not None:
                self.starts.append(now)
                self.at_once.append(len(on_their_way) + 1)
                reply, seconds = answer(len(on_their_way) + 1, now)
                self.replies[reply.status or reply.error] += 1
                number += 1
                heapq.heappush(on_their_way, (now + seconds, number, task, reply))
            times = [on_their_way[0][0]] if on_their_way else []
            wake = self.frontier.lanes.next_at()
            now = max([now, *sorted([*times, *([wake] if wake is not None else [])])[:1]])
            while on_their_way and on_their_way[0][0] <= now:
                _, _, task, reply = heapq.heappop(on_their_way)
                if self.frontier.answered(task, reply, now):
                    self.rows[task.url] = (reply, task.retries)


def well(at_once: int, now: float) -> tuple[Reply, float]:
    del at_once, now
    return Reply(200, latency=0.05), 0.05


def gaps(starts: list[float]) -> float:
    return min(later - earlier for earlier, later in pairwise(starts))


def test_eight_at_a_time_by_default() -> None:
    assert max(Simulation(100, well).at_once) == 8


def test_a_site_of_ones_own_gets_sixteen() -> None:
    assert max(Simulation(100, well, own_site="1").at_once) == 16


def test_rate_is_kept() -> None:
    run = Simulation(50, well, rate="4")
    assert gaps(run.starts) >= 0.25 - 1e-9
    assert len(run.rows) == 50


@pytest.mark.parametrize(("asked", "kept"), [("3", 3.0), ("0.5", 0.5), ("3600", MAX_CRAWL_DELAY_S)])
def test_crawl_delay_is_kept_up_to_the_cap_and_told(asked: str, kept: float) -> None:
    run = Simulation(10, well, f"User-agent: *\nCrawl-delay: {asked}".encode())
    assert gaps(run.starts) >= kept - 1e-9
    (limit,) = run.frontier.limits()
    assert limit.detail.startswith(f"robots.txt of {SITE} asks for {asked} s between requests")
    assert ("10 s were kept" in limit.detail) is (float(asked) > kept)


@pytest.mark.parametrize("given", [{"own_site": "1"}, {"robots": "ignore"}, {"rate": "100"}])
def test_crawl_delay_does_not_count_on_a_site_of_ones_own_or_beside_rate(given: dict[str, str]) -> None:
    assert gaps(Simulation(20, well, b"User-agent: *\nCrawl-delay: 5", **given).starts) <= 0.01 + 1e-9


def test_what_is_forbidden_costs_no_delay() -> None:
    robots = b"User-agent: *\nCrawl-delay: 5\nDisallow: /1"
    run = Simulation(20, well, robots)
    assert run.starts == [5.0 * number for number in range(9)]


def test_a_host_that_bears_five_requests_a_second_is_found_out_and_kept_to() -> None:
    window: list[float] = []

    def throttling(at_once: int, now: float) -> tuple[Reply, float]:
        del at_once
        window[:] = [at for at in window if at > now - 1]
        if len(window) >= 5:
            return Reply(429, latency=0.02), 0.02
        window.append(now)
        return Reply(200, latency=0.02), 0.02

    run = Simulation(500, throttling)
    assert {reply.status for reply, _ in run.rows.values()} == {200}
    assert run.replies[429] < 0.35 * 500
    (limit,) = run.frontier.limits()
    assert (limit.name, "answers 429" in limit.detail) == ("slowed", True)


def test_a_host_that_says_when_is_left_alone_until_then() -> None:
    def busy_once(at_once: int, now: float) -> tuple[Reply, float]:
        del at_once
        if 1.0 <= now < 31.0:
            return Reply(503, latency=0.02, retry_after=31.0 - now), 0.02
        return Reply(200, latency=0.02), 0.02

    run = Simulation(1000, busy_once)
    assert {reply.status for reply, _ in run.rows.values()} == {200}
    assert run.replies[503] <= 8
    assert [at for at in run.starts if 1.1 < at < 31.0] == []


def test_a_host_that_gets_slower_under_load_gets_less_of_it() -> None:
    def overburdened(at_once: int, now: float) -> tuple[Reply, float]:
        del now
        seconds = 0.1 * max(1, at_once - 2) ** 2
        return Reply(200, latency=seconds), seconds

    run = Simulation(1000, overburdened)
    later = run.at_once[200:]
    assert sum(later) / len(later) < 6
    assert len(run.rows) == 1000


def test_a_site_that_fails_for_a_minute_ends_with_every_url_as_it_is() -> None:
    def restarted(at_once: int, now: float) -> tuple[Reply, float]:
        del at_once
        if 2.0 <= now < 62.0:
            return Reply(None, "connect", connected=False), 0.01
        return Reply(200, latency=0.02), 0.02

    run = Simulation(2000, restarted)
    assert {reply.status for reply, _ in run.rows.values()} == {200}
    assert len(run.rows) == 2000
    assert run.replies["connect"] < 50


def test_one_url_that_hangs_does_not_make_the_site_wait() -> None:
    def hangs(at_once: int, now: float) -> tuple[Reply, float]:
        del at_once, now
        hangs.count += 1  # type: ignore[attr-defined]
        if hangs.count % 50 == 0:  # type: ignore[attr-defined]
            return Reply(None, "timeout"), 20.0
        return Reply(200, latency=0.02), 0.02

    hangs.count = 0  # type: ignore[attr-defined]
    run = Simulation(500, hangs)
    assert len(run.rows) == 500
    assert run.replies["timeout"] <= 30


def test_answers_that_pass_are_asked_again_and_the_row_says_how_often(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    def flapping(asked: Asked) -> bytes:
        seen[asked.target] += 1
        return page() if seen[asked.target] > 1 else answer(502 if asked.target.endswith("0") else 429)

    site: dict[str, Scripted] = {"/": page(*(f"/{n}" for n in range(20))), **{f"/{n}": flapping for n in range(20)}}
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/")
        rows = {url.removeprefix(server.url): row for url, row in found.rows.items()}
    assert {(rows[f"/{n}"]["status"], rows[f"/{n}"]["retries"]) for n in range(20)} == {(200, 1)}
    assert rows["/"]["retries"] == 0
    assert any(limit.name == "slowed" and "18 answers 429" in limit.detail for limit in found.info.limits)


def test_the_row_holds_the_last_answer(tmp_path: Path) -> None:
    with ScriptedServer({"/": page("/down", "/cut"), "/down": answer(503), "/cut": Sent(b"", "close")}) as server:
        found = crawl(tmp_path, f"{server.url}/")
        rows = {url.removeprefix(server.url): row for url, row in found.rows.items()}
    assert (rows["/down"]["status"], rows["/down"]["retries"]) == (503, 4)
    assert (rows["/cut"]["error"], rows["/cut"]["retries"]) == ("reset", 2)
    assert found.info.state == "finished"


def test_what_head_does_not_go_well_with_is_asked_again_with_get(tmp_path: Path) -> None:
    def only_get(asked: Asked) -> bytes:
        return answer(503) if asked.method == "HEAD" else page()

    with ScriptedServer({"/": answer(body='<img src="/picture">'), "/picture": only_get}) as server:
        row = crawl(tmp_path, f"{server.url}/", assets="1").rows[f"{server.url}/picture"]
    assert (row["method"], row["status"], row["retries"]) == ("GET", 200, 1)


def test_retry_after_is_kept(tmp_path: Path) -> None:
    first: list[Asked] = []

    def busy(asked: Asked) -> bytes:
        first.append(asked)
        return page() if len(first) > 1 else answer(503, "Retry-After: 1")

    with ScriptedServer({"/": page("/busy"), "/busy": busy}) as server:
        found = crawl(tmp_path, f"{server.url}/")
        assert found.rows[f"{server.url}/busy"]["status"] == 200
    assert first[1].at - first[0].at >= 1
    assert any("with pauses of 1 s in all, after 1 answers 503" in limit.detail for limit in found.info.limits)


def test_rate_is_kept_on_the_wire(tmp_path: Path) -> None:
    with ScriptedServer({"/": page(*(f"/{n}" for n in range(8)))}) as server:
        crawl(tmp_path, f"{server.url}/", rate="20")
        times = [asked.at for asked in server.asked]
    assert len(times) == 11
    assert times[-1] - times[0] >= 10 / 20 - 0.02  # a request may be a little late, and then the next one seems early


def test_settings_that_only_scrapys_own_downloader_knows_bring_it_back(tmp_path: Path) -> None:
    with ScriptedServer({"/": page(*(f"/{n}" for n in range(4)))}) as server:
        found = crawl(tmp_path, f"{server.url}/", settings={"DOWNLOAD_DELAY": "0.1", "DOWNLOAD_DELAY_JITTER": "0"})
        times = [asked.at for asked in server.asked]
    assert found.info.state == "finished"
    assert len(times) == 7
    assert times[-1] - times[0] >= 6 * 0.1 - 0.02


def test_scrapys_extensions_hear_of_every_response_and_may_end_the_crawl(tmp_path: Path) -> None:
    pages = {f"/{n}": page() for n in range(200)}
    with ScriptedServer({"/": page(*pages), **pages}) as server:
        found = crawl(tmp_path, f"{server.url}/", settings={"CLOSESPIDER_PAGECOUNT": "20"})
        asked = len(server.asked)
    assert (found.info.state, found.info.finish_reason) == ("unfinished", "closespider_pagecount")
    assert 20 <= asked <= 20 + 16  # what was on its way was answered, and nothing more was asked
    assert found.info.urls_left == len(pages) + len(("home", "robots.txt", "sitemap.xml")) - found.info.urls_requested


def test_a_site_that_goes_away_is_unfinished_and_not_broken_and_goes_on_later(tmp_path: Path) -> None:
    server = ScriptedServer({"/": page(*(f"/{n}" for n in range(60))), **{f"/{n}": page() for n in range(60)}})

    def last_words(_: Asked) -> Sent:
        server.go_away()
        return Sent(b"", "reset")

    server.answers["/30"] = last_words
    with server:
        found = crawl(tmp_path, f"{server.url}/")
        assert found.info.state == "unfinished"
        assert {row["status"] for row in found.rows.values()} <= {200, 404}
        (gone,) = [limit for limit in found.info.limits if limit.name == "gone"]
        assert gone.count == found.info.urls_left > 0
        assert f"{server.url} answered no more (connect: " in gone.detail
        server.answers["/30"] = page()
        server.come_back()
        again = crawl(tmp_path, resume=str(found.folder.path))
        assert again.exit_code == 0, again.err
    assert found.info.state == "finished"
    assert {found.rows[f"{server.url}/{n}"]["status"] for n in range(60)} == {200}


def test_a_dead_host_outside_costs_a_few_tries_and_every_url_has_its_row(tmp_path: Path) -> None:
    with ScriptedServer() as nobody:
        dead = nobody.url
    with ScriptedServer({"/": page(*(f"{dead}/{n}" for n in range(30)))}) as server:
        found = crawl(tmp_path, f"{server.url}/", external="links")
    rows = [row for url, row in found.rows.items() if url.startswith(f"{dead}/") and not url.endswith("robots.txt")]
    assert {row["error"] for row in rows} == {"connect"}
    assert len(rows) == 30
    assert sum("failed 3 times in a row and was not asked again" in row["error_detail"] for row in rows) == 30
    assert found.info.state == "finished"


def test_an_endless_calendar_ends_and_the_report_names_its_pattern(tmp_path: Path) -> None:
    def month(asked: Asked) -> bytes:
        number = int(asked.target.rpartition("=")[2])
        return page(f"/cal?month={number + 1}", f"/event/{number}")

    site: dict[str, Scripted] = {"/": page("/cal?month=0")}
    site |= {f"/cal?month={n}": month for n in range(1000)} | {f"/event/{n}": page() for n in range(1000)}
    with ScriptedServer(site) as server:
        found = crawl(tmp_path, f"{server.url}/", trap_limit="20")
        months = [target for target in server.targets() if target.startswith("/cal")]
    assert len(months) == 51 + 20
    (limit,) = [limit for limit in found.info.limits if limit.name == "trap_limit"]
    assert limit.count == 1
    assert "endless series: " in limit.detail
    assert "/cal?month=<n>; 20 were asked, trap_limit=200 asks more" in limit.detail
