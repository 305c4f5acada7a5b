"""A run's letter, from its tables to a mail server: what is attached, what is kept, and that nobody gets it twice."""

from __future__ import annotations

import email
import email.policy
import io
import os
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mail_servers import HOST, closed_port, mail_server
from runs import make_run, moved, page
from scrapy.settings import Settings

from seoaudit.cli.watching import QuietWatcher
from seoaudit.config import Arguments, Config
from seoaudit.mail.outbox import already_sent
from seoaudit.render.view import build_view
from seoaudit.run import Ended, report, stages
from seoaudit.run.mailing import Patience, Posted, letter_of, post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seoaudit.config import Mail
    from seoaudit.store.folder import RunFolder

HSTS = "max-age=63072000"
PAGES = [
    page("/", title="Home", hsts=HSTS),
    moved("/a", "/b"),
    moved("/b", "/a"),
    moved("/old", "/"),
    *(page(url, hsts=HSTS) for url in ("/x", "/y")),
]
PASSWORD = "hunter2-hunter2"


def make(path: Path, name: str = "20261120T103000Z", **info: Any) -> RunFolder:
    folder = make_run(path / "example.com" / name, PAGES, **{"urls_requested": 6, **info})
    report(folder, Config())
    return folder


def settings(port: int, *to: str, **given: Any) -> Mail:
    known = {"to": to or ["ann@example.com"], "from": "audit@example.com", "host": HOST, "port": port}
    return Config.model_validate({"mail": {**known, "security": "none", "timeout": 20, **given}}).mail


def mailed(folder: RunFolder, mail: Mail, *, again: bool = False) -> Posted:
    return post(folder, build_view(folder), mail, Patience(sleep=lambda _: None), again=again)


def subject(folder: RunFolder) -> str:
    mail = settings(25)
    return str(letter_of(folder, build_view(folder), mail).message(mail.to)["Subject"])


def test_the_letter_brings_the_workbook_under_the_sites_name_and_day(tmp_path: Path) -> None:
    folder = make(tmp_path)
    with mail_server(data_size_limit=None) as server:
        assert mailed(folder, settings(server.port, attach_html=True)).ok
    workbook, html = server.letters[0].message.iter_attachments()
    assert workbook.get_filename() == "example.com-2026-11-20.xlsx"
    assert html.get_filename() == "example.com-2026-11-20.html"
    book = openpyxl.load_workbook(io.BytesIO(workbook.get_content()))
    assert book.sheetnames[0] == "Summary"
    assert html.get_payload(decode=True) == folder.html.read_bytes()
    assert server.letters[0].message["Subject"] == "example.com: 2 critical"


def test_a_letter_too_large_for_the_server_brings_an_archive_and_at_last_says_where_the_files_are(
    tmp_path: Path,
) -> None:
    folder = make(tmp_path)
    bare = len(letter_of(folder, build_view(folder), settings(25, max_bytes=20_000)).message(()).as_bytes())
    with mail_server(data_size_limit=bare + 10_000) as server:
        assert mailed(folder, settings(server.port)).ok
    (letter,) = server.letters
    assert list(letter.message.iter_attachments()) == []
    body = letter.message.get_body(("plain",))
    assert body is not None
    assert "Nothing is attached: the mail server takes no letter of that size." in body.get_content()
    assert str(folder.workbook) in body.get_content()


def test_the_archive_holds_both_reports(tmp_path: Path) -> None:
    folder = make(tmp_path)
    whole = folder.html.stat().st_size + folder.workbook.stat().st_size
    with mail_server(data_size_limit=whole) as server:
        assert mailed(folder, settings(server.port, attach_html=True)).ok
    (attached,) = server.letters[0].message.iter_attachments()
    assert attached.get_filename() == "example.com-2026-11-20.zip"
    with zipfile.ZipFile(io.BytesIO(attached.get_content())) as archive:
        assert sorted(archive.namelist()) == ["example.com-2026-11-20.html", "example.com-2026-11-20.xlsx"]
        assert archive.read("example.com-2026-11-20.html") == folder.html.read_bytes()


def test_a_letter_that_did_not_go_out_is_kept_and_goes_out_later_under_the_same_id(tmp_path: Path) -> None:
    folder = make(tmp_path)
    posted = mailed(folder, settings(closed_port(), retries=0))
    assert not posted.ok
    (line,) = posted.faults
    assert "Connection refused" in line
    assert line.endswith(f"(kept as {folder.letter}; seoaudit mail {folder.path} sends it)")
    kept = email.message_from_bytes(folder.letter.read_bytes(), policy=email.policy.default)
    assert kept["To"] == "ann@example.com"
    assert not folder.letter_sent.exists()
    with mail_server() as server:
        assert mailed(folder, settings(server.port)).ok
    assert server.letters[0].message["Message-ID"] == kept["Message-ID"]
    assert not folder.letter.exists()
    assert already_sent(folder) is not None


def test_nobody_gets_it_twice_unless_that_is_asked_for(tmp_path: Path) -> None:
    folder = make(tmp_path)
    with mail_server() as server:
        mail = settings(server.port)
        assert [box.address for box in mailed(folder, mail).to] == ["ann@example.com"]
        second = mailed(folder, mail)
        assert (second.to, second.ok, second.had_it) == ((), True, mail.to)
        third = mailed(folder, settings(server.port, "ann@example.com", "bob@example.com"))
        assert [box.address for box in third.to] == ["bob@example.com"]
        assert mailed(folder, mail, again=True).to == mail.to
    assert [letter.recipients for letter in server.letters] == [
        ["ann@example.com"],
        ["bob@example.com"],
        ["ann@example.com"],
    ]
    ids = [letter.message["Message-ID"] for letter in server.letters]
    assert ids[0] == ids[1] != ids[2]


def test_a_run_that_was_stopped_mailed_and_gone_on_with_has_a_second_letter(tmp_path: Path) -> None:
    folder = make(tmp_path, state="unfinished", urls_left=5)
    with mail_server() as server:
        mail = settings(server.port)
        assert mailed(folder, mail).to == mail.to
        done = folder.read_info().model_copy(update={"state": "finished", "finished_at": "2026-11-20T12:00:00Z"})
        folder.write_info(done)
        assert mailed(folder, mail).to == mail.to
        assert mailed(folder, mail).to == ()
    first, second = (letter.message for letter in server.letters)
    assert first["Subject"].startswith("example.com: crawl incomplete")
    assert second["Subject"] == "example.com: 2 critical"
    assert first["Message-ID"] != second["Message-ID"]


def test_who_was_refused_still_gets_it_and_only_they(tmp_path: Path) -> None:
    folder = make(tmp_path)
    with mail_server() as server:
        server.refused["ann@example.com"] = ["550 5.1.1 no such user"]
        mail = settings(server.port, "ann@example.com", "bob@example.com")
        posted = mailed(folder, mail)
        assert posted.faults[0] == "mail: ann@example.com did not get the letter: 550 5.1.1 no such user"
        assert [box.address for box in posted.to] == ["bob@example.com"]
        assert email.message_from_bytes(folder.letter.read_bytes())["To"] == "ann@example.com"
        assert mailed(folder, mail).ok
    assert [letter.recipients for letter in server.letters] == [["bob@example.com"], ["ann@example.com"]]
    assert not folder.letter.exists()


def test_who_got_it_is_written_down_before_the_others_are_tried_again(tmp_path: Path) -> None:
    folder = make(tmp_path)
    mail = settings(1, "ann@example.com", "bob@example.com")

    def killed(_: float) -> None:
        raise KeyboardInterrupt

    with mail_server() as server:
        server.refused["ann@example.com"] = ["450 busy"]
        mail = mail.model_copy(update={"port": server.port})
        with pytest.raises(KeyboardInterrupt):
            post(folder, build_view(folder), mail, Patience(sleep=killed))
        assert mailed(folder, mail).ok
    assert [letter.recipients for letter in server.letters] == [["bob@example.com"], ["ann@example.com"]]


def test_a_note_that_cannot_be_read_keeps_the_letter_back(tmp_path: Path) -> None:
    folder = make(tmp_path)
    folder.letter_sent.write_text("{")
    with mail_server() as server:
        (line,) = mailed(folder, settings(server.port)).faults
        assert line == f"mail: {folder.letter_sent} cannot be read; --again sends the letter all the same"
        assert mailed(folder, settings(server.port), again=True).ok
    assert len(server.letters) == 1


def test_the_password_is_nowhere_in_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make(tmp_path)
    monkeypatch.setenv("SEOAUDIT_SMTP_PASSWORD", PASSWORD)
    monkeypatch.setenv("SEOAUDIT_SMTP_USER", "audit")
    with mail_server(login=("audit", PASSWORD)) as server:
        server.answers["DATA"] = ["554 no"]
        assert not mailed(folder, settings(server.port)).ok
        assert folder.letter.is_file()
        leaks = [file for file in folder.path.iterdir() if PASSWORD.encode() in file.read_bytes()]
        assert mailed(folder, settings(server.port)).ok
    assert server.letters[0].user == b"audit"
    assert leaks == [file for file in folder.path.iterdir() if PASSWORD.encode() in file.read_bytes()] == []


def test_a_user_without_a_password_is_a_line_and_the_letter_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path)
    monkeypatch.delenv("SEOAUDIT_SMTP_PASSWORD", raising=False)
    (line,) = mailed(folder, settings(1, user="audit")).faults
    assert line.startswith("mail: audit has no password; set SEOAUDIT_SMTP_PASSWORD")
    assert folder.letter.is_file()


def test_a_run_folder_that_cannot_be_written_sends_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path)
    folder.letter.mkdir()
    with mail_server() as server:
        (line,) = mailed(folder, settings(server.port)).faults
    assert line.startswith("mail: cannot read or write ")
    assert server.letters == []


@pytest.mark.parametrize(
    ("info", "says"),
    [
        (
            {"state": "unfinished", "urls_left": 1204},
            "example.com: crawl incomplete - stopped after 6 URLs, 1,204 known URLs not asked",
        ),
        (
            {"state": "failed", "failure": "example.com: nobody answers; check the URL"},
            "example.com: crawl failed - example.com: nobody answers",
        ),
        ({"state": "running"}, "example.com: crawl incomplete - it was ended before its time"),
    ],
)
def test_a_run_that_died_is_mailed_as_such(tmp_path: Path, info: dict[str, Any], says: str) -> None:
    assert subject(make(tmp_path, **info)) == says


def test_far_fewer_urls_than_last_time_are_no_clean_report(tmp_path: Path) -> None:
    make(tmp_path, "20261113T103000Z", urls_requested=13)
    assert subject(make(tmp_path)) == "example.com: crawl incomplete - 6 URLs asked, 13 last time"


@pytest.mark.parametrize(
    "before", [{"urls_requested": 12}, {"urls_requested": 99, "arguments": {"max_urls": 99}}, {"state": "unfinished"}]
)
def test_as_many_or_another_kind_of_run_is_no_reason_to_worry(tmp_path: Path, before: dict[str, Any]) -> None:
    make(tmp_path, "20261113T103000Z", **before)
    assert "incomplete" not in subject(make(tmp_path))


def test_a_run_without_reports_or_with_older_ones_is_no_clean_report_and_tells_nothing_of_them(tmp_path: Path) -> None:
    folder = make(tmp_path)
    later = folder.workbook.stat().st_mtime + 60
    os.utime(folder.journal, (later, later))
    mail = settings(25)
    message = letter_of(folder, build_view(folder), mail).message(mail.to)
    assert message["Subject"] == "example.com: crawl incomplete - there is no report"
    assert list(message.iter_attachments()) == []
    body = message.get_body(("plain",))
    assert body is not None
    assert "What example.com answered was not judged." in body.get_content()
    assert "critical" not in body.get_content()


def test_counts_stand_beside_those_of_the_run_before(tmp_path: Path) -> None:
    earlier = make(tmp_path, "20261113T103000Z", started_at="2026-11-13T10:30:00Z")
    rows = pq.read_table(earlier.table("findings"))
    pq.write_table(rows.filter(pa.compute.not_equal(rows["severity"], "critical")), earlier.table("findings"))
    mail = settings(25)
    folder = make(tmp_path)
    body = letter_of(folder, build_view(folder), mail).message(mail.to).get_body(("plain",))
    assert body is not None
    assert "2   (+2 since 13 November 2026)" in body.get_content()


def test_changes_are_told_where_they_were_found(tmp_path: Path) -> None:
    folder = make(tmp_path)
    known = {"rule": "redirect-loop", "severity_before": None, "group": None, "detail": ""}
    rows = [
        {**known, "kind": "new", "severity": "critical", "url": "https://example.com/a"},
        {**known, "kind": "new", "severity": "info", "url": "https://example.com/note"},
        {**known, "kind": "fixed", "severity": "high", "severity_before": "high", "url": "https://example.com/b"},
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder.table("changes"))
    folder.write_info(folder.read_info().model_copy(update={"compared_with": "20261113T103000Z"}))
    assert subject(folder) == "example.com: 1 new, 1 fixed, 2 critical"
    folder.write_info(folder.read_info().model_copy(update={"compared_with": None}))
    assert subject(folder) == "example.com: 2 critical"


def test_a_run_whose_judging_was_ended_is_mailed_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_run(tmp_path / "example.com" / "20261120T103000Z", PAGES)

    @contextmanager
    def crawled(*_: object) -> Iterator[tuple[RunFolder, Arguments]]:
        with mail_server() as server:
            config = Config().model_copy(update={"mail": settings(server.port)})
            yield folder, Arguments(start="https://example.com/", config=config)
            pytest.fail("it did not raise")

    def ended(*_: object) -> None:
        raise Ended("the process was ended")

    monkeypatch.setattr(stages, "_crawled", crawled)
    monkeypatch.setattr(stages, "apart", ended)
    with pytest.raises(Ended):
        stages.audit({}, Settings(), QuietWatcher())
    assert already_sent(folder) is not None
    assert subject(folder) == "example.com: crawl incomplete - there is no report"
