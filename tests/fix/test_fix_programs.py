"""What is written in a programming language is run, and answers as the rules mean."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
import subprocess
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults
from xml.etree import ElementTree as ET

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
    known = rules()
    return [list(reply) if (reply := known.reply(url)) else None for url in URLS]


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


def text(name: str, number: int = 0, which: Ruleset | None = None) -> str:
    return catalogue()[name].write(which or rules()).files[number].text


def test_the_json_for_vercel_is_json_and_has_a_reason_for_each_entry() -> None:
    redirects = json.loads(text("vercel"))["redirects"]
    assert {"source", "has", "destination", "statusCode"} == set().union(*redirects)
    assert text("vercel", 1).count("redirect-chain") >= len(redirects)


@pytest.mark.server("node")
def test_the_module_for_next_is_javascript_with_the_same_entries_as_vercel(tmp_path: Path) -> None:
    module = written("nextjs", tmp_path)
    code = f"console.log(JSON.stringify(require({json.dumps(str(module))})))"
    ended = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert json.loads(ended.stdout) == json.loads(text("vercel"))["redirects"]


def test_no_template_mark_of_a_site_is_one_for_next_or_vercel() -> None:
    for redirect in json.loads(text("vercel"))["redirects"]:
        fixed = re.sub(r"\\.", "", redirect["source"].replace(":rest(.+)", "").replace(":rest(.*)", ""))
        assert not set(":(){}*+?") & set(fixed), redirect


def test_the_file_for_iis_is_xml_whose_keys_are_the_sources() -> None:
    root = ET.fromstring(text("iis"))
    keys = {one.get("key") for one in root.iter("add") if one.get("key")}
    written_rules = catalogue()["iis"].write(rules()).rules
    assert {exact.source for exact in written_rules.exacts} <= keys
    assert not any(exact.status == 308 for exact in written_rules.exacts)


def test_the_table_has_a_row_for_each_entry() -> None:
    rows = list(csv.DictReader(io.StringIO(text("csv"))))
    assert {exact.source for exact in hostile().exacts} <= {row["source"] for row in rows}
    assert all(row["source"].startswith("http") and row["code"] in {"301", "302", "308"} for row in rows)


def test_every_line_for_netlify_is_a_comment_or_three_words() -> None:
    for line in text("netlify").splitlines():
        assert line.startswith("# ") or re.fullmatch(r"https?://\S+ https?://\S+ 3\d\d!", line), line


def test_every_map_line_for_haproxy_is_a_comment_or_two_words_and_nothing_of_a_site_is_a_directive() -> None:
    first, *maps = catalogue()["haproxy"].write(rules()).files
    for file in maps:
        assert all(line.startswith("# ") or len(line.split(" ")) == 2 for line in file.text.splitlines()), file.name
    directives = [line for line in first.text.splitlines() if not line.strip().startswith("#")]
    assert all(line.startswith("    http-request ") for line in directives)
    assert not any("example.com" in line for line in directives)


def test_no_text_of_a_site_is_a_placeholder_or_ends_a_quote_for_caddy() -> None:
    known = r"\{(?:scheme|host|uri|query|sa_\w+)\}|\$\{1\}"
    inside = [line for line in text("caddy").splitlines() if not line.strip().startswith("#")]
    for line in inside:
        assert line.count('"') % 2 == 0, line
        quoted = "".join(re.findall(r'"([^"]*)"', line))
        assert "{" not in re.sub(known, "", quoted).replace("\\{", "") or "~^" in quoted, line
    assert [line.count("{$") for line in inside if "{$" in line] == []


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_an_entry_is_written_or_left_out_with_a_sentence(name: str) -> None:
    made = catalogue()[name].write(hostile())
    kept = {exact.source for exact in made.rules.exacts}
    told = "\n".join(made.left_out)
    missing = [one.source for one in hostile().exacts if one.source not in kept and one.source[:400] not in told]
    assert missing == []
