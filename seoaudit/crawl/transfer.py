"""One transfer of libcurl: what has come so far, and what it amounts to when it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pycurl
from scrapy.http import Response

from seoaudit.crawl.reception import E_HTTP2_STREAM, E_TOO_LARGE, E_WEIRD_SERVER_REPLY, Reception

if TYPE_CHECKING:
    import asyncio

    from scrapy import Request

    from seoaudit.records import FetchError

SWITCHING_PROTOCOLS = 101
"""The one status below 200 that ends an exchange (RFC 9110, 15.2.2)."""

DEAD_CONNECTION_CODES = frozenset({pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR, pycurl.E_GOT_NOTHING})
"""A kept connection that the server had closed already: asked once more on a fresh one (RFC 9110, 9.2.2: GET and HEAD may be)."""

UNCONNECTED_CODES = frozenset(
    {pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_CONNECT, pycurl.E_URL_MALFORMAT}
)
"""Nobody was reached at all."""

REFUSED_CODES = frozenset(
    {pycurl.E_UNSUPPORTED_PROTOCOL, E_WEIRD_SERVER_REPLY, E_TOO_LARGE, pycurl.E_HTTP2, E_HTTP2_STREAM}
)
"""Answers that libcurl will not read and that Scrapy's HTTP/1.1 client may."""

CODINGS = frozenset({b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"identity"})
"""Content codings that browsers decode; with any other they show the body as it came (WHATWG Fetch, "handle content codings")."""


_PLAIN_WORDS = {
    r"certificate has expired": "the certificate has expired",
    r"certificate is not yet valid": "the certificate is not valid yet",
    r"no alternative certificate subject|does not match target host": "the certificate is for other names than this one",
    r"self.signed certificate in": "the certificate is signed by an authority that is not trusted",
    r"self.signed certificate": "the certificate is signed by itself, by no authority",
    r"local issuer": "the certificate's authority is not trusted, or the server leaves out the certificate between them",
    r"protocol version|unsupported protocol|no protocols": "the server speaks no version of TLS that is still accepted (1.2 or newer)",
    r"wrong version number|packet length|http request|record layer failure": "the server speaks no TLS on this port, perhaps plain HTTP",
    r"HTTP/0\.9": "no HTTP came: the port may speak another protocol, TLS perhaps",
    r"unexpected eof": "the server hung up during the TLS handshake, as one does that speaks plain HTTP on this port",
}


def plainly(message: str) -> str:
    """The library's sentence with a plain one before it, where TLS is at fault; another stays as it is."""
    for pattern, words in _PLAIN_WORDS.items():
        if re.search(pattern, message, re.IGNORECASE):
            return f"{words} ({message})"
    return message


class Unanswered(Exception):  # noqa: N818 - the field's word for it; it is an outcome, not a fault of ours
    """No usable answer came; `error` is the closed word, `detail` the client's own sentence."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(f"{error}: {detail}")
        self.error: FetchError = error
        self.detail = detail


@dataclass(slots=True)
class Transfer(Reception):
    """One request on its way, and what has come; `fresh`, `verify` and `decode` are how it is asked."""

    request: Request
    done: asyncio.Future[Response]
    fresh: bool = False
    verify: bool = True
    decode: bool = True

    @property
    def has_unknown_coding(self) -> bool:
        """Whether the body's coding is one that no browser knows, such as `utf-8`."""
        values = [value.lower() for name, value in self.headers if name.lower() == b"content-encoding"]
        return any(coding.strip() not in CODINGS for value in values for coding in value.split(b","))

    def settle(self, code: int, message: str, *, protocol: str | None = None, address: str | None = None) -> None:
        """Give the one who waits the response, or Unanswered when not even a status came."""
        if self.done.done():
            return
        fault = self.fault(code, message)
        if not self.status:
            self.done.set_exception(Unanswered(fault or "malformed", plainly(message) or "no status line"))
            return
        if self.status < 200 and self.status != SWITCHING_PROTOCOLS:
            detail = f"only an interim answer ({self.status}) came, and then the connection ended"
            self.done.set_exception(Unanswered(fault or "reset", f"{detail} ({message})" if message else detail))
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
