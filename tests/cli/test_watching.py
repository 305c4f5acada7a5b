"""Whoever audits sees how far the crawl is: on a terminal in a few lines that are gone at the end, in a log now and then."""

from __future__ import annotations

import signal
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from audits import seoaudit
from servers import Reply, Scripted, ScriptedServer, page, redirect
from terminals import screen, terminal

from seoaudit.cli.watching import LiveWatcher, PlainWatcher, QuietWatcher, words
from seoaudit.cli.watching.live import Terminal
from seoaudit.config import Arguments
from seoaudit.crawl.frontier import Frontier
from seoaudit.crawl.progress import Progress, Trend
from seoaudit.crawl.scope import Scope
from seoaudit.crawl.tally import Tally
from seoaudit.records import Mention

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HELD: dict[str, bytes | Reply] = {
    "/": page("/a", "/moved", "/held", *(f"/waits/{number}" for number in range(100))),
    "/a": page(),
    "/moved": redirect("/a"),
    "/held": Reply(page(), gate=True),
}
BAR = "━"


def progress(**fields: Any) -> Progress:
    known: dict[str, Any] = {
        "done": 1234,
        "known": 5678,
        "waiting": 4444,
        "redirects": 120,
        "errors": 3,
        "rate": 51.2,
        "seconds_left": 120.0,
    }
    return Progress(**{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "1,234 of 5,678 URLs, 51 a second, 120 redirects, 3 errors, about 2 min left"),
        ({"growing": True}, "1,234 of 5,678 URLs, 51 a second, 120 redirects, 3 errors, at least 2 min left"),
        (
            {"rate": 0.0, "seconds_left": None, "redirects": 1, "errors": 0},
            "1,234 of 5,678 URLs, 0 a second, 1 redirect, 0 errors",
        ),
        (
            {"waiting": 0, "seconds_left": 0.0, "slowed": ("example.com",), "resumed": 1000},
            "1,234 of 5,678 URLs, 51 a second, 120 redirects, 3 errors, slowed: example.com, 1,000 of them answered before",
        ),
        (
            {"rate": 0.25, "seconds_left": 17776.0, "slowed": tuple("abcde")},
            "1,234 of 5,678 URLs, 0.2 a second, 120 redirects, 3 errors, about 5 h left, slowed: a, b, c and 2 more",
        ),
    ],
    ids=["all is known", "it grows", "nothing is known", "near the end", "slow"],
)
def test_one_line_says_how_far_it_is(fields: dict[str, Any], line: str) -> None:
    assert words.line(progress(**fields)) == line


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.3, "10 s"),
        (44, "40 s"),
        (89, "90 s"),
        (91, "2 min"),
        (3600, "60 min"),
        (5400, "1 h 30 min"),
        (7190, "2 h"),
        (172_799, "48 h"),
        (400_000, "5 days"),
    ],
)
def test_a_forecast_is_no_more_exact_than_it_can_be(seconds: float, said: str) -> None:
    assert words.span(seconds) == said


def frontier() -> Frontier:
    arguments = Arguments.read({"start": "https://example.com/"})
    return Frontier(Scope.of(arguments.start), arguments)


def test_the_rate_is_that_of_the_last_half_minute_and_growth_is_noticed() -> None:
    waiting, tally, trend = frontier(), Tally(rows=1000), Trend(resumed=1000)
    assert trend.progress(tally, waiting, 0).rate == 0
    assert trend.progress(tally, waiting, 0).seconds_left is None
    waiting.mentions([Mention("https://example.com/a", "a")])
    tally.rows = 1100
    found = trend.progress(tally, waiting, 10)
    assert (found.rate, found.seconds_left, found.growing, found.resumed) == (10, 0.1, True, 1000)
    tally.rows = 1110
    found = trend.progress(tally, waiting, 40)
    assert found.rate == pytest.approx(10 / 30)
    assert not found.growing


def test_a_host_that_refuses_is_named_as_slowed() -> None:
    crawl = frontier()
    crawl.mentions([Mention("https://example.com/", "start")])
    pace = crawl.lanes.paces["example.com"]
    assert Trend().progress(Tally(), crawl, 0).slowed == ()
    pace.allowed /= 2
    assert Trend().progress(Tally(), crawl, 0).slowed == ("example.com",)


def test_without_a_terminal_there_is_a_line_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    watcher = PlainWatcher(lambda: now)
    said = []
    for second in range(95):
        now = second * 1.0
        watcher.progress(progress(done=second))
        if err := capsys.readouterr().err:
            said.append((second, err))
    assert [second for second, _ in said] == [30, 60, 90]
    assert said[0][1] == ("seoaudit: 30 of 5,678 URLs, 51 a second, 120 redirects, 3 errors, about 2 min left\n")
    watcher.stage("judging and writing the reports")
    assert capsys.readouterr().err == "seoaudit: judging and writing the reports\n"


def test_a_short_crawl_needs_no_line_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    watcher = PlainWatcher(lambda: now)
    for second in range(30):
        now = second * 1.0
        watcher.progress(progress())
    watcher.stage("judging and writing the reports")
    assert capsys.readouterr() == ("", "")


def test_nobody_is_told_anything_who_wants_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter((0.0, 100.0))
    watcher = QuietWatcher(lambda: next(clock))
    watcher.progress(progress())
    watcher.progress(progress())
    watcher.note("going on")
    watcher.stage("judging")
    watcher.signal(1)
    assert capsys.readouterr() == ("", "")


def drawn(file: StringIO) -> list[str]:
    return screen(file.getvalue().replace("\n", "\r\n"))


def on_paper(width: int = 100, environment: Mapping[str, str] | None = None) -> tuple[Terminal, StringIO]:
    file = StringIO()
    variables = {"TERM": "xterm-256color", **(environment or {})}
    return Terminal(file=file, width=width, force_terminal=True, _environ=variables), file


def test_a_terminal_shows_a_bar_and_what_matters_below() -> None:
    console, file = on_paper()
    with LiveWatcher(console) as watcher:
        watcher.progress(progress(slowed=("example.com",), resumed=1000))
        bar, pace, circumstances = drawn(file)
    assert bar == f"{BAR * 6}╸{BAR * 23} 1,234 of 5,678 URLs"
    assert pace == "51 a second, 120 redirects, 3 errors, about 2 min left"
    assert circumstances == "slowed: example.com, 1,000 of them answered before"
    assert drawn(file) == [""]


def test_a_narrow_terminal_shows_what_it_can() -> None:
    console, file = on_paper(width=40)
    with LiveWatcher(console) as watcher:
        watcher.progress(progress(slowed=("a-long-name.example.com", "another.example.com")))
        lines = drawn(file)
    assert len(lines) == 3
    assert all(len(line) <= 40 for line in lines)


def test_notes_stay_and_what_was_drawn_goes() -> None:
    console, file = on_paper()
    with LiveWatcher(console) as watcher:
        watcher.progress(progress())
        watcher.note("[red]a[/red] note :smile: of https://example.com/, longer than the terminal is wide: " + "x" * 80)
        watcher.progress(progress(done=1300))
        note, bar, _ = drawn(file)
        assert note.startswith("seoaudit: [red]a[/red] note :smile: of https://example.com/")
        assert "1,300 of 5,678 URLs" in bar
        watcher.stage("judging and writing the reports")
        assert drawn(file) == [note, "judging and writing the reports ..."]
    assert drawn(file) == [note]


def test_an_error_leaves_the_terminal_clean() -> None:
    console, file = on_paper()

    def fail() -> None:
        with LiveWatcher(console) as watcher:
            watcher.progress(progress())
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert drawn(file) == [""]


def test_no_color_is_heeded() -> None:
    written = []
    for environment in (None, {"NO_COLOR": "1"}):
        console, file = on_paper(environment=environment)
        with LiveWatcher(console) as watcher:
            watcher.progress(progress())
        written.append(file.getvalue())
    assert ["\x1b[38;" in text for text in written] == [True, False]


def test_an_audit_on_a_terminal_shows_where_it_is_and_leaves_nothing_of_that(tmp_path: Path) -> None:
    with (
        ScriptedServer(HELD) as server,
        terminal("seoaudit", "audit", f"{server.url}/", f"-aoutput={tmp_path}", "-aconcurrency=1") as seen,
    ):
        assert server.wait_for("/held")
        assert seen.wait_for(r"(?s)5 of 106 URLs.*1 redirect, 0 errors"), seen.said
        server.gate.set()
        code, out = seen.end()
        assert code == 0
        assert screen(seen.said) == [""]
        assert "judging and writing the reports" in seen.said
        assert "\x1b[?25l" not in seen.said  # the cursor is never hidden, so that a kill need not bring it back
    (run,) = tmp_path.glob("*/*/")
    assert out.splitlines()[-2:] == [str(run / "report.html"), str(run / "report.xlsx")]
    assert BAR not in out


def test_ctrl_c_once_and_twice_leave_the_terminal_clean(tmp_path: Path) -> None:
    with (
        ScriptedServer(HELD) as server,
        terminal("seoaudit", "audit", f"{server.url}/", f"-aoutput={tmp_path}", "-aconcurrency=1") as seen,
    ):
        assert server.wait_for("/held")
        assert seen.wait_for("5 of 106 URLs"), seen.said
        seen.process.send_signal(signal.SIGINT)
        assert seen.wait_for("(?s)stopping when.*5 of 106 URLs"), seen.said
        seen.process.send_signal(signal.SIGINT)
        assert seen.end() == (2, "")
        assert screen(seen.said) == [
            "seoaudit: stopping when what is on its way is answered; once more stops at once",
            "seoaudit: stopped; -a resume=1 goes on",
        ]


def test_a_wrong_argument_leaves_one_line_on_a_terminal() -> None:
    with terminal("seoaudit", "audit", "https://example.com", "-amax_urls=many") as seen:
        assert seen.end() == (2, "")
        (line,) = screen(seen.said)
        assert line.startswith("seoaudit: max_urls: 'many' is not a whole number")


def test_log_lines_pass_above_and_scrapy_crawl_shows_the_same(tmp_path: Path) -> None:
    with (
        ScriptedServer(HELD) as server,
        terminal("scrapy", "crawl", "audit", f"-astart={server.url}/", f"-aoutput={tmp_path}") as seen,
    ):
        assert server.wait_for("/held")
        assert seen.wait_for(r"(?s)INFO: Spider opened.*of 106 URLs"), seen.said
        server.gate.set()
        assert seen.end()[0] == 0
        lines = screen(seen.said)
    assert any(line.endswith("[scrapy.core.engine] INFO: Spider opened") for line in lines)
    assert any(line.endswith("[scrapy.core.engine] INFO: Spider closed (finished)") for line in lines)
    assert not any(BAR in line or "106 URLs" in line for line in lines)


def test_a_terminal_that_can_only_write_on_gets_plain_lines(tmp_path: Path) -> None:
    with (
        ScriptedServer({"/": page()}) as server,
        terminal("seoaudit", "audit", f"{server.url}/", f"-aoutput={tmp_path}", TERM="dumb") as seen,
    ):
        assert seen.end()[0] == 0
        assert seen.said == ""


def test_quiet_leaves_the_verdict_and_the_paths(tmp_path: Path) -> None:
    site: dict[str, Scripted] = {"/": page()}
    with ScriptedServer(site) as server:
        command = ("audit", f"{server.url}/")
        seoaudit(tmp_path, *command)
        (run,) = tmp_path.glob("runs/*/*/")
        run_json = run / "run.json"
        run_json.write_text(run_json.read_text().replace('"finished"', '"unfinished"'))
        told = seoaudit(tmp_path, *command)
        silent = seoaudit(tmp_path, *command, "--quiet")
    assert "is unfinished; this run starts anew" in told.err
    assert (silent.exit_code, silent.err) == (0, "")
    assert len(silent.out.splitlines()) == 3
