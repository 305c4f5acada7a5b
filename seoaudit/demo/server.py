"""The sample site on loopback: our own small HTTP/1.1 server, because it must also answer badly on purpose."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from concurrent.futures import Future
from contextlib import contextmanager
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
    import ssl
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Iterator

    from seoaudit.demo.site import Site

ADDRESS = "127.0.0.1"
NAMED_HOSTS = (APEX_HOST, WWW_HOST, OLD_HOST, PARTNER_HOST, IDN_HOST)
"""What the good certificate is for."""

MAX_HEAD_BYTES = 2**20
PATIENCE_S = 30.0
"""How long a stalled answer is silent when the client does not give up first."""


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
    """Run the sample site in a thread until the block ends; `seed` shuffles the order of its links.

    Listens on free ports of 127.0.0.1 and nowhere else. Raises OSError when there are none.
    """
    with tempfile.TemporaryDirectory(prefix="seoaudit-demo-") as folder, _closed_port() as closed:
        authority = Authority()
        ca_file = Path(folder) / "ca.pem"
        authority.write(ca_file)
        server = _Server(site.build(seed), _context(authority, Path(folder)))
        with server.running() as (plain, secure):
            yield Demo(
                start=site.START,
                connect_to=",".join(_routes(plain, secure, closed)),
                ca_file=ca_file,
                browse=f"http://{ADDRESS}:{plain}/",
                log=server.log,
            )


def _routes(plain: int, secure: int, closed: int) -> list[str]:
    """Where each host really is, in curl's words; no name of the demo is ever looked up."""
    routes = [f"{host}:80:{ADDRESS}:{plain}" for host in NAMED_HOSTS]
    routes += [f"{host}:443:{ADDRESS}:{secure}" for host in (*NAMED_HOSTS, EXPIRED_HOST, WRONG_NAME_HOST)]
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


class _Server:
    """Answers for a site on two ports, one with TLS."""

    def __init__(self, answers: Site, context: ssl.SSLContext) -> None:
        self.log: list[Request] = []
        self._site = answers
        self._context = context
        self._stop = asyncio.Event()
        self._conversations: dict[asyncio.Task[None] | None, StreamWriter] = {}

    @contextmanager
    def running(self) -> Iterator[tuple[int, int]]:
        """Run in a thread of its own; yields the plain and the TLS port."""
        ports: Future[tuple[int, int]] = Future()
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._run, args=(loop, ports), name="seoaudit-demo", daemon=True)
        thread.start()
        try:
            yield ports.result()
        finally:
            if not ports.exception():
                loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    def _run(self, loop: asyncio.AbstractEventLoop, ports: Future[tuple[int, int]]) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(self._listen(ports))
            except OSError as error:  # no free port: the thread that waits for one shall hear it
                ports.set_exception(error)

    async def _listen(self, ports: Future[tuple[int, int]]) -> None:
        plain = await asyncio.start_server(self._plain, ADDRESS, 0, limit=MAX_HEAD_BYTES)
        secure = await asyncio.start_server(self._secure, ADDRESS, 0, limit=MAX_HEAD_BYTES, ssl=self._context)
        async with plain, secure:
            ports.set_result((plain.sockets[0].getsockname()[1], secure.sockets[0].getsockname()[1]))
            await self._stop.wait()
        for writer in self._conversations.values():
            writer.transport.abort()
        while self._conversations:
            await asyncio.wait([task for task in self._conversations if task])

    async def _plain(self, reader: StreamReader, writer: StreamWriter) -> None:
        await self._converse("http", reader, writer)

    async def _secure(self, reader: StreamReader, writer: StreamWriter) -> None:
        await self._converse("https", reader, writer)

    async def _converse(self, scheme: str, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer request after request on one connection, until either side has had enough."""
        self._conversations[asyncio.current_task()] = writer
        try:
            while request := await _read_request(scheme, reader):
                self.log.append(request)
                answer = self._site.answer(request.url)
                if not await _respond(request, answer, writer):
                    if answer.stalls:
                        await asyncio.wait_for(reader.read(), PATIENCE_S)
                    break
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.LimitOverrunError):
            pass  # the client left, lost patience, or never spoke HTTP
        finally:
            writer.transport.abort()
            del self._conversations[asyncio.current_task()]


async def _read_request(scheme: str, reader: StreamReader) -> Request | None:
    """The next request; None when the client has closed the connection. Bodies are not expected, and not read."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Request(method, _url(scheme, fields.get("host", ""), rest.rpartition(" ")[0]), fields)


def _url(scheme: str, host: str, target: str) -> str:
    """The target URI (RFC 9110, 7.1); a browser that came by address sees the shop."""
    if host.startswith((f"{ADDRESS}:", "localhost:")):
        return f"https://{WWW_HOST}{target}"
    return f"{scheme}://{host}{target}"


async def _respond(request: Request, answer: Answer, writer: StreamWriter) -> bool:
    """Send one answer; whether the connection can serve another."""
    if answer.with_cookie and "cookie" in request.fields:
        answer = answer.with_cookie
    if answer.raw is not None:
        writer.write(answer.raw)
        await writer.drain()
        return False
    if request.method == "HEAD" and answer.refuses_head:
        answer = Answer(url=answer.url, status=405, headers=(("Allow", b"GET"),), body=b"")
    elif request.method not in ("GET", "HEAD"):
        answer = Answer(
            url=answer.url, status=405, headers=(("Allow", b"GET, HEAD"), ("Connection", b"close")), body=b""
        )
    body = answer.body() if callable(answer.body) else answer.body or b""
    writer.write(_head(answer, len(body) * answer.repeat))
    if request.method != "HEAD":
        for _ in range(answer.repeat):
            writer.write(body)
            await writer.drain()
    await writer.drain()
    return request.method in ("GET", "HEAD") and request.fields.get("connection") != "close"


def _head(answer: Answer, length: int) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}".encode()]
    lines += [b"%s: %s" % (name.encode(), value) for name, value in answer.headers]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join([*lines, b"", b""])
