"""One request by itself, answered or failed: no Scrapy, no event loop, and nothing is followed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import pycurl

from seoaudit import urls
from seoaudit.crawl.reception import ERROR_OF_CODE, PROTOCOLS, SUPPRESS_CONNECT_HEADERS, UNTRUSTED_CODES, Reception

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seoaudit.http.redirect import Request
    from seoaudit.records import FetchError

FORM = "application/x-www-form-urlencoded"
"""The Content-Type of a body that no field describes: what curl -d and an HTML form say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back: the final status and every field line (names in lower case), or `error` and why.

    `error` beside a status: the answer broke off after its head. `latency_ms`: to the first byte, connecting included, for
    each request has a connection of its own. `at`: when, in seconds since the epoch.
    """

    status: int | None = None
    headers: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    body: bytes = b""
    error: FetchError | None = None
    detail: str | None = None
    latency_ms: float | None = None
    protocol: str | None = None
    ip_address: str | None = None
    certificate_error: str | None = None
    at: float = 0.0

    def values(self, name: str) -> Sequence[bytes]:
        """Every field line of this name."""
        return self.headers.get(name.lower(), ())

    def text(self, name: str) -> str | None:
        """The field lines joined as RFC 9110, 5.3 allows; None where there is none."""
        values = self.values(name)
        return ", ".join(value.decode("utf-8", "replace") for value in values) if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How every request is sent: curl's `connect_to` entries, a PEM file, whether bad certificates pass, seconds, bytes."""

    user_agent: str
    connect_to: Sequence[str] = ()
    ca_file: str | None = None
    insecure: bool = False
    timeout_s: float = 60
    stall_s: int = 20
    max_bytes: int = 10 * 2**20


class Asker:
    """Asks one request after another; with `jar` it keeps the cookies it is given, as a browser does. Use it in a `with`."""

    def __init__(self, ways: Ways, *, jar: bool = False) -> None:
        self._ways = ways
        self._jar = jar
        self._easy: Any = pycurl.Curl()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._easy.close()

    def cookies(self) -> frozenset[str]:
        """The cookies in the jar, in Netscape's format."""
        return frozenset(self._easy.getinfo(pycurl.INFO_COOKIELIST)) if self._jar else frozenset()

    def ask(self, request: Request) -> Answered:
        """Ask once; a network failure is an answer with its error, nothing is raised for it."""
        reception = Reception(self._ways.max_bytes, headers_only=False)
        self._prepare(request, reception, verify=True)
        code, message = self._perform()
        certificate_error = None
        if code in UNTRUSTED_CODES and self._ways.insecure:
            certificate_error = message
            reception.restart()
            self._prepare(request, reception, verify=False)
            code, message = self._perform()
        return self._answered(reception, code, message, certificate_error)

    def _perform(self) -> tuple[int, str]:
        try:
            self._easy.perform()
        except pycurl.error as error:
            return error.args[0], error.args[1]
        return 0, ""

    def _answered(self, reception: Reception, code: int, message: str, certificate_error: str | None) -> Answered:
        easy = self._easy
        headers: dict[str, list[bytes]] = {}
        for name, value in reception.headers:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value)
        whole_head = reception.headers_complete and (reception.status or 0) >= 200
        status = reception.status if whole_head else None
        error = reception.fault(code, message) if status else ERROR_OF_CODE.get(code, "reset" if code else "malformed")
        if (reception.status or 200) < 200:
            error, message = "reset", f"{reception.status} came, and then the connection was closed; {message}"
        return Answered(
            status=status,
            headers=headers,
            body=reception.body.getvalue(),
            error=error,
            detail=(message or None) if error else None,
            latency_ms=round(easy.getinfo(pycurl.STARTTRANSFER_TIME) * 1000, 3) or None,
            protocol=PROTOCOLS.get(easy.getinfo(pycurl.INFO_HTTP_VERSION)),
            ip_address=easy.getinfo(pycurl.PRIMARY_IP) or None,
            certificate_error=certificate_error,
            at=time.time(),
        )

    def _prepare(self, request: Request, reception: Reception, *, verify: bool) -> None:
        easy, ways = self._easy, self._ways
        easy.reset()  # keeps the jar
        url = urls.without_fragment(request.url)
        target = f"/{url.split('/', 3)[3]}"
        # The exact bytes: libcurl must not tidy the path, and a lone "?" at the end is part of the URL; cookies go by the path.
        easy.setopt(pycurl.URL, f"{urls.origin(url)}{target}")
        easy.setopt(pycurl.PATH_AS_IS, 1)
        easy.setopt(pycurl.REQUEST_TARGET, target)
        # A proxy that the environment names leads through, and does not answer for itself.
        easy.setopt(pycurl.HTTPPROXYTUNNEL, 1)
        easy.setopt(SUPPRESS_CONNECT_HEADERS, 1)
        easy.setopt(pycurl.NOSIGNAL, 1)
        easy.setopt(pycurl.FORBID_REUSE, 1)
        easy.setopt(pycurl.FRESH_CONNECT, 1)
        easy.setopt(pycurl.ACCEPT_ENCODING, "")
        easy.setopt(pycurl.TIMEOUT_MS, int(ways.timeout_s * 1000))
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, int(min(ways.timeout_s, ways.stall_s) * 1000))
        easy.setopt(pycurl.LOW_SPEED_LIMIT, 1)
        easy.setopt(pycurl.LOW_SPEED_TIME, ways.stall_s)
        easy.setopt(pycurl.HEADERFUNCTION, reception.on_header)
        easy.setopt(pycurl.WRITEFUNCTION, reception.on_body)
        if ways.connect_to:
            easy.setopt(pycurl.CONNECT_TO, list(ways.connect_to))
        if ways.ca_file:
            easy.setopt(pycurl.CAINFO, ways.ca_file)
        if not verify:
            easy.setopt(pycurl.SSL_VERIFYPEER, 0)
            easy.setopt(pycurl.SSL_VERIFYHOST, 0)
        if self._jar:
            easy.setopt(pycurl.COOKIEFILE, "")
        self._prepare_message(request)

    def _prepare_message(self, request: Request) -> None:
        """Method, fields and body."""
        easy = self._easy
        lines = [f"{name}: {value}" if value else f"{name};" for name, value in request.headers]
        names = {name.lower() for name, _ in request.headers}
        if request.body is not None:
            easy.setopt(pycurl.POSTFIELDS, request.body)
            # An empty body has no type, and no server is asked whether it would like to have the body.
            lines.append("Expect:")
            if "content-type" not in names:
                lines.append(f"Content-Type: {FORM}" if request.body else "Content-Type:")
        if request.method == "HEAD":
            easy.setopt(pycurl.NOBODY, 1)
        else:
            easy.setopt(pycurl.CUSTOMREQUEST, request.method)
        if "user-agent" not in names:
            lines.append(f"User-Agent: {self._ways.user_agent}")
        if self._jar and "cookie" in names:  # beside the jar's, in one field
            lines = [line for line in lines if not line.lower().startswith("cookie:")]
            given = [value for name, value in request.headers if name.lower() == "cookie"]
            easy.setopt(pycurl.COOKIE, "; ".join(given).encode())
        easy.setopt(pycurl.HTTPHEADER, [line.encode() for line in lines])
