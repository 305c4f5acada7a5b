"""One connection to the mail server, with an end to every wait."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from base64 import b64encode
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from seoaudit.mail.trouble import TooLarge, Trouble, is_too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.config import Credentials, Mail, Mailbox

CHUNK = 64 * 1024
"""Bytes for which the time limit holds while a letter goes out: a slow line is no dead one."""


class Session(smtplib.SMTP):
    """smtplib's client, connected, encrypted and logged in as the settings say; as a context manager it says QUIT.

    Each answer must be whole within `timeout`, a server that sends a byte now and then included. Raises Trouble, OSError and
    SMTPException.
    """

    def __init__(self, mail: Mail, login: Credentials | None) -> None:
        assert mail.host is not None
        self.settings, self.login_data = mail, login
        self._context = None if mail.security == "none" else ssl.create_default_context(cafile=mail.ca_file)
        super().__init__(local_hostname="localhost", timeout=mail.timeout)
        self._host = mail.host
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        code, text = self.connect(self._host, self.settings.port_number)
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo_or_helo_if_needed()
        if self.settings.security == "starttls":
            self._encrypt()
        if self.login_data is not None:
            self._log_in(self.login_data)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        self.local_hostname = _own_name(plain)
        if self.settings.security != "tls" or self._context is None:
            return plain
        with _at_most(self.settings.timeout, plain):
            return self._context.wrap_socket(plain, server_hostname=self._host)

    def _encrypt(self) -> None:
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError(
                "the server offers no STARTTLS; write security = 'tls' where it listens for that (usually port 465)"
            )
        assert self.sock is not None
        with _at_most(self.settings.timeout, self.sock):
            self.starttls(context=self._context)
        self.ehlo()

    def _log_in(self, login: Credentials) -> None:
        offered = str(self.esmtp_features.get("auth", "")).upper().split()
        if not offered:
            raise smtplib.SMTPNotSupportedError(
                "the server offers no AUTH; leave user and password out, or check the port"
            )
        if (login.user + login.password).isascii():
            self.login(login.user, login.password)
            return
        if "PLAIN" not in offered:
            raise smtplib.SMTPNotSupportedError(
                "the server offers no AUTH PLAIN, the only kind for a password beyond ASCII"
            )
        said = b64encode(f"\0{login.user}\0{login.password}".encode()).decode()  # RFC 4616: UTF-8
        code, text = self.docmd("AUTH", f"PLAIN {said}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, text)

    @property
    def size_limit(self) -> int | None:
        """The largest letter that the server takes (RFC 1870), None where it sets no limit."""
        said = str(self.esmtp_features.get("size", "")).strip()
        return int(said) if said.isdecimal() and int(said) else None

    def can_take(self, box: Mailbox) -> bool:
        """Whether the server knows addresses like this one (RFC 6531)."""
        return box.is_ascii or self.has_extn("smtputf8")

    def begin(self, data: bytes, *, beyond_ascii: bool) -> None:
        """Announce a letter; raises TooLarge."""
        sender = self.settings.sender
        assert sender is not None
        if not self.can_take(sender):
            raise smtplib.SMTPNotSupportedError(f"the server takes ASCII addresses only; mend from ({sender.address})")
        options = [f"SIZE={len(data)}"] if self.has_extn("size") else []
        if beyond_ascii or not sender.is_ascii:
            self.command_encoding = "utf-8"
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, text = self.mail(sender.address, options)
        if is_too_large(code, text):
            raise TooLarge(len(data) - 1)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, text, sender.address)

    def hand_over(self, data: bytes) -> None:
        """Send the letter itself; raises TooLarge, and Trouble where nobody knows whether it arrived."""
        code, text = self.docmd("DATA")
        if code == 354:
            escaped = (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..")
            self.send(escaped + (b"" if escaped.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, text = self._verdict()
        if is_too_large(code, text):
            raise TooLarge(len(data) - 1)
        if code != 250:
            raise smtplib.SMTPDataError(code, text)

    def _verdict(self) -> tuple[int, bytes]:
        try:
            return self.getreply()
        except (OSError, smtplib.SMTPServerDisconnected):
            raise Trouble(
                f"{self._host}:{self.settings.port_number} has the letter but did not say whether it takes it; "
                "look whether it arrived before it is sent again",
                passes=False,
            ) from None

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer; raises TimeoutError where it is not whole in time."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        with _at_most(self.settings.timeout, self.sock):
            return super().getreply()

    def send(self, s: Any) -> None:
        """Send bytes piece by piece, each within the time limit."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        for start in range(0, len(data), CHUNK):
            super().send(data[start : start + CHUNK])

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, smtplib.SMTPException):  # the letter is settled; how they part changes nothing
            self.docmd("QUIT")
        self.close()


def _own_name(connection: socket.socket) -> str:
    """How we greet: the machine's full name, else the address that we speak from (RFC 5321, 4.1.4). Asks no name server."""
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    address = connection.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if connection.family == socket.AF_INET6 else f"[{address}]"


@contextmanager
def _at_most(seconds: float, connection: socket.socket) -> Iterator[None]:
    """Cut the connection after so long; raises TimeoutError for whatever that breaks."""
    twin = socket.fromfd(connection.fileno(), connection.family, connection.type)  # TLS takes the socket itself away
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    else:
        if late.is_set():  # half a line that was cut reads like a whole one
            raise TimeoutError
    finally:
        timer.cancel()
        timer.join()
        twin.close()
