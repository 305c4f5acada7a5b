"""A wrong argument is one line on stderr that names it and the mend, exit code 2, and nothing is written: for both ways to start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from audits import Ended, scrapy, seoaudit
from servers import ScriptedServer, page

CHECKOUT = Path(__file__).parents[1]
START = "start=https://example.com"

WRONG = {
    "no scheme": (["start=example.com"], "start: example.com has no scheme; write https://example.com"),
    "not a web URL": (["start=ftp://example.com/"], "start: ftp://example.com/ is not an http or https URL; write"),
    "no start": ([], "start: missing; say which site to audit, for example -a start=https://example.com"),
    "password": (["start=https://me:secret@example.com/"], "start: leave user and password out of the URL"),
    "empty list": (["urls={folder}/empty.txt"], "urls: {folder}/empty.txt names no URL; write one URL a line"),
    "wrong line in a list": (
        ["urls={folder}/wrong.txt"],
        "urls: line 2 of {folder}/wrong.txt: example.com/x has no scheme; write",
    ),
    "missing list": (
        ["urls={folder}/missing.txt"],
        "urls: cannot read {folder}/missing.txt (No such file or directory); give",
    ),
    "wrong number": (
        [START, "max_urls=many"],
        "max_urls: 'many' is not a whole number from 1 up; write such as max_urls=1000",
    ),
    "negative number": ([START, "max_depth=-1"], "max_depth: '-1' is not a whole number from 0 up; write"),
    "wrong flag": ([START, "assets=maybe"], "assets: 'maybe' is neither 1 nor 0; write assets=1 or leave it out"),
    "wrong word": ([START, "robots=off"], "robots: 'off' is not known; write robots=obey or robots=ignore"),
    "wrong pattern": ([START, "include=["], "include: '[' is not a regular expression ("),
    "unknown argument": ([START, "max_url=5"], "max_url: there is no such argument; did you mean max_urls?"),
    "wrong connect_to": (
        [START, "connect_to=localhost"],
        "connect_to: 'localhost' is not HOST:PORT:ADDRESS:PORT; write",
    ),
    "wrong ca_file": ([START, "ca_file={folder}/empty.txt"], "ca_file: {folder}/empty.txt holds no certificate; give"),
    "missing config": (
        [START, "config={folder}/missing.toml"],
        "config: cannot read {folder}/missing.toml (No such file",
    ),
    "broken config": ([START, "config={folder}/broken.toml"], "config: {folder}/broken.toml is not valid TOML: "),
    "wrong config": ([START, "config={folder}/wrong.toml"], "config: {folder}/wrong.toml: thresholds.chain_high: "),
    "unwritable output": (
        [START, "output={folder}/empty.txt"],
        "output: cannot write to {folder}/empty.txt/example.com (Not a directory); choose",
    ),
    "output under /proc": (
        [START, "output=/proc/seoaudit"],
        "output: cannot write to /proc/seoaudit/example.com (No such file or directory); choose",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the arguments name; nothing may be added to it."""
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "wrong.txt").write_text("https://example.com/\nexample.com/x\n")
    (tmp_path / "broken.toml").write_text("[thresholds\n")
    (tmp_path / "wrong.toml").write_text("[thresholds]\nchain_high = 'many'\n")
    return tmp_path


def files(*folders: Path) -> list[str]:
    return sorted(str(file) for folder in folders for file in [folder / "runs", *folder.iterdir()] if file.exists())


def words_of(arguments: list[str], folder: Path) -> list[str]:
    return [word for argument in arguments for word in ("-a", argument.format(folder=folder))]


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("way", ["seoaudit audit", "scrapy crawl audit"])
def test_a_wrong_argument_is_one_line_and_nothing_is_written(folder: Path, way: str, name: str) -> None:
    arguments, line = WRONG[name]
    before = files(folder, CHECKOUT)
    words = words_of(arguments, folder)
    ended = (
        seoaudit(folder, "audit", *words) if way.startswith("seoaudit") else scrapy(CHECKOUT, "crawl", "audit", *words)
    )
    assert ended.exit_code == 2
    assert ended.err.startswith(f"seoaudit: {line.format(folder=folder)}")
    assert ended.err.count("\n") == 1
    assert ended.out == ""
    assert files(folder, CHECKOUT) == before


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["-a", "nonsense"], "seoaudit: -a: 'nonsense' is not NAME=VALUE; write such as -a max_urls=1000"),
        (["-a", "=x"], "seoaudit: -a: '=x' is not NAME=VALUE"),
        (["https://example.com", "-s", "nonsense"], "seoaudit: -s: 'nonsense' is not NAME=VALUE"),
        (
            ["https://example.com", "--fail-on", "bad"],
            "seoaudit: --fail-on: 'bad' is no severity; write one of critical, high,",
        ),
        (["example.com"], "seoaudit: start: example.com has no scheme"),
    ],
)
def test_a_wrong_option_is_one_line_too(folder: Path, words: list[str], line: str) -> None:
    before = files(folder)
    ended = seoaudit(folder, "audit", *words)
    assert ended.exit_code == 2
    assert ended.err.startswith(line)
    assert ended.err.count("\n") == 1
    assert files(folder) == before


def test_scrapy_knows_one_spider(folder: Path) -> None:
    ended = scrapy(CHECKOUT, "crawl", "other", "-a", START)
    assert ended.exit_code == 2
    assert "this project has one spider: scrapy crawl audit -a start=https://example.com" in ended.err + ended.out
    assert "Traceback" not in ended.err
    assert not (folder / "runs").exists()


@pytest.mark.parametrize("module", [["seoaudit", "audit"], ["scrapy", "crawl", "audit"]], ids=" ".join)
def test_python_starts_both(folder: Path, module: list[str]) -> None:
    command = [sys.executable, "-m", *module, "-a", "start=example.com", "-a", f"output={folder}/runs"]
    ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("seoaudit: start: example.com has no scheme")
    assert not (folder / "runs").exists()


def test_scrapy_crawl_audit_is_the_whole_audit(tmp_path: Path) -> None:
    with ScriptedServer({"/": page("/a")}) as server:
        ended: Ended = scrapy(
            CHECKOUT,
            "crawl",
            "audit",
            "-a",
            f"start={server.url}/",
            "-a",
            f"output={tmp_path}",
            "-s",
            "LOG_LEVEL=ERROR",
        )
    (run,) = tmp_path.glob("*/*/")
    assert ended.exit_code == 0, ended.err
    assert (run / "report.html").exists()
    assert (run / "report.xlsx").exists()
    assert str(run / "report.html") in ended.out
