"""`seoaudit fix`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from audits import seoaudit
from runs import make_run, moved, page

from seoaudit import run
from seoaudit.config import Config
from seoaudit.records import Mention

if TYPE_CHECKING:
    from pathlib import Path

SITE = (
    page("/", links=[Mention("https://example.com/a", "a", "=A1", None, "/a")]),
    moved("/a", "/b"),
    moved("/b", "/c"),
    page("/c"),
    moved("/lost", "/gone"),
    page("/gone", status=404),
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_run(tmp_path_factory.mktemp("judged"), SITE)
    run.report(folder, Config())
    return folder.path


def test_the_rules_go_to_the_terminal_and_a_summary_beside(tmp_path: Path, judged: Path) -> None:
    ended = seoaudit(tmp_path, "fix", str(judged), "--server", "nginx")
    assert (ended.exit_code, ended.err.splitlines()[0]) == (
        0,
        "seoaudit: 1 single redirect, 0 patterns for 0 URLs, 0 rules for whole origins, 1 proposal for a person to decide",
    )
    assert "https://example.com/a 301 https://example.com/c" in ended.out
    assert "PROPOSAL https://example.com/lost" in ended.out


def test_a_file_is_written_and_never_over_another_unless_forced(tmp_path: Path, judged: Path) -> None:
    words = ("fix", str(judged), "--server", "csv", "--output", "rules.csv")
    assert seoaudit(tmp_path, *words).exit_code == 0
    written = (tmp_path / "rules.csv").read_text()
    assert written.startswith("source,target,code,reason\n")
    (tmp_path / "rules.csv").write_text("mine")
    refused = seoaudit(tmp_path, *words)
    assert (refused.exit_code, refused.err) == (2, "seoaudit: --output: rules.csv exists; --force writes over it\n")
    assert (tmp_path / "rules.csv").read_text() == "mine"
    assert seoaudit(tmp_path, *words, "--force").exit_code == 0
    assert (tmp_path / "rules.csv").read_text() == written


def test_of_several_files_none_is_written_where_one_exists(tmp_path: Path, judged: Path) -> None:
    (tmp_path / "vercel-redirects.txt").write_text("mine")
    refused = seoaudit(tmp_path, "fix", str(judged), "--server", "vercel", "--output", "v.json")
    assert refused.exit_code == 2
    assert not (tmp_path / "v.json").exists()


def test_the_links_to_edit_are_a_table_in_which_nothing_is_a_formula(tmp_path: Path, judged: Path) -> None:
    rows = list(csv.reader(io.StringIO(seoaudit(tmp_path, "fix", str(judged), "--links").out)))
    assert rows[0] == ["page", "element", "anchor", "href", "replace with"]
    assert ["https://example.com/", "a", "'=A1", "/a", "https://example.com/c"] in rows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--server", "ngnix"), "--server: ngnix is unknown; did you mean nginx?"),
        (("--server", "zzz"), "--server: zzz is unknown; there are apache, "),
        ((), "--server: name the server that the rules are for, one of apache, "),
        (("--server", "csv", "--output", "."), "--output: . is a folder; name a file in it"),
        (("--server", "csv", "--output", "no/where"), "cannot read or write no/where (No such file or directory)"),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, judged: Path, words: tuple[str, ...], said: str) -> None:
    ended = seoaudit(tmp_path, "fix", str(judged), *words)
    assert (ended.exit_code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(f"seoaudit: {said}")


def test_a_folder_that_is_no_run_and_a_run_that_was_never_judged_are_one_line(tmp_path: Path) -> None:
    ended = seoaudit(tmp_path, "fix", str(tmp_path), "--server", "nginx")
    assert (ended.exit_code, ended.err.count("\n")) == (2, 1)
    assert "is no run folder" in ended.err
    raw = make_run(tmp_path / "raw", SITE)
    for words in (("--server", "nginx"), ("--links",)):
        ended = seoaudit(tmp_path, "fix", str(raw.path), *words)
        assert (ended.exit_code, ended.err.count("\n")) == (2, 1)
        assert f"it was not judged; seoaudit report {raw.path} does that" in ended.err


def test_a_broken_table_is_one_line(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", SITE)
    run.report(folder, Config())
    folder.table("chains").write_bytes(b"no parquet")
    ended = seoaudit(tmp_path, "fix", str(folder.path), "--server", "nginx")
    assert (ended.exit_code, ended.err.count("\n")) == (2, 1)
    assert "cannot be read" in ended.err


def test_a_broken_run_json_is_one_line(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", SITE)
    run.report(folder, Config())
    folder.info_file.write_text("{}")
    ended = seoaudit(tmp_path, "fix", str(folder.path), "--server", "nginx")
    assert (ended.exit_code, ended.err.count("\n")) == (2, 1)
    assert "run.json cannot be read" in ended.err


def test_a_site_without_a_fault_has_nothing_to_fix(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", (page("/"), moved("/old", "/"), page("/x")))
    run.report(folder, Config())
    ended = seoaudit(tmp_path, "fix", str(folder.path), "--server", "nginx", "--output", "rules")
    assert (ended.exit_code, ended.out) == (0, "")
    assert ended.err == "seoaudit: nothing to fix: no redirect of this run needs another rule\n"
    assert not (tmp_path / "rules").exists()


def test_without_a_server_to_run_the_proof_says_that_it_is_simulated(tmp_path: Path, judged: Path) -> None:
    ended = seoaudit(tmp_path, "fix", str(judged), "--server", "csv", "--prove")
    assert ended.exit_code == 0
    assert ended.out.startswith("simulated: 6 URLs asked again\n")
    assert "1 redirects saved" in ended.out
    assert ended.out.endswith("The proof holds.\n")


@pytest.mark.server("nginx")
def test_the_proof_on_a_real_server_names_it(tmp_path: Path, judged: Path) -> None:
    ended = seoaudit(tmp_path, "fix", str(judged), "--server", "nginx", "--prove", "--output", "rules.conf")
    assert (ended.exit_code, (tmp_path / "rules.conf").exists()) == (0, True)
    assert "nginx: 6 URLs asked again" in ended.out
    assert ended.out.endswith("The proof holds.\n")
