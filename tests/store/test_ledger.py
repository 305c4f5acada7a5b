"""The ledger says of each redirect since when it stands, whatever happens to runs, clocks and files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runs import moved, page
from weeks import make_week, rows, start

from seoaudit.classify.ledger import history_of
from seoaudit.records import Response
from seoaudit.store.chronicle import BEFORE, LEDGER_FILE, chronicle
from seoaudit.store.folder import InUse, claimed
from seoaudit.store.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.store.folder import RunFolder

A_B, A_C = ("/a", 302, "/b"), ("/a", 302, "/c")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "example.com"


def weeks_of(site: Path, weeks: range, /, *responses: Response, **info: str) -> list[RunFolder]:
    return [make_week(site, week, responses, **info) for week in weeks]


def test_a_redirect_has_its_first_and_last_run_its_sightings_and_its_streak(site: Path) -> None:
    weeks_of(site, range(5), moved("/a", "/b", 302), page("/b"))
    assert chronicle(site).notes == []
    row = rows(site)[A_B]
    assert (row["first_seen"], row["last_seen"], row["since"]) == (start(0), start(4), start(0))
    assert (row["sightings"], row["streak"], row["longest_streak"], row["streak_weeks"]) == (5, 5, 5, 5)
    assert (row["runs_missed"], row["before_status"], row["rotating"]) == (0, None, False)


def test_a_new_target_begins_a_new_row_that_says_what_was_before(site: Path) -> None:
    weeks_of(site, range(3), moved("/a", "/b", 302))
    weeks_of(site, range(3, 5), moved("/a", "/c", 302))
    chronicle(site)
    old, new = rows(site)[A_B], rows(site)[A_C]
    assert (old["streak"], old["longest_streak"], old["runs_missed"], old["last_seen"]) == (0, 3, 2, start(2))
    assert (new["since"], new["before_mechanism"], new["before_status"]) == (start(3), "location", 302)
    assert new["before_target"] == "https://example.com/b"


def test_a_page_that_begins_to_redirect_was_a_page_in_the_finished_run_before(site: Path) -> None:
    weeks_of(site, range(1), page("/a"))
    weeks_of(site, range(1, 2), page("/x"), state="unfinished")
    weeks_of(site, range(2, 3), moved("/a", "/b", 302))
    chronicle(site)
    assert rows(site)[A_B]["before_status"] == 200
    assert rows(site)["/a", 200, None]["last_seen"] == start(0)
    assert ("/x", 200, None) not in rows(site)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [Response(url="https://example.com/a", error="timeout")],
        [Response(url="https://example.com/a", error="robots")],
        [page("/a", status=503)],
        [page("/a", status=429)],
    ],
    ids=["not asked", "no answer", "forbidden", "in trouble", "too many requests"],
)
def test_what_says_nothing_of_a_redirect_does_not_end_its_streak(site: Path, answer: list[Response]) -> None:
    weeks_of(site, range(2), moved("/a", "/b", 302))
    weeks_of(site, range(2, 4), *answer)
    weeks_of(site, range(4, 5), moved("/a", "/b", 302))
    chronicle(site)
    row = rows(site)[A_B]
    assert (row["streak"], row["since"], row["runs_missed"]) == (3, start(0), 0)


@pytest.mark.parametrize(("state", "since", "missed"), [("finished", 2, 1), ("unfinished", 0, 0), ("failed", 0, 0)])
def test_only_a_finished_run_that_got_another_answer_ends_a_streak(
    site: Path, state: str, since: int, missed: int
) -> None:
    weeks_of(site, range(1), moved("/a", "/b", 302))
    weeks_of(site, range(1, 2), page("/a"), state=state)
    weeks_of(site, range(2, 3), moved("/a", "/b", 302))
    chronicle(site)
    assert (rows(site)[A_B]["since"], rows(site)[A_B]["runs_missed"]) == (start(since), missed)
    assert rows(site)["/a", 200, None]["sightings"] == 1


def test_an_unfinished_run_adds_sightings(site: Path) -> None:
    weeks_of(site, range(2), moved("/a", "/b", 302), state="unfinished")
    chronicle(site)
    assert rows(site)[A_B]["sightings"] == 2


def test_many_runs_in_one_week_are_one_weekly_sighting(site: Path) -> None:
    for hours in range(5):
        make_week(site, hours / 168, [moved("/a", "/b", 302)])
    make_week(site, 0.999, [moved("/a", "/b", 302)])
    chronicle(site)
    assert (rows(site)[A_B]["streak"], rows(site)[A_B]["streak_weeks"]) == (6, 2)


def test_targets_that_come_back_twice_rotate_and_a_change_taken_back_does_not(site: Path) -> None:
    for week, target in enumerate(["/b", "/c", "/b", "/c"]):
        make_week(site, week, [moved("/a", target, 302), moved("/once", "/b" if week != 2 else "/c", 302)])
    chronicle(site)
    assert rows(site)[A_B]["rotating"]
    assert rows(site)[A_C]["rotating"]
    assert not rows(site)["/once", 302, "/b"]["rotating"]


def test_a_refresh_to_the_page_itself_and_a_link_to_no_web_address_are_no_redirects(site: Path) -> None:
    own = {"mechanism": "meta-refresh", "location_url": "https://example.com/poll#x"}
    app = moved("/app", "mailto:x", location_url="mailto:x@example.com")
    weeks_of(site, range(1), page("/poll", **own), app, moved("/z", "/poll"))
    chronicle(site)
    assert set(rows(site)) == {("/poll", 200, None), ("/z", 301, "/poll")}


def test_runs_that_were_deleted_leave_their_rows_standing(site: Path) -> None:
    old = weeks_of(site, range(3), moved("/a", "/b", 302), moved("/gone", "/b"))
    weeks_of(site, range(3, 5), moved("/a", "/b", 302))
    before = chronicle(site).ledger
    for run in old:
        shutil.rmtree(run.path)
    kept = rows(site)
    weeks_of(site, range(5, 6), moved("/a", "/b", 302))
    for rebuild in (False, True):
        assert len(chronicle(site, rebuild=rebuild).ledger.runs) == len(before.runs) + 1
        assert rows(site)["/gone", 301, "/b"]["first_seen"] == kept["/gone", 301, "/b"]["first_seen"]
        assert (rows(site)[A_B]["streak"], rows(site)[A_B]["since"]) == (6, start(0))


def test_a_run_that_is_judged_again_counts_once_and_one_that_changed_is_folded_again(site: Path) -> None:
    (run,) = weeks_of(site, range(1), moved("/a", "/b", 302))
    chronicle(site)
    chronicle(site)
    assert rows(site)[A_B]["sightings"] == 1
    run.journal.unlink()
    make_week(site, 0, [moved("/a", "/c", 302)])
    chronicle(site)
    assert A_C in rows(site)
    assert A_B not in rows(site)


def test_nothing_is_written_where_nothing_is_new(site: Path) -> None:
    weeks_of(site, range(2), moved("/a", "/b", 302))
    chronicle(site)
    stamp = (site / LEDGER_FILE).stat().st_mtime_ns
    chronicle(site)
    assert (site / LEDGER_FILE).stat().st_mtime_ns == stamp


def test_an_old_run_knows_nothing_of_later_ones(site: Path) -> None:
    runs = weeks_of(site, range(3), moved("/a", "/b", 302))
    runs += weeks_of(site, range(3, 6), moved("/a", "/c", 302))
    ledger = chronicle(site).ledger
    old = history_of(ledger, runs[2].path.name)
    assert list(old.ledger["target"]) == ["https://example.com/b"]
    assert list(old.ledger["streak"]) == [3]
    assert old.earlier_at == start(1)
    assert history_of(ledger, runs[0].path.name).earlier_at is None
    assert history_of(ledger, "never").ledger.empty
    assert history_of(None, "never").ledger.empty


@pytest.mark.parametrize("damage", ["cut", "removed", "nonsense"])
def test_a_torn_ledger_loses_no_deleted_run_while_its_copy_is_there(site: Path, damage: str) -> None:
    old = weeks_of(site, range(2), moved("/gone", "/b"))
    chronicle(site)
    weeks_of(site, range(2, 3), moved("/a", "/b", 302))
    chronicle(site)
    shutil.rmtree(old[0].path)
    whole, file = rows(site), site / LEDGER_FILE
    _break(file, damage)
    (note,) = chronicle(site).notes
    assert ("missing" if damage == "removed" else "damaged") in note
    assert "made anew from ledger.parquet.before" in note
    assert rows(site) == whole
    assert chronicle(site).notes == []


def _break(file: Path, damage: str) -> None:
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:99] if damage == "cut" else b"nonsense")


def test_where_the_copy_is_torn_too_the_runs_that_are_there_make_it_anew_and_a_line_says_so(site: Path) -> None:
    weeks_of(site, range(3), moved("/a", "/b", 302))
    chronicle(site)
    whole = rows(site)
    for name in (LEDGER_FILE, BEFORE):
        (site / name).write_bytes(b"PAR1")
    (note,) = chronicle(site).notes
    assert "what only deleted runs knew is lost" in note
    assert rows(site) == whole


def test_a_ledger_that_is_a_table_of_something_else_is_damaged(site: Path) -> None:
    (run,) = weeks_of(site, range(1), moved("/a", "/b", 302))
    shutil.copy(run.table("responses"), site / LEDGER_FILE)
    assert "damaged" in chronicle(site).notes[0]
    assert A_B in rows(site)


def test_a_half_deleted_run_is_left_out_with_one_line(site: Path) -> None:
    no_info, no_tables, rest, torn, _ = weeks_of(site, range(5), moved("/a", "/b", 302))
    no_info.info_file.unlink()
    no_tables.table("responses").unlink()
    rest.table("responses").unlink()
    rest.journal.unlink()
    torn.table("responses").write_bytes(b"PAR1")
    (site / "notes").mkdir()
    told = chronicle(site)
    assert len(told.notes) == 4
    assert all("is left out of the history" in note and str(site) not in note for note in told.notes)
    assert rows(site)[A_B]["sightings"] == 1


def test_what_was_folded_of_a_run_stays_when_its_table_is_torn(site: Path) -> None:
    run, _ = weeks_of(site, range(2), moved("/a", "/b", 302))
    chronicle(site)
    whole = rows(site)
    run.table("responses").write_bytes(b"PAR1")
    assert len(chronicle(site).notes) == 1
    assert rows(site) == whole


def test_a_run_of_another_site_is_left_out_with_one_line(site: Path) -> None:
    weeks_of(site, range(1), moved("/a", "/b", 302), site="other.example")
    told = chronicle(site)
    assert told.ledger.runs == ()
    assert "an audit of other.example" in told.notes[0]


def test_runs_count_in_order_of_their_start_and_a_clock_that_jumped_is_told(site: Path) -> None:
    weeks_of(site, range(4, 6), moved("/a", "/c", 302))
    chronicle(site)
    weeks_of(site, range(2), moved("/a", "/b", 302))
    (note,) = chronicle(site).notes
    assert "began before" in note
    assert (rows(site)[A_C]["since"], rows(site)[A_C]["before_target"]) == (start(4), "https://example.com/b")


def test_a_start_in_the_future_is_told(site: Path) -> None:
    soon = datetime.now(UTC) + timedelta(days=400)
    make_week(site, 0, [moved("/a", "/b", 302)], started_at=soon.isoformat())
    (note,) = chronicle(site).notes
    assert "in the future" in note


def test_a_start_that_is_no_time_is_told(site: Path) -> None:
    make_week(site, 0, [moved("/a", "/b", 302)], started_at="yesterday")
    (note,) = chronicle(site).notes
    assert "'yesterday' is no time" in note


def test_two_processes_do_not_write_one_ledger_and_the_report_goes_on_without_writing(site: Path) -> None:
    weeks_of(site, range(2), moved("/a", "/b", 302))
    with claimed(site / ".ledger.lock", site, "4711 on another machine"):
        with pytest.raises(InUse, match="in use by process 4711 on another machine; wait until it ends"):
            chronicle(site)
        told = chronicle(site, patient=True)
        assert not (site / LEDGER_FILE).exists()
    assert len(told.ledger.runs) == 2
    assert "was in use by another process" in told.notes[-1]
    assert chronicle(site).notes == []


PATHS = ("/a", "/b", "/c")
ANSWERS = st.one_of(
    st.none(),
    st.sampled_from([200, 404, 503]),
    st.tuples(st.sampled_from([301, 302]), st.sampled_from(PATHS)),
)
RUN = st.tuples(st.sampled_from(["finished", "finished", "unfinished"]), st.tuples(ANSWERS, ANSWERS, ANSWERS))


def responses_of(answers: tuple[int | tuple[int, str] | None, ...]) -> list[Response]:
    return [
        page(path, status=answer) if isinstance(answer, int) else moved(path, answer[1], answer[0])
        for path, answer in zip(PATHS, answers, strict=True)
        if answer is not None
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RUN, min_size=1, max_size=6), st.data())
def test_folding_runs_one_by_one_in_any_order_equals_making_the_ledger_anew(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, tuple[object, ...]]], data: st.DataObject
) -> None:
    site = tmp_path_factory.mktemp("one") / "example.com"
    for week in data.draw(st.permutations(range(len(history)))):
        state, answers = history[week]
        make_week(site, week, responses_of(answers), state=state)  # type: ignore[arg-type]
        chronicle(site)
    one_by_one = Ledger.read(site / LEDGER_FILE)
    for name in (LEDGER_FILE, BEFORE):
        (site / name).unlink(missing_ok=True)
    chronicle(site)
    anew = Ledger.read(site / LEDGER_FILE)
    assert one_by_one.runs == anew.runs
    assert one_by_one.table().equals(anew.table())
    assert np.array_equal(anew.seen, chronicle(site, rebuild=True).ledger.in_order().seen)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RUN, min_size=1, max_size=8))
def test_streaks_are_what_a_person_would_count(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, tuple[object, ...]]]
) -> None:
    site = tmp_path_factory.mktemp("count") / "example.com"
    for week, (state, answers) in enumerate(history):
        make_week(site, week, responses_of(answers), state=state)  # type: ignore[arg-type]
    chronicle(site)
    for (path, status, target), row in rows(site).items():
        if target is None:
            continue
        streak = longest = missed = sightings = 0
        for state, answers in history:
            answer = answers[PATHS.index(path)]
            if answer == (status, target):
                streak, sightings = streak + 1, sightings + 1
                longest = max(longest, streak)
            elif answer not in (None, 503) and state == "finished" and sightings:
                streak, missed = 0, missed + 1
        counted = (row["streak"], row["longest_streak"], row["runs_missed"], row["sightings"])
        assert counted == (streak, longest, missed, sightings)


def test_a_run_that_comes_late_leaves_nothing_that_only_the_order_of_arrival_explains(site: Path) -> None:
    make_week(site, 0, [page("/c")])
    chronicle(site)
    make_week(site, 2, [moved("/c", "/a")])
    chronicle(site)  # the page of the week before is noted, because it redirects now
    make_week(site, 1, [])
    late = chronicle(site).ledger.in_order()
    assert late.table().equals(chronicle(site, rebuild=True).ledger.in_order().table())
