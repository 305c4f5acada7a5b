"""nginx, Apache, PHP, Express, Flask and Next.js, run for real: what they answer, and that a crawl and a trace say the same.

Whatever they redirect to elsewhere is led to a port of this machine that refuses connections.
"""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from audits import Audit, crawl, seoaudit
from expectations import Expected, methods, read_table
from programs import HERE, NGINX_NAMES, SERVERS, reserved_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TABLE = read_table()
BODY = "a=1"
FORM = "application/x-www-form-urlencoded"
LOOPBACK = {None, "127.0.0.1"}


@dataclass(frozen=True)
class Running:
    """One of the servers, and the `connect_to` under which nothing else is reached."""

    name: str
    port: int
    connect_to: str


def cases(*with_methods: str) -> pytest.MarkDecorator:
    """For every request of the table with one of these methods; all without."""
    rows = [row for row in TABLE if not with_methods or row.method in with_methods]
    return pytest.mark.parametrize(
        "expected", [pytest.param(row, marks=marks(row.server), id=str(row)) for row in rows]
    )


def marks(name: str) -> list[pytest.MarkDecorator]:
    program = SERVERS[name].program
    return [pytest.mark.server(program)] if program else []


@pytest.fixture(scope="module")
def running(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Running]]:
    """Starts a server, when it is first asked for; all of them end with the module."""
    with ExitStack() as ends:

        @cache
        def start(name: str) -> Running:
            server = SERVERS[name]
            folder = tmp_path_factory.mktemp(name)
            if server.build:
                kept: pytest.Cache | None = getattr(pytestconfig, "cache", None)
                folder = server.build(kept.mkdir(name) if kept else folder)
            port = ends.enter_context(server.start(folder))
            closed = ends.enter_context(reserved_port())
            here = [*(f"{host}:80" for host in NGINX_NAMES if name == "nginx"), f"127.0.0.1:{port}"]
            return Running(
                name, port, ",".join([*(f"{place}:127.0.0.1:{port}" for place in here), f"::127.0.0.1:{closed}"])
            )

        def start_or_skip(name: str) -> Running:
            if command := SERVERS[name].missing():
                pytest.skip(f"needs its libraries: {command}")
            return start(name)

        yield start_or_skip


@pytest.fixture(scope="module")
def crawled(running: Callable[[str], Running], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Audit]:
    """The audit of a list: every URL of a server that the table has."""

    @cache
    def crawl_list(name: str) -> Audit:
        server = running(name)
        folder = tmp_path_factory.mktemp("crawl")
        listed = dict.fromkeys(row.at(server.port) for row in TABLE if row.server == name)
        (folder / "urls.txt").write_text("\n".join(listed), encoding="utf-8")
        return crawl(folder, urls="urls.txt", robots="ignore", connect_to=server.connect_to)

    return crawl_list


def trace(server: Running, expected: Expected, folder: Path) -> dict[str, Any]:
    """What `seoaudit trace --json` says of a request of the table, as a browser makes it."""
    body = ("-d", BODY) if expected.method == "POST" else ()
    routes = [word for route in server.connect_to.split(",") for word in ("--connect-to", route)]
    said = seoaudit(folder, "trace", expected.at(server.port), "-X", expected.method, *body, *routes, "--json")
    assert said.out, said.err
    facts: dict[str, Any] = json.loads(said.out)
    return facts


def test_the_table_asks_each_server_for_each_url_with_get_post_and_head() -> None:
    with_methods: dict[tuple[str, str], set[str]] = {}
    for row in TABLE:
        with_methods.setdefault((row.server, row.url), set()).add(row.method)
    assert all(found >= {"GET", "POST", "HEAD"} for found in with_methods.values())
    assert {server for server, _ in with_methods} == set(SERVERS)
    assert len({(row.server, row.url, row.method) for row in TABLE}) == len(TABLE) == 135


@cases()
def test_a_server_answers_as_the_table_says(running: Callable[[str], Running], expected: Expected) -> None:
    port = running(expected.server).port
    url = urlsplit(expected.at(port))
    body, headers = (BODY, {"Content-Type": FORM}) if expected.method in ("POST", "PUT") else (None, {})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        target = url._replace(scheme="", netloc="").geturl()
        connection.request(expected.method, target, body, {"Host": url.netloc, **headers})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    found = answer.status, answer.getheader("Location"), methods(answer.getheader("Allow"))
    assert found == (expected.status, expected.location_at(port), expected.allow)


@cases("GET")
def test_a_crawl_writes_down_what_the_server_answers(
    running: Callable[[str], Running], crawled: Callable[[str], Audit], expected: Expected
) -> None:
    port = running(expected.server).port
    row = crawled(expected.server).rows[expected.at(port)]
    found = row["method"], row["status"], row["location"], methods(row["allow"])
    assert found == ("GET", expected.status, expected.location_at(port), expected.allow)
    assert row["error"] is None


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in SERVERS])
def test_a_crawl_of_a_server_reaches_nothing_else(
    running: Callable[[str], Running], crawled: Callable[[str], Audit], name: str
) -> None:
    audit = crawled(name)
    assert audit.exit_code == 0
    hosts = NGINX_NAMES if name == "nginx" else (f"127.0.0.1:{running(name).port}",)
    of_the_server = {url for url in audit.rows if url.split("/")[0] == "http:" and url.split("/")[2] in hosts}
    elsewhere = audit.rows.keys() - of_the_server
    assert {audit.rows[url]["ip_address"] for url in of_the_server} == {"127.0.0.1"}
    assert {audit.rows[url]["ip_address"] for url in elsewhere} <= LOOPBACK
    assert {audit.rows[url]["error"] for url in elsewhere} <= {"connect", "tls"}


@cases("GET", "POST")
def test_a_trace_tells_what_the_server_answers_and_what_a_browser_makes_of_it(
    running: Callable[[str], Running], expected: Expected, tmp_path: Path
) -> None:
    server = running(expected.server)
    hops = trace(server, expected, tmp_path)["hops"]
    found = hops[0]["method"], hops[0]["status"], hops[0]["location"]
    assert found == (expected.method, expected.status, expected.location_at(server.port))
    following = None if expected.location is None else "GET" if expected.status == 302 else expected.method
    assert hops[0]["next_method"] == following
    assert {hop["ip_address"] for hop in hops} <= LOOPBACK


@pytest.mark.parametrize("name", ["express", "next", "../render/axe"])
def test_an_npm_lock_holds_every_package_by_a_hash_and_names_no_registry(name: str) -> None:
    lock = json.loads((HERE / name / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert [package for package in packages if not package.get("integrity", "").startswith("sha512-")] == []
    assert [package for package in packages if "resolved" in package] == []
