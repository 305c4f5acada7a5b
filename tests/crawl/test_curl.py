"""The libcurl download handler asks exactly what it is told, and whatever comes back becomes a response or a closed word."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import warnings
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from scrapy import Request
from scrapy.settings import Settings
from servers import NOT_FOUND, Reply, Scripted, ScriptedServer, answer, redirect

from seoaudit.crawl.curl import CurlDownloadHandler
from seoaudit.crawl.transfer import Unanswered
from seoaudit.demo.certificates import DAY, Authority, _key_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrapy.http import Response

SETTINGS = {
    "USER_AGENT": "seoaudit/test",
    "DOWNLOAD_TIMEOUT": 20,
    "DOWNLOAD_STALL_TIMEOUT": 10,
    "DOWNLOAD_MAXSIZE": 10**6,
}
OK = answer(body="hello")


@dataclass
class Got:
    """How one request ended."""

    response: Response | None
    error: str | None
    meta: dict[str, Any]

    @property
    def status(self) -> int | None:
        return self.response.status if self.response else None

    @property
    def flags(self) -> list[str]:
        return list(self.response.flags) if self.response else []

    @property
    def body(self) -> bytes:
        assert self.response
        return self.response.body

    def values(self, name: str) -> list[bytes]:
        assert self.response
        return self.response.headers.getlist(name)


class Client:
    """A handler without a crawl; the HTTP/1.1 client that it falls back to is not there, and says so."""

    def __init__(self, **settings: Any) -> None:
        crawler: Any = SimpleNamespace(settings=Settings({**SETTINGS, **settings}))
        self.handler = CurlDownloadHandler(crawler)
        self.asked_again: list[str] = []
        self.handler._fallback.download = self._refuse  # type: ignore[method-assign]

    async def _refuse(self, request: Request, _max_bytes: int) -> Response:
        self.asked_again.append(request.url)
        raise ConnectionRefusedError

    async def ask(self, url: str, method: str = "GET", **meta: Any) -> Got:
        request = Request(url, method=method, meta={"verbatim_url": True, **meta})
        try:
            return Got(await self.handler.download_request(request), None, request.meta)
        except Unanswered as unanswered:
            return Got(None, unanswered.error, request.meta)


def ask_all(*urls: str, method: str = "GET", meta: Mapping[str, Any] | None = None, **settings: Any) -> list[Got]:
    """One after another, with one handler."""

    async def run() -> list[Got]:
        client = Client(**settings)
        try:
            return [await client.ask(url, method, **(meta or {})) for url in urls]
        finally:
            await client.handler.close()

    return asyncio.run(run())


def ask_one(scripted: Scripted, method: str = "GET", *, meta: Mapping[str, Any] | None = None, **settings: Any) -> Got:
    """What one scripted answer becomes."""
    with ScriptedServer({"/": scripted}) as server:
        return ask_all(f"{server.url}/", method=method, meta=meta, **settings)[0]


@pytest.mark.parametrize(
    "target",
    [
        "/%5E",
        "/%5e",
        "/a|b",
        "/a[1]",
        "/x?",
        "/x??",
        "/?",
        "//double//slash//",
        "/a;b=c,d",
        "/~x/%7Ex",
        "/caf%C3%A9",
        "/?b=2&a=1",
        "/?q=a+b&r=c%20d",
        "/a%2Fb%2E",
        "/'single'(paren)*!$",
        "/?u=https://other.example/x?y",
        f"/{'long/' * 2000}",
    ],
)
def test_the_request_target_is_the_url_byte_for_byte(target: str) -> None:
    with ScriptedServer({target: OK}) as server:
        assert ask_all(f"{server.url}{target}")[0].status == 200
        assert server.asked[0].target == target


def test_a_request_says_who_asks_and_carries_neither_cookies_nor_a_referer() -> None:
    with ScriptedServer({"/": answer(200, "Set-Cookie: id=1; Path=/")}) as server:
        ask_all(f"{server.url}/", f"{server.url}/")
        for asked in server.asked:
            assert asked.method == "GET"
            assert asked.header("User-Agent") == "seoaudit/test"
            assert asked.host == f"127.0.0.1:{server.port}"
            assert {name for name, _ in asked.headers} == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_headers_that_a_request_names_are_sent() -> None:
    with ScriptedServer({"/": OK}) as server:
        ask_all(f"{server.url}/", meta={"headers": [("Cookie", "a=1; b=2")]})
        assert server.asked[0].header("Cookie") == "a=1; b=2"


def test_the_answer_arrives_whole() -> None:
    got = ask_one(answer(203, "X-A: one", "x-a: two", "X-Empty:", body="hello"))
    assert (got.status, got.body, got.flags) == (203, b"hello", [])
    assert got.values("X-A") == [b"one", b"two"]
    assert got.values("X-Empty") == [b""]
    assert got.response is not None
    assert got.response.protocol == "HTTP/1.1"
    assert got.meta["ip_address"] == "127.0.0.1"
    assert got.meta["body_bytes"] == 5
    assert got.meta["download_latency"] > 0


def test_nothing_is_followed() -> None:
    with ScriptedServer({"/": redirect("/next"), "/next": OK}) as server:
        got = ask_all(f"{server.url}/")[0]
        assert (got.status, got.values("Location")) == (301, [b"/next"])
        assert server.targets() == {"/"}


def test_raw_bytes_in_a_location_arrive_as_they_were_sent() -> None:
    raw = b'/caf\xe9/\xc3\xa9/\xff|<>"` x'
    got = ask_one(b"HTTP/1.1 302 Found\r\nLocation: " + raw + b"\r\nContent-Length: 0\r\n\r\n")
    assert got.values("Location") == [raw]


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399, 418, 599, 999])
def test_every_three_digit_status_is_kept(status: int) -> None:
    assert ask_one(b"HTTP/1.1 %d\r\nContent-Length: 0\r\n\r\n" % status).status == status


def test_interim_answers_are_not_the_answer() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nLocation: /no\r\n\r\n"
    got = ask_one(b"HTTP/1.1 100 Continue\r\n\r\n" + interim + interim + answer(200, "X-Final: yes", body="body"))
    assert (got.status, got.body) == (200, b"body")
    assert got.values("X-Final") == [b"yes"]
    assert not got.values("Link")
    assert not got.values("Location")


def test_trailers_change_nothing() -> None:
    body = b"5\r\nhello\r\n0\r\nLocation: /evil\r\nHTTP/1.1 301 Moved: x\r\nRefresh: 0; /evil\r\n\r\n"
    got = ask_one(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Location\r\n\r\n" + body)
    assert (got.status, got.body, got.flags) == (200, b"hello", [])
    assert not got.values("Location")
    assert not got.values("Refresh")


def test_a_folded_header_is_one_value() -> None:
    got = ask_one(b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n\r\n")
    assert got.values("X-Long")[0].split() == [b"one", b"two", b"three"]


def test_bare_line_feeds_and_a_missing_reason_are_read() -> None:
    got = ask_one(b"HTTP/1.1 301\nLocation: /x\nContent-Length: 0\n\n")
    assert (got.status, got.values("Location"), got.flags) == (301, [b"/x"], [])


def test_a_body_without_length_ends_with_the_connection() -> None:
    got = ask_one(Reply(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nall of it", then="close"))
    assert (got.status, got.body, got.flags) == (200, b"all of it", [])


def test_a_short_body_is_kept_and_flagged() -> None:
    got = ask_one(Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="close"))
    assert (got.status, got.body, got.flags) == (200, b"half", ["reset"])
    assert got.meta["error_detail"]


def test_a_connection_that_breaks_in_the_body_is_flagged() -> None:
    got = ask_one(Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", then="reset"))
    assert (got.status, got.flags) == (200, ["reset"])


def test_a_broken_chunk_is_kept_and_flagged() -> None:
    got = ask_one(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n\r\n")
    assert (got.status, got.body, got.flags) == (200, b"half", ["malformed"])


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 100\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody",
        b"Content-Encoding: nonsense\r\nContent-Length: 4\r\n\r\nbody",
        b"Content-Length: 3000000\r\n\r\n" + b"x" * 3_000_000,
    ],
    ids=["short", "chunk", "not gzip", "unknown coding", "too large"],
)
def test_a_redirect_is_whole_once_its_headers_are(rest: bytes) -> None:
    got = ask_one(Reply(b"HTTP/1.1 308 Moved\r\nLocation: /new\r\n" + rest, then="close"))
    assert (got.status, got.values("Location"), got.flags) == (308, [b"/new"], [])


def test_an_empty_reply_is_a_reset_and_is_asked_once() -> None:
    with ScriptedServer({"/": Reply(then="close")}) as server:
        assert ask_all(f"{server.url}/")[0].error == "reset"
        assert len(server.asked) == 1


def test_a_broken_connection_before_any_byte_is_a_reset() -> None:
    assert ask_one(Reply(then="reset")).error == "reset"


def test_connections_are_kept_and_used_again() -> None:
    with ScriptedServer({"/a": OK, "/b": redirect("/c"), "/c": NOT_FOUND}) as server:
        ask_all(*(f"{server.url}/{name}" for name in "abc"))
        assert [asked.connection for asked in server.asked] == [1, 1, 1]


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_kept_connection_that_died_costs_no_answer(then: str) -> None:
    with ScriptedServer({"/a": Reply(OK, then=then), "/b": OK}) as server:
        assert [got.status for got in ask_all(f"{server.url}/a", f"{server.url}/b")] == [200, 200]
        assert server.counts()["/b"] == 1


def test_a_refused_port_is_a_connect_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert ask_all(f"http://127.0.0.1:{port}/")[0].error == "connect"


def test_an_unknown_host_is_a_dns_error() -> None:
    assert ask_all("http://nobody.invalid/")[0].error == "dns"


def test_a_stalled_answer_is_a_timeout_and_what_came_is_kept() -> None:
    stalls = {
        "/silent": Reply(then="stall"),
        "/body": Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="stall"),
        "/redirect": Reply(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 100\r\n\r\nhalf", then="stall"),
        "/headers": Reply(b"HTTP/1.1 200 OK\r\nX-Half: ", then="stall"),
    }

    async def run(url: str) -> dict[str, Got]:
        client = Client(DOWNLOAD_TIMEOUT=0.3)
        try:
            return dict(zip(stalls, await asyncio.gather(*(client.ask(url + path) for path in stalls)), strict=True))
        finally:
            await client.handler.close()

    with ScriptedServer(stalls) as server:
        got = asyncio.run(run(server.url))
    assert (got["/silent"].error, got["/silent"].status) == ("timeout", None)
    assert (got["/body"].flags, got["/body"].body) == (["timeout"], b"half")
    assert (got["/redirect"].status, got["/redirect"].flags) == (302, [])
    assert (got["/headers"].status, got["/headers"].flags) == (200, ["timeout"])


def test_a_body_past_the_limit_is_cut_and_flagged() -> None:
    got = ask_one(answer(body="x" * 3_000_000))
    assert (got.status, got.flags) == (200, ["too-large"])
    assert len(got.body) <= SETTINGS["DOWNLOAD_MAXSIZE"]


def test_a_request_may_have_a_limit_of_its_own() -> None:
    assert ask_one(answer(body="x" * 3_000_000), meta={"max_bytes": 4_000_000}).flags == []
    assert ask_one(answer(body="x" * 100), meta={"max_bytes": 10}).flags == ["too-large"]


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    got = ask_one(answer(200, "Content-Encoding: gzip", body=bomb))
    assert got.flags == ["too-large"]
    assert len(got.body) <= SETTINGS["DOWNLOAD_MAXSIZE"]


@pytest.mark.parametrize(
    ("coding", "encode"), [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress)]
)
def test_compressed_bodies_are_decoded(coding: str, encode: Any) -> None:
    got = ask_one(answer(200, f"Content-Encoding: {coding}", body=encode(b"hello")))
    assert (got.body, got.flags, got.meta["body_bytes"]) == (b"hello", [], 5)
    assert got.values("Content-Encoding") == [coding.encode()]


def test_a_lying_content_encoding_is_malformed() -> None:
    assert ask_one(answer(200, "Content-Encoding: gzip", body="plain")).flags == ["malformed"]


@pytest.mark.parametrize("coding", ["utf-8", "none", "8bit"])
def test_an_unknown_content_encoding_is_ignored_as_browsers_do(coding: str) -> None:
    got = ask_one(answer(200, f"Content-Encoding: {coding}", body="plain"))
    assert (got.status, got.body, got.flags) == (200, b"plain", [])


def test_head_asks_for_no_body() -> None:
    with ScriptedServer({"/": answer(body="x" * 1000)}) as server:
        got = ask_all(f"{server.url}/", f"{server.url}/", method="HEAD")
        assert [asked.method for asked in server.asked] == ["HEAD", "HEAD"]
        assert [(one.status, one.body, one.flags) for one in got] == [(200, b"", [])] * 2
        assert got[0].values("Content-Length") == [b"1000"]


def test_where_only_headers_are_wanted_the_body_is_left() -> None:
    got = ask_one(answer(body="x" * 3_000_000), meta={"headers_only": True})
    assert (got.status, got.body, got.flags) == (200, b"", [])


def test_connect_to_leads_a_name_elsewhere_and_keeps_it() -> None:
    with ScriptedServer({"www.example.com/x": OK}) as server:
        got = ask_all("http://www.example.com/x", CURL_CONNECT_TO=[server.route("www.example.com")])[0]
        assert got.status == 200
        assert server.asked[0].host == "www.example.com"


def test_a_proxy_of_the_environment_is_only_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    established = b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n"
    with ScriptedServer({"www.example.com:80": established, "/x?": OK}) as server:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        got = ask_all("http://www.example.com/x?")[0]
        assert (got.status, got.body, got.values("X-Proxy")) == (200, b"hello", [])
        assert [asked.target for asked in server.asked] == ["www.example.com:80", "/x?"]


def test_ipv6_hosts_are_asked() -> None:
    try:
        server = ScriptedServer({"/x": OK}, address="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with server:
        assert ask_all(f"{server.url}/x")[0].status == 200
        assert server.asked[0].host == f"[::1]:{server.port}"


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nthis line has no colon\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: nul\0\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"<html>HTTP/0.9</html>",
        b"\x16\x03\x01\x02\x00 not HTTP at all \xff\xff\r\n\r\n",
        b"HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: y\r\n" * 6000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: " + b"y" * 400_000 + b"\r\n\r\n",
    ],
    ids=["locations", "colon", "nul", "lengths", "0.9", "garbage", "zero", "many", "long"],
)
def test_what_libcurl_refuses_another_client_is_asked_for(data: bytes) -> None:
    async def run(url: str) -> tuple[Got, list[str]]:
        client = Client()
        try:
            return await client.ask(url), client.asked_again
        finally:
            await client.handler.close()

    with ScriptedServer({"/": Reply(data, then="close")}) as server:
        got, asked_again = asyncio.run(run(f"{server.url}/"))
    assert asked_again == [f"{server.url}/"]
    if got.status is None:
        assert got.error == "malformed"
    else:  # the other client failed as well: what came stands
        assert data.startswith(b"HTTP/1.1 %d " % got.status)
        assert got.flags == ["malformed"]


@pytest.mark.parametrize("line", [b"HTTP/1.1 99999 Much", b"HTTP/1.1 2x0 OK", b"HTTP/1.1  OK"])
def test_a_status_that_is_none_is_malformed(line: bytes) -> None:
    got = ask_one(Reply(line + b"\r\nContent-Length: 0\r\n\r\n", then="close"))
    assert (got.status, got.error) == (None, "malformed")


def test_closing_ends_what_is_on_its_way() -> None:
    async def run(server: ScriptedServer) -> list[Any]:
        client = Client()
        asking = [asyncio.ensure_future(client.ask(f"{server.url}/{name}")) for name in ("silent", "refused", "ok")]
        assert (await asking[2]).status == 200
        await asyncio.to_thread(server.wait_for, "/silent")
        await client.handler.close()
        return await asyncio.gather(*asking, return_exceptions=True)

    with ScriptedServer({"/silent": Reply(then="stall"), "/refused": Reply(then="close"), "/ok": OK}) as server:
        silent, _, ok = asyncio.run(run(server))
    assert isinstance(silent, asyncio.CancelledError)
    assert ok.status == 200


def test_one_who_stops_waiting_harms_nobody() -> None:
    async def run(server: ScriptedServer) -> Got:
        client = Client()
        waiting = asyncio.ensure_future(client.ask(f"{server.url}/gated"))
        await asyncio.to_thread(server.wait_for, "/gated")
        waiting.cancel()
        server.gate.set()
        got = await client.ask(f"{server.url}/ok")
        await client.handler.close()
        return got

    with ScriptedServer({"/gated": Reply(OK, gate=True), "/ok": OK}) as server:
        assert asyncio.run(run(server)).status == 200


@dataclass(frozen=True)
class Tls:
    context: ssl.SSLContext
    expired: ssl.SSLContext
    ca_file: str


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder: Path = tmp_path_factory.mktemp("tls")
    authority = Authority()
    authority.write(folder / "ca.pem")
    context = authority.context(["example.com"], folder)
    return Tls(context, authority.context(["example.com"], folder, expired=True), str(folder / "ca.pem"))


def ask_tls(context: ssl.SSLContext, *urls: str, **settings: Any) -> list[Got]:
    with ScriptedServer({"/a": OK, "/b": OK}, context=context) as server:
        route = server.route("example.com", "other.example", port=443)
        return ask_all(*urls, CURL_CONNECT_TO=route.split(","), **settings)


def test_a_certificate_of_the_given_authority_is_trusted(tls: Tls) -> None:
    got = ask_tls(tls.context, "https://example.com/a", CURL_CA_FILE=tls.ca_file)[0]
    assert (got.status, got.body, got.meta.get("certificate_error")) == (200, b"hello", None)


def test_every_other_certificate_is_a_tls_error(tls: Tls) -> None:
    assert ask_tls(tls.context, "https://example.com/a")[0].error == "tls"
    assert ask_tls(tls.context, "https://other.example/a", CURL_CA_FILE=tls.ca_file)[0].error == "tls"
    assert ask_tls(tls.expired, "https://example.com/a", CURL_CA_FILE=tls.ca_file)[0].error == "tls"


def test_a_server_that_speaks_no_tls_is_a_tls_error() -> None:
    with ScriptedServer(greeting=b"220 mail.example.com ESMTP\r\n") as server:
        assert ask_all(f"https://127.0.0.1:{server.port}/")[0].error == "tls"


@pytest.mark.parametrize("name", ["unknown authority", "wrong name", "expired"])
def test_insecure_goes_on_and_says_what_is_wrong_every_time(tls: Tls, name: str) -> None:
    host = "other.example" if name == "wrong name" else "example.com"
    context = tls.expired if name == "expired" else tls.context
    settings = {} if name == "unknown authority" else {"CURL_CA_FILE": tls.ca_file}
    got = ask_tls(context, f"https://{host}/a", f"https://{host}/b", CURL_INSECURE=True, **settings)
    assert [one.status for one in got] == [200, 200]
    assert all(one.meta["certificate_error"] for one in got)


def test_insecure_says_nothing_of_a_good_certificate(tls: Tls) -> None:
    got = ask_tls(tls.context, "https://example.com/a", CURL_CA_FILE=tls.ca_file, CURL_INSECURE=True)[0]
    assert (got.status, got.meta.get("certificate_error")) == (200, None)


def sentence(scripted: ScriptedServer, url: str, **settings: Any) -> tuple[str, str]:
    """The closed word and the sentence for a URL of example.com that could not be asked."""

    async def run() -> tuple[str, str]:
        routes = [f"{host}:{port}:127.0.0.1:{scripted.port}" for host in NAMES for port in (80, 443)]
        client = Client(CURL_CONNECT_TO=routes, **settings)
        try:
            await client.handler.download_request(Request(url, meta={"verbatim_url": True}))
        except Unanswered as unanswered:
            return unanswered.error, unanswered.detail
        finally:
            await client.handler.close()
        raise AssertionError("it was answered")

    with scripted:
        return asyncio.run(run())


NAMES = ("example.com", "other.example")


def test_what_is_wrong_with_tls_is_said_in_plain_words(tls: Tls, tmp_path: Path) -> None:
    def said(context: ssl.SSLContext, host: str = "example.com", ca_file: str | None = tls.ca_file) -> str:
        word, detail = sentence(ScriptedServer(context=context), f"https://{host}/", CURL_CA_FILE=ca_file)
        assert word == "tls"
        return detail.partition(" (")[0]

    assert said(tls.expired) == "the certificate has expired"
    assert said(tls.context, "other.example") == "the certificate is for other names than this one"
    assert said(_by_itself(tmp_path), ca_file=None) == "the certificate is signed by itself, by no authority"
    assert said(tls.context, ca_file=None).startswith("the certificate's authority is not trusted")
    assert said(_tls_1_0(tmp_path)).startswith("the server speaks no version of TLS that is still accepted")


def _by_itself(folder: Path) -> ssl.SSLContext:
    authority = Authority()
    names = x509.SubjectAlternativeName([x509.DNSName("example.com")])
    unsigned = authority._unsigned(authority._name, authority._key.public_key(), datetime.now(UTC) + DAY)
    authority.certificate = unsigned.add_extension(names, critical=False).sign(authority._key, hashes.SHA256())
    authority.write(folder / "by-itself.crt")
    (folder / "by-itself.key").write_bytes(_key_bytes(authority._key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "by-itself.crt", folder / "by-itself.key")
    return context


def _tls_1_0(folder: Path) -> ssl.SSLContext:
    context = Authority().context(["example.com"], folder)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # Python calls it old, which is the point
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    return context


def test_http_on_the_port_for_tls_and_tls_on_the_port_for_http_are_said_in_plain_words(tls: Tls) -> None:
    refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    word, detail = sentence(ScriptedServer(greeting=refusal), "https://example.com/")
    assert (word, detail.partition(" (")[0]) == ("tls", "the server speaks no TLS on this port, perhaps plain HTTP")
    alert = b"\x15\x03\x01\x00\x02\x02\x46"  # protocol_version, as OpenSSL says it to a request in the clear
    word, detail = sentence(ScriptedServer({"/": Reply(alert, "close")}), "http://example.com/")
    assert word == "malformed"
    assert detail.startswith("no HTTP came: the port may speak another protocol, TLS perhaps")
    word, detail = sentence(ScriptedServer(context=tls.context), "http://example.com/")
    assert word == "reset"


@pytest.mark.parametrize("status", [100, 102, 103])
@pytest.mark.parametrize("then", ["close", "reset"])
def test_an_interim_answer_alone_is_no_answer(status: int, then: str) -> None:
    server = ScriptedServer({"/": Reply(b"HTTP/1.1 %d Wait\r\n\r\n" % status, then)})
    word, detail = sentence(server, "http://example.com/")
    assert word == "reset"
    assert detail.startswith(f"only an interim answer ({status}) came, and then the connection ended")


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("OPTIONS", 2), ("POST", 1)])
def test_what_is_sent_as_a_post_is_sent_once(method: str, times: int) -> None:
    """A kept connection that dies is tried once more, but not for what may have been done already."""
    replies = iter([Reply(OK), Reply(b"", "reset")])
    with ScriptedServer({"/": lambda _: next(replies, Reply(OK))}) as server:

        async def run() -> Got:
            client = Client()
            try:
                await client.ask(f"{server.url}/")
                return await client.ask(f"{server.url}/", method)
            finally:
                await client.handler.close()

        got = asyncio.run(run())
        asked = [asked.method for asked in server.asked]
    assert asked == ["GET", *[method] * times]
    assert (got.status, got.error) == ((200, None) if times == 2 else (None, "reset"))
