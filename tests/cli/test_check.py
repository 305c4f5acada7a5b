"""`seoaudit check` holds redirects against their contracts: an exit code, lines, and a file that pipelines read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from audits import Ended, seoaudit
from servers import ScriptedServer, answer, redirect
from servers import page as linking

from seoaudit.cli.check import exit_code
from seoaudit.cli.junit import document
from seoaudit.run.checking import Checked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seoaudit.records import ContractState


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    answers = {
        "/": linking("/never-asked"),
        "/sale": redirect("/products", 302),
        "/old/a": redirect("/new/a"),
        "/old/b": redirect("/elsewhere"),
        "/plain": answer(),
    }
    with ScriptedServer(answers) as running:
        yield running


def settings(folder: Path, server: ScriptedServer, *entries: tuple[str, int, str], until: str = "") -> None:
    lines = [
        f"[[expected]]\nsource = '{server.url}{source}'\ncode = {code}\ntarget = '{target}'\n{until}"
        for source, code, target in entries
    ]
    (folder / "seoaudit.toml").write_text("\n".join(lines))


def check(folder: Path, *words: str) -> Ended:
    return seoaudit(folder, "check", "--quiet", *words)


def test_all_kept_is_exit_code_0_and_nothing_else_is_asked(tmp_path: Path, server: ScriptedServer) -> None:
    settings(tmp_path, server, ("/sale", 302, "/products"), ("/old/(.*)", 301, r"/new/\1"))
    ended = check(tmp_path, f"{server.url}/old/a")
    assert (ended.exit_code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == "2 kept"
    assert server.targets() <= {"/robots.txt", "/sale", "/products", "/old/a", "/new/a"}
    assert len(list(tmp_path.glob("checks/*/*/contracts.parquet"))) == 1
    assert not (tmp_path / "runs").exists()


def test_a_broken_one_is_exit_code_1_and_a_sentence(tmp_path: Path, server: ScriptedServer) -> None:
    settings(tmp_path, server, ("/sale", 301, "/products"), ("/old/(.*)", 301, r"/new/\1"))
    (tmp_path / "more.txt").write_text(f"{server.url}/old/b\n")
    ended = check(tmp_path, "--urls", "more.txt", "--junit", "out/junit.xml", "--json")
    assert ended.exit_code == 1
    told = json.loads(ended.out)
    assert told["counts"] == {"broken": 2}
    assert told["contracts"][0]["detail"] == (
        f"It answers 302 to {server.url}/products; expected is 301 to {server.url}/products."
    )
    suite = ET.parse(tmp_path / "out" / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "2",
        "failures": "2",
        "errors": "0",
    }
    assert [case.get("name") for case in suite] == [f"{server.url}/sale", f"{server.url}/old/b"]


def test_an_expired_one_is_exit_code_1(tmp_path: Path, server: ScriptedServer) -> None:
    settings(tmp_path, server, ("/sale", 302, "/products"), until="until = 2020-01-01\n")
    ended = check(tmp_path)
    assert ended.exit_code == 1
    assert "EXPIRED" in ended.out


def test_what_does_not_answer_and_what_no_entry_is_about_are_exit_code_2(
    tmp_path: Path, server: ScriptedServer
) -> None:
    settings(tmp_path, server, ("/sale", 302, "/products"))
    ended = check(tmp_path, f"{server.url}/plain")
    assert ended.exit_code == 2
    assert f"could not be checked: {server.url}/plain: No [[expected]] entry matches it" in ended.out
    dead = server.url
    server.__exit__(None, None, None)
    ended = check(tmp_path, f"{dead}/sale", "-s", "RETRY_TIMES=0")
    assert ended.exit_code == 2
    assert "It could not be checked: connect; expected is 302" in ended.out


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        ("", (), "config: no [[expected]] entry says which redirects are meant"),
        ("[[expected]]\nsource='https://a/(.*)'\ncode=301\ntarget='/'", (), "is a plain URL; name URLs"),
        ("[[expected]]\nsource='(('\ncode=301\ntarget='/'", (), "expected[1].source: '((' is not a regular expression"),
        ("", ("ftp://a",), "URL: ftp://a is not an http or https URL"),
        ("", ("--config", "nowhere.toml"), "config: cannot read nowhere.toml"),
        ("", ("-a", "urls=x"), "-a: a check takes neither urls nor resume"),
    ],
)
def test_what_cannot_be_checked_is_one_line(tmp_path: Path, content: str, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "seoaudit.toml").write_text(content)
    ended = check(tmp_path, *words)
    assert ended.exit_code == 2
    assert ended.err.startswith("seoaudit: ")
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1
    assert list(tmp_path.glob("checks/*")) == []


def checked(state: ContractState, detail: str = "It answers.", url: str | None = "https://a.example/") -> Checked:
    return Checked(entry=1, source="https://a.example/.*", url=url, state=state, detail=detail)


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (("kept",), 0),
        (("kept", "unmatched"), 0),
        (("kept", "broken"), 1),
        (("kept", "expired"), 1),
        (("broken", "unchecked"), 2),
        (("unmatched",), 2),
    ],
)
def test_the_exit_code_is_the_worst_that_was_seen(states: tuple[ContractState, ...], code: int) -> None:
    assert exit_code([checked(state) for state in states]) == code


def test_a_report_for_pipelines_is_xml_whatever_a_site_says() -> None:
    odd = "It answers 301 to <b>&\"']]>\x00\x1b[31m\x85\ud800\uffff\nnext 😀"
    found = [checked("kept"), checked("broken", odd, odd), checked("unchecked"), checked("unmatched", url=None)]
    root = ET.fromstring(document(found))
    assert root.tag == "testsuites"
    (suite,) = root
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    kept, broken, unchecked, unmatched = suite
    assert len(kept) == 0
    clean = "It answers 301 to <b>&\"']]>[31m next 😀"
    assert (broken[0].tag, broken[0].text, broken[0].get("message"), broken.get("name")) == ("failure", *[clean] * 3)
    assert (unchecked[0].tag, unmatched[0].tag) == ("error", "skipped")
    assert unmatched.get("name") == "https://a.example/.*"
