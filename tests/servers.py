"""A server on loopback that sends exactly the bytes a test scripts, however wrong, and remembers what it was asked."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Asked:
    """One request as it arrived, at a moment of the monotonic clock."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    connection: int
    at: float = 0.0
    body: bytes = b""

    @property
    def host(self) -> str:
        return self.header("Host") or ""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Reply:
    """Bytes to send, and what then happens to the connection.

    `keep` it for the next request, `close` it, `reset` it, `stall`: neither send nor close until the client goes away; with
    `gate` nothing is sent before the server's gate opens.
    """

    data: bytes = b""
    then: str = "keep"
    gate: bool = False


Scripted = bytes | Reply | Callable[[Asked], bytes | Reply]
"""Bytes are sent and the connection is kept; a function answers each request as it likes."""

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def answer(status: int = 200, *headers: str, body: bytes | str = b"", media_type: str | None = "text/html") -> bytes:
    """A well-formed response with its Content-Length."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Scripted", *headers, f"Content-Length: {len(data)}"]
    if media_type and not any(line.lower().startswith("content-type:") for line in headers):
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


def page(*hrefs: str, head: str = "") -> bytes:
    """A page that links to these."""
    links = "".join(f'<a href="{href}">to {href}</a>\n' for href in hrefs)
    return answer(body=f"<!doctype html><html><head><title>A page</title>{head}</head><body>{links}</body></html>")


def redirect(location: str, status: int = 301) -> bytes:
    return answer(status, f"Location: {location}")


class ScriptedServer:
    """Answers by request target, or by `host/target` where that is scripted too; anything else is 404.

    Use it in a `with`; requests are in `asked`, in the order in which they arrived. With a `greeting` it speaks first, says
    only that and hangs up.
    """

    def __init__(
        self,
        answers: Mapping[str, Scripted] | None = None,
        *,
        context: ssl.SSLContext | None = None,
        address: str = "127.0.0.1",
        greeting: bytes | None = None,
    ) -> None:
        self.answers = dict(answers or {})
        self.asked: list[Asked] = []
        self.gate = threading.Event()
        self._arrived = threading.Condition()
        self._context = context
        self._greeting = greeting
        self._listener = socket.create_server(
            (address, 0), family=socket.AF_INET6 if ":" in address else socket.AF_INET, backlog=256
        )
        self.address = address
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """The root, by address."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{'https' if self._context else 'http'}://{host}:{self.port}"

    def route(self, *hosts: str, port: int = 80) -> str:
        """`connect_to` that leads these hosts here."""
        return ",".join(f"{host}:{port}:{self.address}:{self.port}" for host in hosts)

    def counts(self) -> Counter[str]:
        """How often each target was asked."""
        return Counter(asked.target for asked in self.asked)

    def targets(self) -> set[str]:
        return {asked.target for asked in self.asked}

    def wait_for(self, target: str, timeout: float = 30) -> bool:
        """Whether somebody has asked, or asks in time, for the target."""
        with self._arrived:
            return self._arrived.wait_for(lambda: target in self.targets(), timeout)

    def wait_for_requests(self, count: int, timeout: float = 30) -> bool:
        """Whether this many requests have come, or come in time."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.asked) >= count, timeout)

    def __enter__(self) -> Self:
        self._start(self._accept, ())
        return self

    def go_away(self) -> None:
        """Listen no more, and hang up."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        """Listen again, on the same port."""
        self._listener = socket.create_server((self.address, self.port), backlog=256)
        self._start(self._accept, ())

    def __exit__(self, *_: object) -> None:
        self.gate.set()
        self.go_away()
        while self._threads:
            for connection in list(self._open):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._threads.pop().join()

    def _start(self, target: Callable[..., None], arguments: Iterable[object]) -> None:
        thread = threading.Thread(target=target, args=tuple(arguments))
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            number += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(connection)
            self._start(self._serve, (connection, number))

    def _serve(self, plain: socket.socket, number: int) -> None:
        connection = plain
        try:
            if self._greeting is not None:
                plain.sendall(self._greeting)
                return
            if self._context is not None:
                connection = self._context.wrap_socket(plain, server_side=True)
                self._open.discard(plain)
                self._open.add(connection)
            with connection.makefile("rb") as lines:
                while (asked := _read_request(lines, number)) is not None and self._answer(connection, asked):
                    pass
        except OSError:  # the client went away, or refused the certificate
            pass
        finally:
            self._open.discard(connection)
            self._open.discard(plain)
            connection.close()
            plain.close()

    def _answer(self, connection: socket.socket, asked: Asked) -> bool:
        """Send what is scripted; whether the connection is kept."""
        with self._arrived:
            self.asked.append(asked)
            self._arrived.notify_all()
        scripted = self.answers.get(f"{asked.host}{asked.target}", self.answers.get(asked.target, NOT_FOUND))
        if callable(scripted):
            scripted = scripted(asked)
        reply = scripted if isinstance(scripted, Reply) else Reply(scripted)
        if reply.gate:
            self.gate.wait()
        data = reply.data
        if asked.method == "HEAD" and data.startswith(b"HTTP/"):
            data = data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        connection.sendall(data)
        if reply.then == "stall":
            connection.recv(1)
        if reply.then == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if reply.then == "close" and self._context is None:
            connection.shutdown(socket.SHUT_WR)
        return reply.then == "keep"


def _read_request(lines: IO[bytes], number: int) -> Asked | None:
    """The next request with as much of a body as Content-Length says; None for a client that has gone, or speaks TLS."""
    read = lines.readline
    line = read()
    method, _, rest = line.decode("latin-1").partition(" ")
    target, _, version = rest.partition(" ")
    if not version.startswith("HTTP/"):
        return None
    headers = []
    while (line := read()) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Asked(method, target, tuple(headers), number, time.monotonic(), lines.read(length))
