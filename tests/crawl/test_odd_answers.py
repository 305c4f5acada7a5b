"""Whatever a server sends, every URL ends as one row, the same whatever the speed, and the crawl goes on."""

from __future__ import annotations

import gzip
import socket
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from audits import Audit, audit
from servers import Asked, Reply, Scripted, ScriptedServer, answer, page, redirect

LONG = f"/{'l' * 3_000_000}"
REFUSED = "http://127.0.0.1:{refused}/gone"


def raw(text: bytes, then: str = "keep") -> Reply:
    return Reply(text, then)


def located(*lines: bytes, status: bytes = b"302 Found", then: str = "keep", length: bool = True) -> Reply:
    headers = b"".join(line + b"\r\n" for line in lines) + (b"Content-Length: 0\r\n" if length else b"")
    return raw(b"HTTP/1.1 " + status + b"\r\n" + headers + b"\r\n", then)


ODD: dict[str, tuple[Scripted, dict[str, Any]]] = {
    # What libcurl refuses and the HTTP/1.1 client reads.
    "/two-locations": (
        located(b"Location: /a", b"Location: /b"),
        {"status": 302, "location": "/a\n/b", "location_count": 2, "mechanism": None},
    ),
    "/two-equal-locations": (
        located(b"Location: /ok", b"location: /ok"),
        {"status": 302, "location_count": 2, "mechanism": "location"},
    ),
    "/two-locations-no-length": (
        located(b"Location: /a", b"Location: /b", then="close", length=False),
        {"status": 302, "location_count": 2, "error": None},
    ),
    "/many-locations": (located(*[b"Location: /%d" % n for n in range(4000)]), {"status": 302, "location_count": 1000}),
    "/colonless": (
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nno colon here\r\nContent-Length: 28\r\n\r\n<a href=/found-there>x</a>  \n"
        ),
        {"status": 200, "error": None},
    ),
    "/colonless-redirect": (located(b"no colon here", b"Location: /ok"), {"status": 302, "mechanism": "location"}),
    # What no client reads.
    "/http-0.9": (raw(b"<html><a href=/never>0.9</a>", "close"), {"status": None, "error": "malformed"}),
    "/garbage": (raw(b"\0\1\2\3 SSH-2.0-OpenSSH\r\n\r\n", "close"), {"status": None, "error": "malformed"}),
    "/status-99999": (
        raw(b"HTTP/1.1 99999 Much\r\nContent-Length: 0\r\n\r\n", "close"),
        {"status": None, "error": "malformed"},
    ),
    "/status-000": (
        raw(b"HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n", "close"),
        {"status": None, "error": "malformed"},
    ),
    "/empty": (raw(b"", "close"), {"status": None, "error": "reset"}),
    "/reset": (raw(b"", "reset"), {"status": None, "error": "reset"}),
    # Bodies.
    "/short": (
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<a href=/in-short>x</a>", "close"
        ),
        {"status": 200, "error": "reset"},
    ),
    "/broken-chunk": (
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a h\r\nzz\r\n",
            "close",
        ),
        {"status": 200, "error": "malformed"},
    ),
    "/stalled": (
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<a href=/in-stalled>x</a>",
            "stall",
        ),
        {"status": 200, "error": "timeout"},
    ),
    "/stalled-redirect": (
        raw(b"HTTP/1.1 301 Moved\r\nLocation: /ok\r\nContent-Length: 999\r\n\r\nhalf", "stall"),
        {"status": 301, "error": None, "mechanism": "location"},
    ),
    "/silent": (raw(b"", "stall"), {"status": None, "error": "timeout"}),
    "/fifty-megabytes": (
        answer(body=b"<a href=/in-fifty-megabytes>x</a>" + b"x" * 50_000_000),
        {"status": 200, "error": "too-large", "media_type": "text/html"},
    ),
    "/gzip-bomb": (
        answer(200, "Content-Encoding: gzip", body=gzip.compress(b"<a href=/in-gzip-bomb>x</a>" + b" " * 80_000_000)),
        {"status": 200, "error": "too-large"},
    ),
    "/gzip-lie": (answer(200, "Content-Encoding: gzip", body="plain"), {"status": 200, "error": "malformed"}),
    "/gzip-lie-redirect": (
        answer(301, "Location: /ok", "Content-Encoding: gzip", body="plain"),
        {"status": 301, "error": None},
    ),
    "/coding-unknown": (
        answer(200, "Content-Encoding: utf-8", body="<a href=/in-coding-unknown>x</a>"),
        {"error": None},
    ),
    "/many-links": (
        page(*(f"/left-out/{number}" for number in range(10_000))),
        {"status": 200, "title": "A page", "error": None},
    ),
    "/deep": (answer(body="<div>" * 50_000 + "<a href=/in-deep>x</a>"), {"status": 200, "error": None}),
    # Encodings.
    "/latin-1": (
        answer(
            200,
            "Content-Type: text/html; charset=iso-8859-1",
            body="<title>Über</title><a href='/caf\xe9'>x</a>".encode("latin-1"),
        ),
        {"title": "Über"},
    ),
    "/bad-utf-8": (
        answer(200, "Content-Type: text/html; charset=utf-8", body=b"<title>a\xff\xfe\xe9b</title>"),
        {"title": "a\ufffd\ufffd\ufffdb"},
    ),
    "/odd-charset": (
        answer(200, "Content-Type: text/html; charset=punycode", body="<title>x-</title>"),
        {"title": "x-"},
    ),
    "/surrogates": (answer(body=b"<title>\xed\xa0\x80&#xd800;</title>"), {"status": 200}),
    "/nul": (answer(body=b"<title>a\0b</title><a href='/nu\0l'>x</a>"), {"status": 200}),
    # Locations.
    "/raw-location": (
        located(b"Location: /caf\xe9/\xc3\xa9"),
        {"location_url": "/caf%E9/%C3%A9", "mechanism": "location"},
    ),
    "/no-location": (located(), {"status": 302, "location": None, "location_count": 0, "mechanism": None}),
    "/empty-location": (located(b"Location:"), {"status": 302, "location": "", "location_count": 1, "mechanism": None}),
    "/script-location": (redirect("javascript:alert(1)"), {"mechanism": None, "location": "javascript:alert(1)"}),
    "/bad-port": (redirect("http://127.0.0.1:99999/"), {"mechanism": None}),
    "/bad-host": (redirect("http://[::1/x"), {"mechanism": None}),
    "/backslash": (redirect("/\\127.0.0.1:1/x"), {"location_url": "http://127.0.0.1:1/x"}),
    "/dead-host": (redirect("http://nobody.invalid/"), {"mechanism": "location"}),
    "/refused": (redirect(REFUSED), {"mechanism": "location"}),
    "/status-300": (answer(300, "Location: /ok", body="<a href=/in-300>x</a>"), {"status": 300, "mechanism": None}),
    "/status-304": (raw(b"HTTP/1.1 304 Not Modified\r\nLocation: /ok\r\n\r\n"), {"status": 304, "mechanism": None}),
    "/status-305": (answer(305, "Location: /ok"), {"status": 305, "mechanism": None}),
    "/status-306": (answer(306, "Location: /ok"), {"status": 306, "mechanism": None}),
    "/status-999": (answer(999), {"status": 999}),
    # Loops and chains.
    "/self": (redirect("/self"), {"location_url": "/self", "mechanism": "location"}),
    "/loop-a": (redirect("/loop-b"), {"mechanism": "location"}),
    "/loop-b": (redirect("/loop-c"), {"mechanism": "location"}),
    "/loop-c": (redirect("/loop-a"), {"mechanism": "location"}),
    "/tail": (redirect("/loop-b"), {"mechanism": "location"}),
    "/shared-1": (redirect("/shared-end"), {"mechanism": "location"}),
    "/shared-2": (redirect("/shared-end"), {"mechanism": "location"}),
    "/set-cookie": (answer(302, "Location: /check-cookie", "Set-Cookie: seen=1; Path=/"), {"set_cookie_names": "seen"}),
    "/check-cookie": (
        lambda asked: page() if asked.header("Cookie") == "seen=1" else redirect("/set-cookie", 302),
        {"mechanism": "location", "location_url": "/set-cookie"},
    ),
    "/next-style": (
        answer(308, "Location: /ok", "Refresh: 0;url=/ok"),
        {"mechanism": "location", "location_url": "/ok"},
    ),
    # Spellings that are not the same URL.
    "/spelling?": (answer(body="with"), {"status": 200}),
    "/spelling": (answer(body="without"), {"status": 200}),
    "/%5E": (answer(), {"status": 200}),
    "/%5e": (redirect("/%5E"), {"status": 301}),
    "/?b=2&a=1": (redirect("/?a=1&b=2"), {"location_url": "/?a=1&b=2"}),
    "/?a=1&b=2": (answer(), {"status": 200}),
    "/pipe|[x]": (answer(), {"status": 200}),
    "//double": (redirect("/double"), {"location_url": "/double"}),
    "/double": (answer(), {"status": 200}),
    "/ok": (page(), {"status": 200}),
    "/%252F%2e%7Ex": (answer(), {"status": 200}),
    LONG: (answer(414), {"status": 414}),
}
FOUND_INSIDE = {
    "/found-there",
    "/in-short",
    "/in-stalled",
    "/in-fifty-megabytes",
    "/in-gzip-bomb",
    "/in-coding-unknown",
    "/in-deep",
    "/in-300",
    "/caf%C3%A9",
    "/nu%EF%BF%BDl",
}
FROM_TARGETS = {"/caf%E9/%C3%A9", "/shared-end"}
READ_BY_ANOTHER_CLIENT = {
    "/two-locations",
    "/two-locations-no-length",
    "/many-locations",
    "/colonless",
    "/colonless-redirect",
    "/http-0.9",
    "/garbage",
    "/status-000",
    "/coding-unknown",
}


@dataclass(frozen=True)
class Odd:
    """One audit of the odd site, and what its server was asked."""

    audit: Audit
    asked: list[Asked]
    root: str

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows of the site by path."""
        return {url.removeprefix(self.root): row for url, row in self.audit.rows.items() if url.startswith(self.root)}


@pytest.fixture(scope="module")
def odd_audits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Odd]:
    """The same site with one request at a time and with sixteen."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        refused = listener.getsockname()[1]
    settings = {"DOWNLOAD_STALL_TIMEOUT": "2", "DOWNLOAD_TIMEOUT": "2"}
    found = {}
    with ScriptedServer({path: scripted for path, (scripted, _) in ODD.items()}) as server:
        server.answers["/refused"] = redirect(REFUSED.format(refused=refused))
        server.answers["/"] = page(*(server.url + path.replace("&", "&amp;") for path in ODD))
        for concurrency in ("1", "16"):
            server.asked.clear()
            folder = tmp_path_factory.mktemp("odd")
            done = audit(folder, f"{server.url}/", settings=settings, exclude="/left-out/", concurrency=concurrency)
            found[concurrency] = Odd(done, list(server.asked), server.url)
    return found


@pytest.fixture(params=["1", "16"], ids=["one at a time", "sixteen at a time"])
def odd(request: pytest.FixtureRequest, odd_audits: dict[str, Odd]) -> Odd:
    return odd_audits[request.param]


def test_the_audit_ends_well_with_both_reports(odd: Odd) -> None:
    found = odd.audit
    assert "Traceback" not in found.err
    assert (found.exit_code, found.info.state) == (0, "finished")
    assert found.folder.html.stat().st_size > 0
    assert found.folder.workbook.stat().st_size > 0


@pytest.mark.parametrize("path", ODD, ids=[path[:30] for path in ODD])
def test_each_odd_answer_is_one_row(odd: Odd, path: str) -> None:
    row = odd.rows[path]
    expected = dict(ODD[path][1])
    if str(expected.get("location_url")).startswith("/"):
        expected["location_url"] = odd.root + expected["location_url"]
    assert {name: row[name] for name in expected} == expected


def test_nothing_else_is_a_row_and_nothing_is_lost(odd: Odd) -> None:
    assert set(odd.rows) == {*ODD, "/", "/robots.txt", "/sitemap.xml", *FOUND_INSIDE, *FROM_TARGETS}
    assert odd.audit.info.urls_left == 0
    assert odd.audit.info.urls_requested == len(odd.audit.rows)


def test_each_url_is_asked_once(odd: Odd) -> None:
    """But for the second pass, for what may pass, and where another client or another coding is needed to read it at all."""
    again = {url.removeprefix(odd.root) for walk in odd.audit.table("rewalks") for url in walk["url_list"]}
    twice = {target for target, count in Counter(asked.target for asked in odd.asked).items() if count > 1}
    retried = {url.removeprefix(odd.root) for url, row in odd.audit.rows.items() if row["in_scope"] and row["retries"]}
    assert retried == {"/silent", "/empty", "/reset"}
    assert twice - again - retried == READ_BY_ANOTHER_CLIENT


def test_no_request_carries_a_referer_or_cookies_but_those_of_the_second_pass(odd: Odd) -> None:
    assert {asked.header("Referer") for asked in odd.asked} == {None}
    assert {asked.target for asked in odd.asked if asked.header("Cookie")} == {"/check-cookie"}
    walks = {walk["requested_url"].removeprefix(odd.root): walk["outcome"] for walk in odd.audit.table("rewalks")}
    assert walks["/self"] == "loop"
    assert [outcome for path, outcome in walks.items() if "loop" in path or path == "/tail"] == ["loop"]
    assert [outcome for path, outcome in walks.items() if "cookie" in path] == ["ok"]


def test_targets_outside_are_rows_with_their_errors(odd: Odd) -> None:
    outside = {
        url: row for url, row in odd.audit.rows.items() if not row["in_scope"] and not url.endswith("robots.txt")
    }
    assert outside["http://nobody.invalid/"]["error"] == "dns"
    assert {row["error"] for row in outside.values()} == {"dns", "connect"}
    assert {row["method"] for row in outside.values()} == {"HEAD"}


def test_ten_thousand_links_are_ten_thousand_mentions(odd: Odd) -> None:
    source = f"{odd.root}/many-links"
    assert sum(link["source"] == source for link in odd.audit.table("links")) == 10_000
    assert odd.audit.limits()["exclude"] == 10_000


def test_the_rows_are_the_same_whatever_the_speed(odd_audits: dict[str, Odd]) -> None:
    measured = {"latency_ms", "fetched_at", "depth", "hops", "body_bytes", "error_detail"}
    slow, fast = (
        {path: {name: value for name, value in row.items() if name not in measured} for path, row in odd.rows.items()}
        for odd in odd_audits.values()
    )
    assert slow == fast
    mentions = [sorted(map(str, odd.audit.table("links"))) for odd in odd_audits.values()]
    assert mentions[0] == mentions[1]
