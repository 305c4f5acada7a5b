"""What has come of one transfer so far: its header lines, its body within bounds, and what a broken end amounts to."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import pycurl

from seoaudit.records import REDIRECT_STATUSES, FetchError

SUPPRESS_CONNECT_HEADERS = 265
"""CURLOPT_SUPPRESS_CONNECT_HEADERS (curl/curl.h), which pycurl gives no name."""

PROTOCOLS = {
    pycurl.CURL_HTTP_VERSION_1_0: "HTTP/1.0",
    pycurl.CURL_HTTP_VERSION_1_1: "HTTP/1.1",
    pycurl.CURL_HTTP_VERSION_2_0: "HTTP/2",
}

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

UNTRUSTED_CODES = frozenset(
    {pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_ISSUER_ERROR, pycurl.E_SSL_INVALIDCERTSTATUS}
)
"""The certificate, and nothing else, is wrong."""


@dataclass(slots=True)
class Reception:
    """Takes header lines and body bytes as libcurl hands them over; not more than `max_bytes`, or no body with `headers_only`."""

    max_bytes: int
    headers_only: bool
    status: int | None = field(default=None, init=False)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list, init=False)
    body: BytesIO = field(default_factory=BytesIO, init=False)
    size: int = field(default=0, init=False)
    headers_complete: bool = field(default=False, init=False)
    too_large: bool = field(default=False, init=False)

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

    def fault(self, code: int, message: str) -> FetchError | None:
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
