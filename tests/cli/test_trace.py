"""`seoaudit trace` shows every hop, says what it amounts to, and refuses what it cannot ask in one line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from servers import ScriptedServer, answer, redirect
from typer.testing import CliRunner

from seoaudit.cli import app
from seoaudit.settings import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Generator

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> Generator[ScriptedServer]:
    with ScriptedServer() as other:
        replies = {
            "/old": redirect("/login", 301),
            "/login": answer(302, "Location: /in", "Cache-Control: max-age=600", "Set-Cookie: a=b; Path=/none"),
            "/in": answer(200, "Strict-Transport-Security: max-age=9"),
            "/keep": redirect(f"{other.url}/in", 307),
            "/loop": redirect("/loop"),
            "/meta": answer(body="<meta http-equiv=refresh content='5; url=/in'>"),
            "/escape": redirect("/in?\x1b[31m"),
            "/in?%1B[31m": answer(),
            "/choices": answer(300, "Location: /in"),
            "/gone": b"",
        }
        other.answers["/in"] = answer()
        with ScriptedServer(replies) as server:
            yield server


def run(*words: str, columns: int = 100, **environment: str) -> tuple[int, str, str]:
    environment = {"TERM": "xterm-256color", "COLUMNS": str(columns), "NO_COLOR": "", "FORCE_COLOR": "", **environment}
    result = CliRunner().invoke(app, ["trace", *words], env=environment)
    return result.exit_code, result.stdout, result.stderr


def said(*words: str) -> str:
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    return " ".join(out.split())


def told(*words: str) -> dict[str, Any]:
    _, out, _ = run(*words, "--json")
    found: dict[str, Any] = json.loads(out)
    return found


def test_every_hop_is_a_table_and_the_verdict_one_sentence(site: ScriptedServer) -> None:
    out = said(f"{site.url}/old", "-d", "a=b", "-H", "X-Own: 1")
    assert f"Hop 1 POST {site.url}/old" in out
    assert "answer 301 Moved Permanently, HTTP/1.1," in out
    assert "method POST → GET" in out
    assert "body 3 bytes, dropped" in out
    assert "dropped Content-Type" in out
    assert "Location /login" in out
    assert f"leads to {site.url}/login" in out
    assert "cacheable no: it answers POST" in out
    assert "A browser asks again by GET, without the body." in out
    assert re.search(r"cacheable until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", out)
    assert "HSTS max-age=9 (ignored: it came over http)" in out
    assert "As browser: 200 after 2 redirects; the body was lost at hop 1, by 301 Moved Permanently" in out
    assert "sets cookie a" in out


def test_without_d_no_body_is_sent_and_x_alone_sends_an_empty_one(site: ScriptedServer) -> None:
    site.asked.clear()
    said(f"{site.url}/in")
    said(f"{site.url}/in", "-X", "post")
    said(f"{site.url}/in", "-X", "POST", "--as", "curl")
    said(f"{site.url}/in", "-d", "a=b")
    lengths = [(asked.method, asked.header("Content-Length"), asked.body) for asked in site.asked]
    assert lengths == [("GET", None, b""), ("POST", "0", b""), ("POST", None, b""), ("POST", "3", b"a=b")]


def test_the_name_that_is_sent_is_our_own_unless_h_gives_another(site: ScriptedServer) -> None:
    site.asked.clear()
    said(f"{site.url}/in", "--as", "googlebot")
    said(f"{site.url}/in", "-H", "User-Agent: other/1")
    assert [asked.header("User-Agent") for asked in site.asked] == [USER_AGENT, "other/1"]


def test_json_says_the_same_to_programs(site: ScriptedServer) -> None:
    facts = told(f"{site.url}/old", "-d", "a=b")
    assert (facts["client"], facts["end"], facts["final_status"], facts["final_method"]) == (
        "browser",
        "answer",
        200,
        "GET",
    )
    first, second, last = facts["hops"]
    assert (first["status"], first["method"], first["next_method"], first["body"]) == (301, "POST", "GET", "dropped")
    assert (first["location"], first["location_url"]) == ("/login", f"{site.url}/login")
    assert (second["cacheable"], second["cookies_set"]) == (True, ["a"])
    assert second["cacheable_until"].endswith("+00:00")
    assert last["hsts"] == "max-age=9"
    assert all(isinstance(hop["latency_ms"], float) and hop["sentence"] for hop in facts["hops"])


def test_compare_has_a_column_for_each_client_and_says_where_they_part(site: ScriptedServer) -> None:
    out = said(f"{site.url}/old", "-d", "a=b", "--compare")
    assert "browser curl googlebot rfc" in out
    assert "methods POST GET GET POST GET GET GET GET GET POST POST POST" in out
    assert f"rfc parts at hop 2: POST {site.url}/login with 3 bytes; browser: GET {site.url}/login" in out
    assert "curl parts" not in out
    facts = told(f"{site.url}/old", "-d", "a=b", "--compare")
    assert [client["client"] for client in facts["clients"]] == ["browser", "curl", "googlebot", "rfc"]
    assert [(found["client"], found["hop"]) for found in facts["partings"]] == [("googlebot", 1), ("rfc", 2)]
    assert "All go one way." in said(f"{site.url}/in", "--compare")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("/loop",), "A loop: it asks again what hop 1 asked"),
        (("/old", "--max-redirects", "1"), "After 1 redirect: A browser follows no more than 1 redirect "),
        (("/choices",), "A browser does not follow the Location of 300."),
        (("/choices", "--as", "rfc"), "A client by RFC 9110 MAY follow the Location of 300, and need not."),
        (("/choices", "--as", "curl"), "200 after 1 redirect."),
        (("/meta",), "200 after 1 redirect."),
        (("/meta",), "meta-refresh /in, after 5 s"),
        (("/meta", "--as", "curl"), "curl -L follows no refresh, and stays at this 200."),
        (("/keep", "-d", "a=b"), "The body goes to another origin"),
        (("/keep", "-H", "Authorization: x"), "Authorization stays behind."),
        (("/old", "-d", "a=b", "--as", "rfc"), "301 lets a client change POST to GET (MAY); this one does not."),
        (("/old", "-d", "a=b", "-X", "POST", "--as", "curl"), "-X keeps POST although the body is gone"),
    ],
)
def test_what_ends_or_bends_the_way_is_said(site: ScriptedServer, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in said(f"{site.url}{words[0]}", *words[1:])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "URL: missing"),
        (("ftp://example.com/",), "URL: ftp://example.com/ is not an http or https URL"),
        (("example.com",), "URL: example.com has no scheme; write https://example.com"),
        (("https://me:secret@example.com/",), "URL: leave user and password out of it"),
        (("http://h/", "-H", "Accept"), "-H: 'Accept' has no colon"),
        (("http://h/", "-H", "A: b\r\nC: d"), "-H: 'A: b\\r\\nC: d' holds a line end"),
        (("http://h/", "-H", "A b: c"), "-H: 'A b' is no field name"),
        (("http://h/", "-H", "A:"), "-H: A has no value"),
        (("http://h/", "-H", "Content-Length: 3"), "-H: Content-Length is written anew"),
        (("http://h/", "-X", "PO ST"), "-X: 'PO ST' is no method"),
        (("http://h/", "-X", "CONNECT"), "-X: 'CONNECT' is no method"),
        (("http://h/", "-X", "HEAD", "-d", "a"), "-d: HEAD has no body"),
        (("http://h/", "--as", "firefox"), "--as: 'firefox' is not known; write one of browser, curl, googlebot, rfc"),
        (("http://h/", "--as", "curl", "--compare"), "--as: --compare goes every client's way"),
        (("http://h/", "--as", "googlebot", "-d", "a"), "--as: googlebot asks by GET only"),
        (("http://h/", "--max-redirects", "many"), "--max-redirects: 'many' is not a whole number"),
        (("http://h/", "--timeout", "0"), "--timeout: '0' is not a whole number from 1 up"),
        (("http://h/", "--connect-to", "h"), "--connect-to: 'h' is not HOST:PORT:ADDRESS:PORT"),
        (("http://h/", "--ca-file", "/nowhere"), "--ca-file: cannot read /nowhere"),
    ],
)
def test_a_wrong_input_is_one_line_and_no_request(words: tuple[str, ...], line: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"seoaudit: {line}")
    assert err.count("\n") == 1


def test_a_network_failure_is_a_row_and_exit_code_2(site: ScriptedServer) -> None:
    with ScriptedServer() as server:
        gone = server.url
    code, out, _ = run(f"{gone}/")
    assert code == 2
    assert "no answer (connect)" in out
    assert "Nobody answers at" in " ".join(out.split())
    assert run(f"{gone}/", "--compare")[0] == 2
    code, out, _ = run(f"{site.url}/in", "--connect-to", f"::127.0.0.1:{gone.rpartition(':')[2]}", "--json")
    assert code == 2
    assert json.loads(out)["hops"][0]["error"] == "connect"


@pytest.mark.parametrize("columns", [40, 80, 140])
def test_no_line_is_wider_than_the_terminal(site: ScriptedServer, columns: int) -> None:
    for words in ((), ("--compare",)):
        _, out, _ = run(f"{site.url}/old", "-d", "a=b", *words, columns=columns)
        assert max(map(len, out.splitlines())) <= columns


def test_what_a_server_writes_steers_no_terminal(site: ScriptedServer) -> None:
    _, out, _ = run(f"{site.url}/escape", FORCE_COLOR="")
    assert "\x1b" not in out
    assert "/in?\\x1b[31m" in out


def test_letters_that_the_output_does_not_have_are_escaped(site: ScriptedServer) -> None:
    command = [sys.executable, "-m", "seoaudit", "trace", f"{site.url}/old", "-d", "a=b"]
    sober = {**os.environ, "PYTHONIOENCODING": "latin-1", "COLUMNS": "80"}
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, timeout=60, check=True, env=sober)
    assert b"POST \\u2192 GET" in ran.stdout


def test_colours_are_for_terminals_and_not_where_no_color_is_set(site: ScriptedServer) -> None:
    coloured, plain = "\x1b[33m", "\x1b"
    assert coloured in run(f"{site.url}/old", FORCE_COLOR="1")[1]
    assert coloured not in run(f"{site.url}/old", FORCE_COLOR="1", NO_COLOR="1")[1]
    assert plain not in run(f"{site.url}/old")[1]


def test_a_trace_loads_neither_scrapy_nor_pandas(site: ScriptedServer) -> None:
    code = (
        "import sys; from seoaudit.cli import app; app(standalone_mode=False)\n"
        "print([name for name in ('scrapy', 'twisted', 'pandas', 'duckdb', 'pyarrow') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, "trace", f"{site.url}/meta"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.endswith("[]\n")
