"""`seoaudit mail RUN`, and the letter at the end of an audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from audits import audit
from mail_servers import HOST, closed_port, mail_server
from runs import make_run, moved, page
from servers import ScriptedServer
from servers import page as html
from typer.testing import CliRunner

from seoaudit.cli import app
from seoaudit.config import Config
from seoaudit.run import report

if TYPE_CHECKING:
    from seoaudit.store.folder import RunFolder

PASSWORD = "hunter2-hunter2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.chdir(tmp_path)
    made = make_run(
        Path("runs/example.com/20261120T103000Z"),
        [page("/", hsts="max-age=63072000"), moved("/a", "/b"), moved("/b", "/a")],
    )
    report(made, Config())
    return made


def configure(port: int, to: str = "to = ['ann@example.com']", folder: Path = Path()) -> None:
    (folder / "seoaudit.toml").write_text(
        f"[mail]\nfrom = 'audit@example.com'\nhost = '{HOST}'\nport = {port}\nsecurity = 'none'\nretries = 0\n{to}",
        encoding="utf-8",
    )


def mail(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["mail", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_it_sends_the_letter_once(folder: RunFolder) -> None:
    with mail_server() as server:
        configure(server.port)
        assert mail(folder.path) == (0, "mailed to ann@example.com\n", "")
        code, out, err = mail(folder.path)
        assert (code, out) == (0, "")
        assert err.startswith("seoaudit: ann@example.com had the letter already (since ")
        assert err.endswith("); --again sends it again\n")
        assert mail(folder.path, "--again")[0] == 0
    assert len(server.letters) == 2


def test_the_folder_of_a_site_means_its_newest_run_and_to_names_other_recipients(folder: RunFolder) -> None:
    with mail_server() as server:
        configure(server.port)
        assert mail(folder.path.parent, "--to", "bob@example.com", "--to", "Eve <eve@example.com>")[0] == 0
    assert server.letters[0].recipients == ["bob@example.com", "eve@example.com"]


def test_a_dry_run_shows_the_letter_and_neither_sends_nor_writes(folder: RunFolder) -> None:
    configure(closed_port())
    before = {file.name: file.stat().st_mtime_ns for file in folder.path.iterdir() if file.name != ".lock"}
    code, out, _ = mail(folder.path, "--dry-run")
    assert code == 0
    assert "To: ann@example.com\nSubject: example.com: 2 critical\n" in out
    assert "Attached: example.com-2026-11-20.xlsx (" in out
    assert "Fix first" in out
    after = {file.name: file.stat().st_mtime_ns for file in folder.path.iterdir() if file.name != ".lock"}
    assert after == before


def test_what_cannot_be_sent_is_a_line_and_exit_code_2(folder: RunFolder) -> None:
    port = closed_port()
    configure(port)
    code, out, err = mail(folder.path)
    assert (code, out) == (2, "")
    assert err.startswith(f"seoaudit: mail: no connection to {HOST}:{port} (Connection refused)")
    assert err.endswith(f"(kept as {folder.letter}; seoaudit mail {folder.path} sends it)\n")


@pytest.mark.parametrize(
    ("to", "words", "line"),
    [
        ("", (), "mail: there is nobody to send to; write to below [mail] in seoaudit.toml, or --to ADDRESS"),
        ("", ("--to", "nobody"), "--to: 'nobody' is no mail address; write such as seo@example.com"),
        ("", ("--config", "nowhere.toml"), "config: cannot read nowhere.toml (No such file or directory)"),
        ("password = 'x'", (), "config: seoaudit.toml: mail.password: a password does not belong in a settings file"),
    ],
)
def test_what_cannot_be_used_is_a_line_and_exit_code_2(
    folder: RunFolder, to: str, words: tuple[str, ...], line: str
) -> None:
    configure(1, to)
    code, _, err = mail(folder.path, *words)
    assert code == 2
    assert err.startswith(f"seoaudit: {line}")
    assert err.count("\n") == 1


def test_without_a_mail_server_it_says_what_is_missing(folder: RunFolder) -> None:
    code, _, err = mail(folder.path, "--to", "ann@example.com")
    assert (code, err) == (2, "seoaudit: mail needs host and from; write both below [mail] in seoaudit.toml\n")


def site() -> ScriptedServer:
    return ScriptedServer({"/": html("/a"), "/a": html()})


def test_an_audit_ends_with_its_letter(tmp_path: Path) -> None:
    with mail_server(login=("audit", PASSWORD)) as server, site() as shop:
        (tmp_path / "secret").write_text(PASSWORD)
        configure(server.port, "user = 'audit'\npassword_file = 'secret'", tmp_path)
        done = audit(tmp_path, f"{shop.url}/", mail_to="ann@example.com")
    assert (done.exit_code, done.out.splitlines()[-1]) == (0, "mailed to ann@example.com")
    (workbook,) = server.letters[0].message.iter_attachments()
    assert workbook.get_content() == done.folder.workbook.read_bytes()
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "secret"]
    assert [file for file in files if PASSWORD.encode() in file.read_bytes()] == []
    assert b"ann@example.com" not in done.folder.html.read_bytes()
    assert PASSWORD not in done.out + done.err


def test_an_audit_whose_letter_was_refused_has_its_reports_a_line_and_exit_code_2(tmp_path: Path) -> None:
    with mail_server() as server, site() as shop:
        server.answers["MAIL"] = ["554 5.7.1 no"]
        configure(server.port, folder=tmp_path)
        done = audit(tmp_path, f"{shop.url}/")
    assert done.exit_code == 2
    assert "refused the letter: 554 5.7.1 no; mend what it names (kept as " in done.err
    assert str(done.folder.workbook.name) in done.out
    assert done.folder.letter.is_file()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"mail_to": "nobody"}, "mail_to: 'nobody' is no mail address"),
        ({"mail_to": "ann@example.com"}, "mail: audit has no password; set SEOAUDIT_SMTP_PASSWORD"),
    ],
)
def test_what_would_keep_the_letter_back_ends_an_audit_before_it_begins(
    tmp_path: Path, arguments: dict[str, Any], line: str
) -> None:
    configure(1, "user = 'audit'", tmp_path)
    with site() as shop:
        done = audit(tmp_path, f"{shop.url}/", **arguments)
    assert (done.exit_code, done.run_folder) == (2, None)
    assert done.err.startswith(f"seoaudit: {line}")
