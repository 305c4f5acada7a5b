"""A real SMTP server on loopback that keeps every letter, refuses what a test wants refused, and can be one that hangs."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Received:
    """One letter as the server got it."""

    sender: str
    recipients: list[str]
    data: bytes
    encrypted: bool
    user: bytes | None

    @property
    def message(self) -> EmailMessage:
        """The letter as a mail client reads it."""
        return email.message_from_bytes(self.data, policy=email.policy.default)


@dataclass
class MailServer:
    """Answers are given once each, in their order, then all is well; `refused` maps a recipient to such answers."""

    port: int = 0
    letters: list[Received] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, list[str]] = field(default_factory=dict)
    connections: int = 0
    host: str = HOST

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._next("MAIL")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.refused.get(address):
            return self.refused[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert server.transport is not None
        encrypted = server.transport.get_extra_info("sslcontext") is not None
        answer = self._next("DATA")
        if answer.startswith("250"):
            login = session.auth_data
            assert envelope.mail_from is not None
            assert isinstance(envelope.original_content, bytes)
            self.letters.append(
                Received(
                    envelope.mail_from,
                    list(envelope.rcpt_tos),
                    envelope.original_content,
                    encrypted,
                    login.login if login else None,
                )
            )
        return answer

    def _next(self, command: str) -> str:
        waiting = self.answers.get(command)
        return waiting.pop(0) if waiting else "250 OK"


@contextmanager
def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
    **options: Any,
) -> Iterator[MailServer]:
    """A server while it lasts; `login` is the one user it knows, `options` are those of aiosmtpd's SMTP."""
    state = MailServer()

    def authenticate(*arguments: Any) -> AuthResult:
        given = arguments[-1]
        known = login is not None and (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=known, handled=known, auth_data=given)

    def protocol() -> SMTP:
        state.connections += 1
        known: dict[str, Any] = {"hostname": "mail.test", "timeout": 60, "tls_context": starttls, **options}
        if login:
            known |= {"authenticator": authenticate, "auth_require_tls": starttls is not None}
        return SMTP(state, loop=loop, **known)

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)  # a client that turns away from a bad certificate is no fault here
    server = loop.run_until_complete(loop.create_server(protocol, HOST, 0, ssl=tls))
    state.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield state
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        _end(loop)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    async def wind_up() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # connections that were closed are told so in the next round

    loop.run_until_complete(wind_up())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@contextmanager
def raw_server(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """The port of a server that does to its connections, one after the other, what `serve` says; each stays open till the end."""
    kept: list[socket.socket] = []
    listening = socket.create_server((HOST, 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            kept.append(connection)
            try:
                serve(connection)
            except OSError:
                continue

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        for connection in kept:
            connection.close()
        thread.join()
        listening.close()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server((HOST, 0)) as server:
        port: int = server.getsockname()[1]
        return port
