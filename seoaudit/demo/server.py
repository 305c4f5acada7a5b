"""The sample site on loopback: our own small HTTP/1.1 server, because it must also answer badly on purpose."""

from __future__ import annotations

import socket
import socketserver
import ssl
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from typing import TYPE_CHECKING

from seoaudit.demo import site
from seoaudit.demo.answers import (
    APEX_HOST,
    CLOSED_HOST,
    EXPIRED_HOST,
    IDN_HOST,
    INTRANET_HOST,
    OLD_HOST,
    PARTNER_HOST,
    WRONG_NAME_HOST,
    WWW_HOST,
    Answer,
)
from seoaudit.demo.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.demo.site import Site

ADDRESS = "127.0.0.1"
NAMED_HOSTS = (APEX_HOST, WWW_HOST, OLD_HOST, PARTNER_HOST, IDN_HOST)
"""What the good certificate is for."""

MAX_LINE_BYTES = 2**16
PATIENCE_S = 30.0
"""How long a stalled answer is silent when the client does not give up first."""

POLL_S = 0.02
"""How soon the server notices that it shall stop."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came in: its method, its URL as named, and its header fields, names in lower case."""

    method: str
    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running sample site: what an audit needs to reach it, and what it was asked so far.

    `start` and `connect_to` are spider arguments, `ca_file` too; `browse` shows the site to a browser on this machine.
    """

    start: str
    connect_to: str
    ca_file: Path
    browse: str
    log: list[Request] = field(default_factory=list)


@contextmanager
def serve(seed: int = 0) -> Iterator[Demo]:
    """Run the sample site in threads until the block ends; `seed` shuffles the order of its links.

    Listens on free ports of 127.0.0.1 and nowhere else. Raises OSError when there are none.
    """
    with tempfile.TemporaryDirectory(prefix="seoaudit-demo-") as folder, _closed_port() as closed:
        authority = Authority()
        ca_file = Path(folder) / "ca.pem"
        authority.write(ca_file)
        answers, log = site.build(seed), list[Request]()
        context = _context(authority, Path(folder))
        with _Port(answers, log).running() as plain, _Port(answers, log, context).running() as secure:
            yield Demo(
                start=site.START,
                connect_to=",".join(_routes(plain, secure, closed)),
                ca_file=ca_file,
                browse=f"http://{ADDRESS}:{plain}/",
                log=log,
            )


def _routes(plain: int, secure: int, closed: int) -> list[str]:
    """Where each host really is, in curl's words; no name of the demo is ever looked up."""
    routes = [f"{host}:80:{ADDRESS}:{plain}" for host in NAMED_HOSTS]
    routes += [f"{host}:443:{ADDRESS}:{secure}" for host in (*NAMED_HOSTS, EXPIRED_HOST, WRONG_NAME_HOST)]
    routes += [f"{WWW_HOST}:8443:{ADDRESS}:{secure}"]
    return [*routes, f"{INTRANET_HOST}:8080:{ADDRESS}:{plain}", f"{CLOSED_HOST}:443:{ADDRESS}:{closed}"]


def _context(authority: Authority, folder: Path) -> ssl.SSLContext:
    good = authority.context(NAMED_HOSTS, folder)
    expired = authority.context([EXPIRED_HOST], folder, expired=True)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = expired if name == EXPIRED_HOST else good

    good.sni_callback = choose
    return good


@contextmanager
def _closed_port() -> Iterator[int]:
    """A port that is taken, and where nobody listens."""
    with socket.socket() as taken:
        taken.bind((ADDRESS, 0))
        yield taken.getsockname()[1]


class _Port(socketserver.ThreadingTCPServer):
    """Answers for a site on one port, a thread a connection; with a context it speaks TLS.

    Threads rather than an event loop: closing a TLS connection from outside is one call on a socket, and half an answer
    needs no more than `sendall`.
    """

    request_queue_size = 128

    def __init__(self, answers: Site, log: list[Request], context: ssl.SSLContext | None = None) -> None:
        super().__init__((ADDRESS, 0), _Conversation)
        self.site = answers
        self.log = log
        self.scheme = "https" if context else "http"
        self._context = context
        self._open: set[socket.socket] = set()

    @contextmanager
    def running(self) -> Iterator[int]:
        """Serve until the block ends, and then hang up on everybody; yields the port."""
        thread = threading.Thread(target=self.serve_forever, args=(POLL_S,), name=f"demo-{self.scheme}")
        thread.start()
        try:
            yield self.server_address[1]
        finally:
            self.shutdown()
            for connection in list(self._open):
                with suppress(OSError):  # it ended by itself
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)  # under TLS as well
            self.server_close()
            thread.join()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection; it shakes hands in its own thread."""
        connection, address = super().get_request()
        if self._context:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]  # ours are stream sockets
        """Close a connection so that the client can tell an end from a break (RFC 8446, 6.1)."""
        if isinstance(request, ssl.SSLSocket):
            request.setblocking(False)
            with suppress(OSError):  # the client's own farewell is not waited for
                request.unwrap()
        self._open.discard(request)
        super().shutdown_request(request)


class _Conversation(socketserver.StreamRequestHandler):
    """One connection: request after request, until either side has had enough."""

    server: _Port
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(OSError):  # the client left, lost patience, or does not trust the certificate
            if isinstance(self.connection, ssl.SSLSocket):
                self.connection.do_handshake()
            while request := self._read():
                self.server.log.append(request)
                if not self._respond(request, self.server.site.answer(request.url)):
                    return

    def _read(self) -> Request | None:
        """The next request; None when the client has closed the connection. Bodies are not expected, and not read."""
        lines = list(iter(lambda: self.rfile.readline(MAX_LINE_BYTES).decode("latin-1").rstrip("\r\n"), ""))
        if not lines:
            return None
        method, _, rest = lines[0].partition(" ")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        return Request(method, _url(self.server.scheme, fields.get("host", ""), rest.rpartition(" ")[0]), fields)

    def _respond(self, request: Request, answer: Answer) -> bool:
        """Send one answer; whether the connection can serve another."""
        if answer.with_cookie and "cookie" in request.fields:
            answer = answer.with_cookie
        if answer.raw is not None:
            self._send_raw(answer)
            return False
        if request.method not in ("GET", "HEAD") or (request.method == "HEAD" and answer.refuses_head):
            answer = Answer(url=answer.url, status=405, headers=(("Allow", b"GET"),), body=b"")
        body = answer.body() if callable(answer.body) else answer.body or b""
        self.wfile.write(_head(answer, len(body) * answer.repeat))
        for _ in range(0 if request.method == "HEAD" else answer.repeat):
            self.wfile.write(body)
        return request.method in ("GET", "HEAD") and request.fields.get("connection") != "close"

    def _send_raw(self, answer: Answer) -> None:
        """Send these bytes and nothing more; a stalled answer leaves the client waiting for the rest."""
        self.wfile.write(answer.raw or b"")
        if answer.stalls:
            self.connection.settimeout(PATIENCE_S)
            self.rfile.read(1)


def _url(scheme: str, host: str, target: str) -> str:
    """The target URI (RFC 9110, 7.1); a browser that came by address sees the shop."""
    if host.startswith((f"{ADDRESS}:", "localhost:")):
        return f"https://{WWW_HOST}{target}"
    return f"{scheme}://{host}{target}"


def _head(answer: Answer, length: int) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}".encode()]
    lines += [b"%s: %s" % (name.encode(), value) for name, value in answer.headers]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join([*lines, b"", b""])
