"""A year of weekly audits of a site that is really served and crawled; only the clock is made up: each run is dated a week later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from audits import crawl
from servers import Scripted, ScriptedServer, answer, page, redirect
from weeks import start

from seoaudit.config import Config
from seoaudit.config.mail import Mail
from seoaudit.run.mailing import letter_of
from seoaudit.run.reporting import judge_and_render
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEKS = 52
UNFINISHED = 17
MAIL = Mail.model_validate({"to": ["a@example.com"], "from": "b@example.com", "host": "mail.example.com"})


def site_in(week: int) -> dict[str, Scripted]:
    """The site's answers in a week."""
    linked = ("/sale", "/rotates", "/moves", "/gone", "/first", "/breaks")
    return {
        "/": page(*linked),
        **{name: page() for name in ("/new", "/newer", "/x", "/y", "/z")},
        "/sale": redirect("/new", 307),
        "/rotates": redirect(("/x", "/y", "/z")[week % 3], 302),
        "/moves": redirect("/new" if week < 20 else "/newer"),
        "/gone": redirect("/new") if week < 40 else answer(404),
        "/first": redirect("/second"),
        "/second": page() if week < 26 else redirect("/new"),
        "/breaks": redirect("/target"),
        "/target": page() if week < 21 else answer(410),
    }


@dataclass
class Year:
    """What each week's run was found to be, and what its letter said."""

    root: str = ""
    subjects: dict[int, str] = field(default_factory=dict)
    changes: dict[int, set[tuple[str, str, str]]] = field(default_factory=dict)
    standing: dict[int, dict[str, tuple[int, str | None]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The weeks one after the other: crawled, dated, judged, and the letter written."""
    folder = tmp_path_factory.mktemp("year")
    with ScriptedServer({}) as server:
        told = Year(server.url)
        for week in range(WEEKS):
            server.answers.clear()
            server.answers.update(site_in(week))
            settings = {"CLOSESPIDER_PAGECOUNT": "2"} if week == UNFINISHED else {}
            found = crawl(folder, f"{server.url}/", settings=settings, own_site="1", concurrency="1")
            run = dated(found.folder, week)
            view = judge_and_render(run, Config())
            told.subjects[week] = letter_of(run, view, MAIL).message(MAIL.to)["Subject"].partition(": ")[2]
            told.changes[week] = set(changed(run, server.url))
            told.standing[week] = {row.url.removeprefix(server.url): (row.weeks, row.severity) for row in view.standing}
    return told


def dated(run: RunFolder, week: int) -> RunFolder:
    """The run as if it had been made in that week."""
    moment = start(week).isoformat()
    run.write_info(run.read_info().model_copy(update={"started_at": moment, "finished_at": moment}))
    return RunFolder(run.path.rename(run.path.with_name(f"{start(week):%Y%m%dT%H%M%SZ}")))


def changed(run: RunFolder, root: str) -> Iterator[tuple[str, str, str]]:
    for row in pq.read_table(run.table("changes")).to_pylist():
        if row["severity"] != "info":
            yield row["kind"], row["rule"], row["url"].removeprefix(root)


def test_every_age_is_right_in_every_week(year: Year) -> None:
    for week, found in year.standing.items():
        if week < 4 or week == UNFINISHED:
            continue
        severity = "low" if week < 13 else "medium" if week < 26 else "high"
        assert found["/sale"] == (week, severity), week
        assert found.get("/rotates", (0, None))[1] is None, week


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        (4, {("new", "long-standing-temporary", "/sale")}),
        (13, {("changed", "long-standing-temporary", "/sale")}),
        (20, {("new", "moved-permanent-target", "/moves")}),
        (21, {("new", "newly-broken-target", "/breaks"), ("new", "redirect-to-error", "/breaks")}),
        (26, {("new", "lengthened-chain", "/first"), ("new", "redirect-chain", "/first")}),
        (40, {("new", "early-removed-redirect", "/gone")}),
    ],
)
def test_the_week_of_a_change_names_it(year: Year, week: int, expected: set[tuple[str, str, str]]) -> None:
    assert expected <= year.changes[week]
    new = sum(kind == "new" for kind, _, _ in year.changes[week])
    assert year.subjects[week].startswith(f"{new} new" if new else f"{len(expected)} changed")


@pytest.mark.parametrize("week", [2, 3, 8, 12, 15, 32, 38, 47, 51])
def test_a_quiet_week_says_that_nothing_is_new(year: Year, week: int) -> None:
    assert year.changes[week] == set()
    assert year.subjects[week].startswith("nothing new")


def test_a_crawl_that_was_cut_short_is_mailed_as_such_and_spoils_no_age(year: Year) -> None:
    assert year.subjects[UNFINISHED].startswith("crawl incomplete")
    assert year.standing[UNFINISHED + 1]["/sale"] == (UNFINISHED + 1, "medium")
    assert not any(kind == "fixed" for kind, _, _ in year.changes[UNFINISHED])
