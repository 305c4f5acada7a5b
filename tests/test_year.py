"""A year of weekly audits of a site whose redirects appear, age, move, rotate, flip, break and go, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from runs import moved, page
from weeks import make_week, path, rows, start

from seoaudit.config import Config
from seoaudit.records import Mention, Response
from seoaudit.run.reporting import judge_and_render

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.render.view import ReportView
    from seoaudit.store.folder import RunFolder

WEEKS = 52
JUDGED = (0, 4, 10, 13, 20, 21, 22, 26, 30, 40, 51)
UNFINISHED = 17
NOT_ASKED = 33
HISTORY = {
    "long-standing-temporary",
    "moved-permanent-target",
    "flipping-status",
    "early-removed-redirect",
    "lengthened-chain",
    "newly-broken-target",
    "newly-moved-page",
}


def site_in(week: int) -> list[Response]:
    """What the site answers in a week; an unfinished audit sees half of it, in another state."""
    links = [Mention("https://example.com/moves", "a", "moves")]
    answers = [page("/", links=links), page("/new"), page("/newer"), page("/x"), page("/y"), page("/z")]
    answers += [moved("/sale", "/new", 307)] if week != NOT_ASKED else []  # stands for the whole year
    answers += [moved("/autumn", "/new", 302)] if week >= 30 else [page("/autumn")]  # appears in week 30
    answers += [moved("/rotates", ("/x", "/y", "/z")[week % 3], 302)]
    answers += [moved("/moves", "/new")] if week < 20 else [moved("/moves", "/newer")]
    answers += [moved("/flips", "/new", 301 if week < 20 or week >= 22 else 302)]
    answers += [moved("/gone", "/new")] if week < 40 else [page("/gone", status=404)]
    answers += [moved("/first", "/second"), page("/second") if week < 26 else moved("/second", "/new")]
    answers += [moved("/breaks", "/target"), page("/target", status=200 if week < 21 else 410)]
    return answers


class Year(NamedTuple):
    site: Path
    runs: list[RunFolder]
    findings: dict[int, list[dict[str, Any]]]
    views: dict[int, ReportView]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The weeks one after the other, as audits come; the report is written in the weeks `JUDGED`."""
    site = tmp_path_factory.mktemp("year") / "example.com"
    runs: list[RunFolder] = []
    findings: dict[int, list[dict[str, Any]]] = {}
    views: dict[int, ReportView] = {}
    for week in range(WEEKS):
        if week == UNFINISHED:
            half = [page("/sale"), page("/moves"), moved("/gone", "/new")]
            runs.append(make_week(site, week, half, state="unfinished"))
        else:
            runs.append(make_week(site, week, site_in(week)))
        if week in JUDGED:
            views[week] = judge_and_render(runs[-1], Config())
            findings[week] = told(runs[-1])
    return Year(site, runs, findings, views)


def told(run: RunFolder) -> list[dict[str, Any]]:
    """The findings that only a history can make."""
    return [row for row in pq.read_table(run.table("findings")).to_pylist() if row["rule"] in HISTORY]


def named(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(row["rule"], path(row["url"]), row["severity"]) for row in found}


OLD = "long-standing-temporary"


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (0, set()),
        (4, {(OLD, "/sale", "low")}),
        (10, {(OLD, "/sale", "low")}),
        (13, {(OLD, "/sale", "medium")}),
        (20, {(OLD, "/sale", "medium"), ("moved-permanent-target", "/moves", "medium"), ("flipping-status", "/flips", "medium")}),
        (
            21,
            {
                (OLD, "/sale", "medium"),
                ("moved-permanent-target", "/moves", "medium"),
                ("flipping-status", "/flips", "medium"),
                ("newly-broken-target", "/breaks", "high"),
            },
        ),
        (22, {(OLD, "/sale", "medium"), ("moved-permanent-target", "/moves", "medium"), ("flipping-status", "/flips", "medium")}),
        (26, {(OLD, "/sale", "high"), ("flipping-status", "/flips", "medium"), ("lengthened-chain", "/first", "medium")}),
        (30, {(OLD, "/sale", "high")}),
        (40, {(OLD, "/sale", "high"), (OLD, "/autumn", "low"), ("early-removed-redirect", "/gone", "high")}),
        (51, {(OLD, "/sale", "high"), (OLD, "/autumn", "medium"), ("early-removed-redirect", "/gone", "high")}),
    ],
)  # fmt: skip
def test_each_week_says_what_only_time_shows(year: Year, week: int, expected: set[tuple[str, str, str]]) -> None:
    assert named(year.findings[week]) == expected


def test_every_age_is_counted_to_the_run_and_not_to_now(year: Year) -> None:
    details = {
        (week, path(row["url"])): row["detail"]
        for week, found in year.findings.items()
        for row in found
        if row["rule"] == OLD
    }
    assert details[13, "/sale"].startswith(
        "This 307 has stood for 13 weeks, since 2026-01-05, and was seen in 14 different weeks"
    )
    assert details[51, "/sale"].startswith(
        "This 307 has stood for 51 weeks, since 2026-01-05, and was seen in 50 different weeks"
    )
    assert details[51, "/autumn"].startswith(
        "This 302 has stood for 21 weeks, since 2026-08-03, and was seen in 22 different weeks"
    )


def test_changes_are_told_with_the_day_of_their_run_and_what_was_before(year: Year) -> None:
    found = {(week, row["rule"]): row["detail"] for week, rows in year.findings.items() for row in rows}
    assert (
        "since the run of 2026-05-25; before, it led to https://example.com/new (301)"
        in found[22, "moved-permanent-target"]
    )
    assert "answers 301 since the run of 2026-06-08, as it had before that" in found[22, "flipping-status"]
    assert "It took 1 redirect in the run of 2026-06-29 and takes 2 now" in found[26, "lengthened-chain"]
    assert "answered 200 in the run of 2026-05-25 and answers 410 now" in found[21, "newly-broken-target"]
    assert "answers 404 since the run of 2026-10-12" in found[51, "early-removed-redirect"]


def test_the_ledger_has_every_date_and_count_of_the_year(year: Year) -> None:
    found = rows(year.site)
    sale = found["/sale", 307, "/new"]
    assert (sale["first_seen"], sale["since"], sale["last_seen"]) == (start(0), start(0), start(51))
    assert (sale["sightings"], sale["streak"], sale["runs_missed"]) == (50, 50, 0)
    old, new = found["/moves", 301, "/new"], found["/moves", 301, "/newer"]
    assert (old["last_seen"], old["streak"], old["longest_streak"], old["runs_missed"]) == (start(19), 0, 19, 32)
    assert (new["since"], new["before_target"]) == (start(20), "https://example.com/new")
    flips = found["/flips", 301, "/new"]
    assert (flips["first_seen"], flips["since"], flips["before_status"]) == (start(0), start(22), 302)
    assert found["/gone", 301, "/new"]["last_seen"] == start(39)
    assert found["/gone", 404, None]["before_status"] == 301
    assert found["/autumn", 302, "/new"]["before_status"] == 200
    assert found["/autumn", 200, None]["last_seen"] == start(29)
    assert all(row["rotating"] == (name == "/rotates") for (name, _, _), row in found.items())


def test_reports_show_what_stands_and_what_rotates(year: Year) -> None:
    standing = [
        (path(row.url), row.since, row.weeks, row.proposed_status, row.severity) for row in year.views[51].standing
    ]
    assert standing == [
        ("/sale", "2026-01-05", 51, 308, "high"),
        ("/autumn", "2026-08-03", 21, 301, "medium"),
        ("/rotates", "2026-12-28", 0, None, None),
    ]
    html = year.runs[51].html.read_text(encoding="utf-8")
    assert "Long-standing temporary redirects" in html
    assert "targets rotate: left alone" in html
    titles, *lines = load_workbook(year.runs[51].workbook)["Long-standing"].iter_rows(values_only=True)
    assert titles[:5] == ("URL", "Status", "Target", "Since (UTC)", "Weeks")
    since = start(0).replace(tzinfo=None)
    assert lines[0] == (*("https://example.com/sale", 307, "https://example.com/new", since, 51, 50, 308, 0, "high"),)
    assert [line[-1] for line in lines] == ["high", "medium", "targets rotate: left alone"]
    assert "Long-standing" not in load_workbook(year.runs[0].workbook).sheetnames


@pytest.mark.parametrize("week", [4, 13, 22])
def test_an_old_run_judged_again_says_what_it_said_then(year: Year, week: int) -> None:
    judge_and_render(year.runs[week], Config())
    assert told(year.runs[week]) == year.findings[week]


def test_a_page_that_moved_while_it_is_linked_is_told(tmp_path: Path) -> None:
    site = tmp_path / "example.com"
    links = [Mention("https://example.com/page", "a", "page")]
    make_week(site, 0, [page("/", links=links), page("/page"), page("/new")])
    run = make_week(site, 1, [page("/", links=links), moved("/page", "/new"), page("/new")])
    judge_and_render(run, Config())
    assert named(told(run)) == {("newly-moved-page", "/page", "medium")}


def test_a_run_outside_its_sites_folder_has_no_history(tmp_path: Path) -> None:
    for week in range(6):
        run = make_week(tmp_path / "elsewhere", week, [moved("/a", "/b", 302), page("/b")])
    judge_and_render(run, Config())
    assert told(run) == []
    assert not (tmp_path / "elsewhere" / "ledger.parquet").exists()


def test_what_is_wrong_with_the_history_is_told_once_in_the_report_and_not_again_when_mended(tmp_path: Path) -> None:
    site = tmp_path / "example.com"
    torn = make_week(site, 0, [moved("/a", "/b", 302)])
    run = make_week(site, 1, [moved("/a", "/b", 302), page("/b")])
    torn.table("responses").write_bytes(b"PAR1")
    for _ in range(2):
        view = judge_and_render(run, Config())
        assert [limit.name for limit in view.limits].count("history") == 1
    torn.info_file.unlink()
    torn.table("responses").unlink()
    torn.journal.unlink()
    assert "history" not in [limit.name for limit in judge_and_render(run, Config()).limits]
