"""Why a letter did not go out: what the network and the server say becomes one line and the mend."""

from __future__ import annotations

import smtplib
import socket
import ssl
from typing import TYPE_CHECKING

from seoaudit.visible import on_one_line

if TYPE_CHECKING:
    from seoaudit.config import Credentials, Mail

LONGEST_REPLY = 300


class Trouble(Exception):  # noqa: N818 - what became of the letter
    """The letter did not go out; the text is one line. `passes`: another try later may do better."""

    def __init__(self, line: str, *, passes: bool) -> None:
        super().__init__(line)
        self.passes = passes


class TooLarge(Exception):  # noqa: N818 - an answer of the server
    """The server takes no letter of that size; one of at most `most` bytes may do."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def reply(code: int, text: bytes | str, login: Credentials | None) -> str:
    """A server's answer on one line, without the password whatever it repeats."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return on_one_line(f"{code} {login.hidden_in(words) if login else words}", LONGEST_REPLY)


def is_too_large(code: int, text: bytes) -> bool:
    """Whether a refusal is about the letter's size (RFC 1870, 6; RFC 3463, X.3.4)."""
    return code == 552 or (500 <= code < 600 and b"5.3.4" in text)


def trouble(error: OSError | smtplib.SMTPException, mail: Mail, login: Credentials | None) -> Trouble:
    """What smtplib or the network raised, as one line that says what to do."""
    server = f"{mail.host}:{mail.port_number}"
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        said = reply(error.smtp_code, error.smtp_error, login)
        passes = error.smtp_code < 500
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return Trouble(f"{server} does not let the user in: {said}; mend user or password", passes=passes)
        return Trouble(f"{server} refused the letter: {said}; {_after_refusal(passes=passes)}", passes=passes)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Trouble(f"{server}: {on_one_line(str(error))}", passes=False)
    if isinstance(error.__context__, TimeoutError):  # smtplib calls that a lost connection
        return _of_the_network(error.__context__, mail, server)
    if isinstance(error, smtplib.SMTPException):  # it hung up, or spoke no SMTP
        return Trouble(f"{server} ended the connection in the middle; {_CHECK_PORT}", passes=True)
    return _of_the_network(error, mail, server)


def _of_the_network(error: OSError, mail: Mail, server: str) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(
            f"the certificate of {server} is not one to trust ({on_one_line(error.verify_message)}); "
            "mend it, or name its authority as ca_file",
            passes=False,
        )
    if isinstance(error, ssl.SSLError):
        return Trouble(f"no TLS with {server} ({on_one_line(error.reason or str(error))}); {_CHECK_PORT}", passes=False)
    if isinstance(error, socket.gaierror):
        passes = error.errno == socket.EAI_AGAIN
        return Trouble(f"{mail.host} has no address ({error.strerror}); mend host", passes=passes)
    if isinstance(error, TimeoutError):
        return Trouble(f"{server} did not answer within {mail.timeout:g} s; {_CHECK_PORT}", passes=True)
    why = on_one_line(error.strerror or str(error) or type(error).__name__)
    return Trouble(f"no connection to {server} ({why}); {_CHECK_PORT}", passes=True)


def _after_refusal(*, passes: bool) -> str:
    return "try again later" if passes else "mend what it names"


_CHECK_PORT = "check host, port and security (tls is usually 465, starttls 587)"
