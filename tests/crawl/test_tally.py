"""A crawl that found nothing of the site says why, and what nobody asked is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seoaudit.config import Arguments
from seoaudit.crawl.scope import is_name
from seoaudit.crawl.tally import Tally
from seoaudit.crawl.task import Task
from seoaudit.records import Response

if TYPE_CHECKING:
    from pathlib import Path

START = "http://example.com/"
ARGUMENTS = Arguments.read({"start": START})


def tally(*rows: tuple[Task, dict[str, Any]]) -> Tally:
    made = Tally()
    for task, fields in rows:
        made.add(task, Response(url=task.url, **fields))
    return made


def started(**fields: Any) -> tuple[Task, dict[str, Any]]:
    return Task(START, start=True), fields


ROBOTS = (Task(f"{START}robots.txt", "robots"), {"status": 404})


def test_rows_are_counted() -> None:
    found = tally(
        ROBOTS,
        started(status=301, mechanism="location", location_url="https://example.com/"),
        (Task("https://example.com/", start=True, hops=1), {"status": 200}),
        (Task("https://example.com/a"), {"error": "timeout", "error_detail": "slow"}),
        (Task("https://example.com/b"), {"error": "robots"}),
        (Task("https://other.example/", "outside"), {"status": 200, "in_scope": False}),
    )
    assert (found.rows, found.answered, found.pages) == (6, 4, 1)
    assert found.errors == {"timeout": 1, "robots": 1}
    assert found.first_error == "timeout: slow"
    assert found.end_of_start is not None
    assert found.end_of_start.url == "https://example.com/"
    assert found.failure(ARGUMENTS) is None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "the crawl did not begin"),
        (
            [started(error="connect", error_detail="refused")],
            f"{START} did not answer (connect: refused); check the address",
        ),
        ([started(error="tls", error_detail="self-signed")], "name its certificate authority with ca_file, or go on"),
        (
            [ROBOTS, started(error="robots", error_detail="robots.txt forbids it")],
            "may not be asked (robots.txt forbids it); on",
        ),
        (
            [ROBOTS, started(status=500)],
            f"{START} answers 500, and nothing else of the site was found; check the address",
        ),
    ],
)
def test_where_nothing_was_found_the_reason_and_the_mend_are_one_line(
    rows: list[tuple[Task, dict[str, Any]]], says: str
) -> None:
    failure = tally(*rows).failure(ARGUMENTS)
    assert failure is not None
    assert says in failure
    assert "\n" not in failure


def test_a_circle_at_the_start_is_a_finding_and_not_a_failure() -> None:
    assert tally(ROBOTS, started(status=301, mechanism="location", location_url=START)).failure(ARGUMENTS) is None


def test_a_list_fails_only_where_nobody_answers(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text(START)
    listed = Arguments.read({"urls": str(file)})
    assert tally((Task(START), {"status": 404})).failure(listed) is None
    assert tally((Task(START), {"error": "dns", "error_detail": "unknown"})).failure(listed) is not None


def test_entries_that_nobody_asked_are_named() -> None:
    found = tally(started(status=200), (Task("https://www.example.com/a"), {"status": 200}))
    assert found.unasked_entries(START) == ["https://example.com/", "http://www.example.com/"]
    assert found.unasked_entries("http://example.com:8080/") == []
    assert Tally().unasked_entries("http://[::1]/") == ["http://[::1]/", "https://[::1]/"]
    assert Tally().unasked_entries("http://localhost/x") == ["http://localhost/", "https://localhost/"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("example.com", True), ("a.b.example", True), ("localhost", False), ("127.0.0.1", False), ("[::1]", False)],
)
def test_only_a_name_has_a_www_form(host: str, *, expected: bool) -> None:
    assert is_name(host) is expected
