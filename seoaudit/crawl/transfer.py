"""One transfer of libcurl: what has come so far, and what it amounts to when it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import pycurl
from scrapy.http import Response

from seoaudit.records import REDIRECT_STATUSES, FetchError

if TYPE_CHECKING:
    import asyncio

    from scrapy import Request

# libcurl codes (curl/curl.h) that pycurl gives no name of its own.
E_WEIRD_SERVER_REPLY = 8
E_HTTP2_STREAM = 92
E_TOO_LARGE = 100

ERROR_OF_CODE: dict[int, FetchError] = {
    pycurl.E_URL_MALFORMAT: "invalid-url",
    pycurl.E_COULDNT_RESOLVE_PROXY: "dns",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
    pycurl.E_SSL_CACERT_BADFILE: "tls",
    pycurl.E_SSL_ISSUER_ERROR: "tls",
    pycurl.E_SSL_INVALIDCERTSTATUS: "tls",
    pycurl.E_UNSUPPORTED_PROTOCOL: "malformed",  # an answer without a status line
    E_WEIRD_SERVER_REPLY: "malformed",
    pycurl.E_BAD_CONTENT_ENCODING: "malformed",
    E_TOO_LARGE: "malformed",  # a header line or block past libcurl's bounds
    pycurl.E_FILESIZE_EXCEEDED: "too-large",
}
"""libcurl's result codes in our closed words; any other code is `reset`."""

DEAD_CONNECTION_CODES = frozenset({pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR, pycurl.E_GOT_NOTHING})
"""A kept connection that the server had closed already: asked once more on a fresh one (RFC 9110, 9.2.2: GET and HEAD may be)."""

UNCONNECTED_CODES = frozenset(
    {pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_CONNECT, pycurl.E_URL_MALFORMAT}
)
"""Nobody was reached at all."""

UNTRUSTED_CODES = frozenset(
    {pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_ISSUER_ERROR, pycurl.E_SSL_INVALIDCERTSTATUS}
)
"""The certificate, and nothing else, is wrong."""

REFUSED_CODES = frozenset(
    {pycurl.E_UNSUPPORTED_PROTOCOL, E_WEIRD_SERVER_REPLY, E_TOO_LARGE, pycurl.E_HTTP2, E_HTTP2_STREAM}
)
"""Answers that libcurl will not read and that Scrapy's HTTP/1.1 client may."""

CODINGS = frozenset({b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"identity"})
"""Content codings that browsers decode; with any other they show the body as it came (WHATWG Fetch, "handle content codings")."""


class Unanswered(Exception):  # noqa: N818 - the field's word for it; it is an outcome, not a fault of ours
    """No usable answer came; `error` is the closed word, `detail` the client's own sentence."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(f"{error}: {detail}")
        self.error: FetchError = error
        self.detail = detail


@dataclass(slots=True)
class Transfer:
    """One request on its way; `fresh`, `verify` and `decode` are how it is asked, the rest is what has come."""

    request: Request
    max_bytes: int
    headers_only: bool
    done: asyncio.Future[Response]
    fresh: bool = False
    verify: bool = True
    decode: bool = True
    status: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: BytesIO = field(default_factory=BytesIO)
    size: int = 0
    headers_complete: bool = False
    too_large: bool = False

    def restart(self) -> None:
        """Forget what has come: it is asked once more."""
        self.status = None
        self.headers = []
        self.body = BytesIO()
        self.size = 0
        self.headers_complete = self.too_large = False

    def on_header(self, line: bytes) -> None:
        """Take one header line; the final answer starts over after an interim one (1xx), trailers are left out."""
        if self.headers_complete and not (self.status is not None and self.status < 200):
            return
        if line[:5] == b"HTTP/" and (self.status is None or self.headers_complete):
            parts = line.split(None, 2)
            self.status = int(parts[1]) if len(parts) > 1 and len(parts[1]) == 3 and parts[1].isdigit() else None
            self.headers = []
            self.headers_complete = False
        elif not line.strip():
            self.headers_complete = True
        elif line[:1] in (b" ", b"\t") and self.headers:
            name, value = self.headers[-1]
            self.headers[-1] = (name, value + b" " + line.strip())
        else:
            name, _, value = line.partition(b":")
            self.headers.append((name.strip(), value.strip()))

    def on_body(self, chunk: bytes) -> int | None:
        """Take decoded body bytes; refusing them (0) ends the transfer."""
        if self.headers_only:
            return 0
        self.size += len(chunk)
        if self.size > self.max_bytes:
            self.too_large = True
            return 0
        self.body.write(chunk)
        return None

    @property
    def has_unknown_coding(self) -> bool:
        """Whether the body's coding is one that no browser knows, such as `utf-8`."""
        values = [value.lower() for name, value in self.headers if name.lower() == b"content-encoding"]
        return any(coding.strip() not in CODINGS for value in values for coding in value.split(b","))

    def settle(self, code: int, message: str, *, protocol: str | None = None, address: str | None = None) -> None:
        """Give the one who waits the response, or Unanswered when not even a status came."""
        if self.done.done():
            return
        fault = self._fault(code, message)
        if not self.status:
            self.done.set_exception(Unanswered(fault or "malformed", message or "no status line"))
            return
        headers: dict[bytes, list[bytes]] = {}
        for name, value in self.headers:
            headers.setdefault(name.title(), []).append(value)
        meta = self.request.meta
        meta.update(ip_address=address, body_bytes=self.size, error_detail=message if fault else None, fields=headers)
        self.done.set_result(
            Response(
                self.request.url,
                status=self.status,
                headers=None if meta.get("bare") else headers,
                body=self.body.getvalue(),
                flags=[fault] if fault else [],
                protocol=protocol,
                request=self.request,
            )
        )

    def _fault(self, code: int, message: str) -> FetchError | None:
        """What went wrong, if it matters: a redirect is complete once its headers are."""
        if code == 0:
            return None
        if self.headers_complete and (self.headers_only or self.status in REDIRECT_STATUSES):
            return None
        if self.too_large:
            return "too-large"
        if code == pycurl.E_RECV_ERROR and "chunk" in message.lower():
            return "malformed"
        return ERROR_OF_CODE.get(code, "reset")
