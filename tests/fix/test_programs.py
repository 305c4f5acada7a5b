"""What is written in a programming language is run, and answers as the rules mean."""

from __future__ import annotations

import json
import runpy
import subprocess
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import pytest
from hostile_rules import asked, hostile, pattern

from seoaudit.fix.ruleset import Ruleset, place
from seoaudit.fix.servers import catalogue

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 60


def rules() -> Ruleset:
    """The hostile ones, and a pattern of letter case."""
    found = hostile()
    lower = pattern("/", "", "", "", lower=True)
    lower = type(lower)("https://other.example", "/", "", "https://other.example", "", 301, lower=True, help=lower.help)
    return Ruleset(found.site, found.upgrades, found.exacts, (*found.patterns, lower), found.aliases, found.proposals)


URLS = [*asked(hostile()), "https://other.example/Some/Thing?Q=A", "https://other.example/some/thing?Q=A"]


def meant() -> list[list[Any] | None]:
    return [list(reply) if (reply := rules().reply(url)) else None for url in URLS]


def asked_of_program() -> list[list[str]]:
    return [[origin, path + query] for origin, path, query in map(place, URLS)]


def written(name: str, folder: Path) -> Path:
    (file,) = catalogue()[name].write(rules()).files
    path = folder / file.name
    path.write_text(file.text, encoding="utf-8", newline="")
    return path


@pytest.mark.server("node")
def test_the_middleware_for_express_answers_as_the_rules_mean(tmp_path: Path) -> None:
    module = written("express", tmp_path)
    code = (
        f"const reply = require({json.dumps(str(module))}).reply;"
        'const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));'
        "console.log(JSON.stringify(asked.map(([origin, url]) => reply(origin, url))));"
    )
    subprocess.run(["node", "--check", module], check=True, timeout=PATIENCE_S)
    assert run(["node", "-e", code]) == meant()


@pytest.mark.server("php")
def test_the_file_for_php_answers_as_the_rules_mean(tmp_path: Path) -> None:
    file = written("php", tmp_path)
    code = (
        f"require '{file}';"
        "$asked = json_decode(stream_get_contents(STDIN));"
        "echo json_encode(array_map(fn($one) => seoaudit_reply($one[0], $one[1]), $asked));"
    )
    subprocess.run(["php", "-l", file], check=True, timeout=PATIENCE_S, capture_output=True)
    assert run(["php", "-r", code]) == meant()


def run(command: list[str]) -> Any:
    given = json.dumps(asked_of_program())
    ended = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    return json.loads(ended.stdout)


def test_the_module_for_flask_answers_as_the_rules_mean(tmp_path: Path) -> None:
    module = runpy.run_path(str(written("flask", tmp_path)))
    assert [list(one) if (one := module["reply"](*asked)) else None for asked in asked_of_program()] == meant()


@pytest.mark.parametrize("named", ["RAW_URI", "REQUEST_URI"])
def test_the_middleware_for_flask_sends_the_location_as_it_is(tmp_path: Path, named: str) -> None:
    middleware = runpy.run_path(str(written("flask", tmp_path)))["Redirects"](lambda *_: [b"page"])
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"wsgi.url_scheme": "http", "HTTP_HOST": "www.example.com", named: "/own?a=%20{b}"}
    said: list[Any] = []
    assert middleware(environ, lambda *words: said.extend(words)) == []
    assert said == [
        "301 Moved Permanently",
        [("Location", "https://example.com/ends/own?a=%20{b}"), ("Content-Length", "0")],
    ]
    environ[named] = "/unknown"
    environ["HTTP_HOST"] = "unknown.example"
    assert middleware(environ, lambda *words: said.extend(words)) == [b"page"]
