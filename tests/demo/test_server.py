"""The sample site's server sends what the site says, and fails where the site says so."""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
import urllib.request
from typing import TYPE_CHECKING

import pytest

from seoaudit.demo.answers import WWW, Answer
from seoaudit.demo.server import Demo, serve
from seoaudit.demo.site import build
from seoaudit.urls import split

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = build()
WELL_FORMED = [
    answer
    for answer in SITE.answers.values()
    if answer.raw is None and answer.repeat == 1 and answer.truth.error in (None, "robots")
]
TIMEOUT_S = 30.0


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with serve() as running:
        yield running


def connect(demo: Demo, url: str) -> socket.socket:
    """A connection to where `connect_to` says the URL's host is, with TLS verified against the demo's authority."""
    parts = split(url)
    routes = {tuple(route.split(":")[:2]): route.split(":")[2:] for route in demo.connect_to.split(",")}
    address, port = routes[parts.host, parts.port or ("443" if parts.scheme == "https" else "80")]
    connection = socket.create_connection((address, int(port)), TIMEOUT_S)
    if parts.scheme == "http":
        return connection
    context = ssl.create_default_context(cafile=str(demo.ca_file))
    try:
        return context.wrap_socket(connection, server_hostname=parts.host)
    except ssl.SSLError:
        connection.close()
        raise


def ask(demo: Demo, url: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    host, _, target = url.partition("://")[2].partition("/")
    connection = http.client.HTTPConnection(host)
    connection.sock = connect(demo, url)
    try:
        connection.request(method, f"/{target}", headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def bytes_of(demo: Demo, path: str) -> bytes:
    """Everything that comes until the server closes."""
    with connect(demo, WWW + path) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: www.shop.example\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("answer", WELL_FORMED, ids=lambda answer: answer.url)
def test_the_server_sends_the_answer_that_the_site_describes(demo: Demo, answer: Answer) -> None:
    response, body = ask(demo, answer.url)
    sent = [
        (name, value.strip(" \t").encode("latin-1"))
        for name, value in response.getheaders()
        if name != "Content-Length"
    ]
    expected = answer.body() if callable(answer.body) else answer.body
    assert response.status == answer.status
    assert sent == [(name, value.strip(b" \t")) for name, value in answer.headers]
    assert body == (b"" if answer.status == 304 else expected)


def test_head_gets_the_headers_alone(demo: Demo) -> None:
    response, body = ask(demo, f"{WWW}/products/lamp/", "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


def test_a_url_may_refuse_head_and_answer_get(demo: Demo) -> None:
    assert ask(demo, f"{WWW}/assets/old.svg", "HEAD")[0].status == 405
    assert ask(demo, f"{WWW}/assets/old.svg")[0].status == 301


def test_nothing_can_be_posted(demo: Demo) -> None:
    assert ask(demo, f"{WWW}/embedded/contact", "POST")[0].status == 405


def test_a_cookie_opens_the_gate(demo: Demo) -> None:
    assert ask(demo, f"{WWW}/loops/gate")[0].status == 302
    assert ask(demo, f"{WWW}/loops/cookie")[0].headers["Set-Cookie"].startswith("seen=1")
    assert ask(demo, f"{WWW}/loops/gate", Cookie="seen=1")[0].status == 200


def test_two_location_fields_come_as_two(demo: Demo) -> None:
    response, _ = ask(demo, f"{WWW}/location/two")
    assert response.headers.get_all("Location") == ["/products/chair/", "/products/desk/"]


def test_one_connection_serves_many_requests(demo: Demo) -> None:
    connection = http.client.HTTPConnection("www.shop.example")
    connection.sock = connect(demo, f"{WWW}/")
    first = connection.sock
    for path in ("/", "/status/301", "/products/desk/"):
        connection.request("GET", path)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


@pytest.mark.parametrize("path", [answer.href for answer in SITE.answers.values() if answer.raw and not answer.stalls])
def test_a_broken_answer_is_sent_byte_for_byte(demo: Demo, path: str) -> None:
    assert bytes_of(demo, path) == SITE.answers[WWW + path].raw


def test_an_empty_answer_is_a_closed_connection(demo: Demo) -> None:
    assert bytes_of(demo, "/faults/empty") == b""


def test_a_stalled_answer_sends_its_beginning_and_then_nothing(demo: Demo) -> None:
    with connect(demo, f"{WWW}/") as connection:
        connection.sendall(b"GET /faults/stalls HTTP/1.1\r\nHost: www.shop.example\r\n\r\n")
        expected = SITE.answers[f"{WWW}/faults/stalls"].raw
        assert expected
        received = b""
        while len(received) < len(expected):
            received += connection.recv(65536)
        assert received == expected
        connection.setblocking(False)
        with pytest.raises(ssl.SSLWantReadError):
            connection.recv(1)


def test_the_huge_page_is_as_long_as_it_says(demo: Demo) -> None:
    response, body = ask(demo, f"{WWW}/faults/huge")
    assert len(body) == int(response.headers["Content-Length"]) == 50 * 2**20


def test_the_gzip_bomb_is_small_on_the_wire_and_large_when_unpacked(demo: Demo) -> None:
    _, body = ask(demo, f"{WWW}/faults/gzip-bomb")
    assert len(body) < 2**17
    assert len(gzip.decompress(body)) == 64 * 2**20


@pytest.mark.parametrize("host", ["shop.example", "www.shop.example", "old-shop.example", "partner.example"])
def test_every_host_has_a_certificate_that_the_authority_vouches_for(demo: Demo, host: str) -> None:
    with connect(demo, f"https://{host}/"):
        pass


@pytest.mark.parametrize(
    ("host", "reason"),
    [("expired.shop.example", "certificate has expired"), ("wrong-name.example", "Hostname mismatch")],
)
def test_bad_certificates_are_refused_for_their_own_reason(demo: Demo, host: str, reason: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        connect(demo, f"https://{host}/")


def test_nobody_listens_at_the_closed_host(demo: Demo) -> None:
    with pytest.raises(ConnectionRefusedError):
        connect(demo, "https://closed.example/")


def test_a_browser_on_this_machine_sees_the_shop(demo: Demo) -> None:
    with urllib.request.urlopen(demo.browse, timeout=TIMEOUT_S) as response:
        assert b"The Moving Shop" in response.read()


def test_every_route_leads_to_this_machine(demo: Demo) -> None:
    assert {route.split(":")[2] for route in demo.connect_to.split(",")} == {"127.0.0.1"}


def test_the_log_names_what_was_asked_and_how() -> None:
    with serve() as demo:
        ask(demo, f"{WWW}/spellings/order?b=2&a=1", **{"User-Agent": "tester"})
    assert [(request.method, request.url) for request in demo.log] == [("GET", f"{WWW}/spellings/order?b=2&a=1")]
    assert demo.log[0].fields["user-agent"] == "tester"


def test_the_server_and_its_files_are_gone_afterwards() -> None:
    with serve() as demo:
        assert demo.ca_file.exists()
    assert not demo.ca_file.exists()
    with pytest.raises(ConnectionRefusedError):
        connect(demo, "http://shop.example/")


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost", b"\x00" * 2**16])
def test_a_client_that_does_not_finish_its_request_disturbs_nobody(demo: Demo, said: bytes) -> None:
    with connect(demo, "http://shop.example/") as connection:
        connection.sendall(said)
        assert ask(demo, f"{WWW}/")[0].status == 200
    assert ask(demo, f"{WWW}/")[0].status == 200
