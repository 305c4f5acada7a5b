from __future__ import annotations

import pytest
from typer.testing import CliRunner

from seoaudit.cli import app
from seoaudit.config import argument_names
from seoaudit.rules import catalogue


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words, env={"TERM": "dumb", "COLUMNS": "200"})
    return result.exit_code, " ".join(result.output.split())


def test_it_says_its_version() -> None:
    code, out = run("--version")
    assert code == 0
    assert out.startswith("seoaudit ")


@pytest.mark.parametrize(
    "command",
    ["audit", "report", "compare", "check", "mail", "status", "schedule", "prune", "fix", "trace", "rules", "demo"],
)
def test_every_command_explains_itself(command: str) -> None:
    code, out = run(command, "--help")
    assert code == 0
    assert f"{command} [OPTIONS]" in out


def test_the_help_of_audit_names_every_argument() -> None:
    _, out = run("audit", "--help")
    assert all(name in out for name in argument_names())


def test_every_rule_is_listed_and_explained() -> None:
    code, out = run("rules")
    assert code == 0
    for name, rule in catalogue().items():
        assert f"{name} {rule.severity} {rule.title}" in out
    code, out = run("rules", "redirect-loop")
    assert code == 0
    assert catalogue()["redirect-loop"].references[0].url in out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("rules", "redirect-lop"), "there is no rule redirect-lop; did you mean redirect-loop?"),
        (("report", "nowhere"), "RUN: nowhere is no run folder (it has no run.json)"),
        (("status", "nowhere"), "RUN: nowhere is no run folder (it has no run.json), nor a site's with runs; give one"),
        (("audit", "https://a.example", "-a", "start=https://b.example"), "start: given twice"),
        (("audit", "https://a.example", "-s", "DOWNLOAD_DELAY=soon"), "-s: DOWNLOAD_DELAY=soon is not a number"),
        (("audit", "https://a.example", "-s", "DOWNLOAD_DELAI=1"), "did you mean DOWNLOAD_DELAY?"),
        (
            ("audit", "https://a.example", "--fail-on", "urgent"),
            "--fail-on: 'urgent' is no severity; write one of critical",
        ),
        (("audit", "https://a.example", "--fail-on", "new:worst"), "--fail-on: 'new:worst' is no severity"),
        (("report", "nowhere", "--fail-on", "news"), "--fail-on: 'news' is no severity"),
        (
            ("compare", "nowhere"),
            "RUN: nowhere is no run folder (it has no run.json), nor a site's with runs; give one",
        ),
        (("compare", "a", "b", "c"), "RUN: 3 are given; compare takes two, the older first"),
        (("compare", "--map", "x"), "--map: 'x' is not REGEX=REPLACEMENT"),
    ],
)
def test_a_wrong_word_is_one_line_and_exit_code_2(words: tuple[str, ...], line: str) -> None:
    code, out = run(*words)
    assert code == 2
    assert out.startswith("seoaudit: ")
    assert line in out
