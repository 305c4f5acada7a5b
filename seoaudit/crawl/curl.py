"""A Scrapy download handler on libcurl: exact bytes, real certificates, `connect_to`, limits; what it refuses, HTTP/1.1 is asked again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pycurl
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from seoaudit import urls
from seoaudit.crawl.http11 import Http11Fallback
from seoaudit.records import REDIRECT_STATUSES, FetchError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

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

REFUSED_CODES = frozenset(
    {pycurl.E_UNSUPPORTED_PROTOCOL, E_WEIRD_SERVER_REPLY, E_TOO_LARGE, pycurl.E_HTTP2, E_HTTP2_STREAM}
)
"""Answers that libcurl will not read and that Scrapy's HTTP/1.1 client may."""

PROTOCOLS = {
    pycurl.CURL_HTTP_VERSION_1_0: "HTTP/1.0",
    pycurl.CURL_HTTP_VERSION_1_1: "HTTP/1.1",
    pycurl.CURL_HTTP_VERSION_2_0: "HTTP/2",
}

# Verification results that stand for "certificate fine" (OpenSSL X509_V_OK).
_VERIFIED = 0


class Unanswered(Exception):  # noqa: N818 - the field's word for it; it is an outcome, not a fault of ours
    """No usable answer came; `error` is the closed word, `detail` the client's own sentence."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(f"{error}: {detail}")
        self.error: FetchError = error
        self.detail = detail


@dataclass(slots=True)
class Transfer:
    """One request on its way: what has come so far."""

    request: Request
    max_bytes: int
    headers_only: bool
    done: asyncio.Future[Response]
    status: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: BytesIO = field(default_factory=BytesIO)
    size: int = 0
    headers_complete: bool = False
    too_large: bool = False
    fresh: bool = False

    def on_header(self, line: bytes) -> None:
        """Take one header line; a new status line (after 1xx, or after a proxy's own answer) starts over, trailers are left out."""
        if line[:5] == b"HTTP/":
            parts = line.split(None, 2)
            self.status = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None
            self.headers = []
            self.headers_complete = False
        elif self.headers_complete:
            return
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


class CurlDownloadHandler(BaseDownloadHandler):
    """Runs libcurl's multi interface on the running asyncio loop.

    Settings: USER_AGENT, DOWNLOAD_TIMEOUT and DOWNLOAD_STALL_TIMEOUT (seconds), DOWNLOAD_MAXSIZE (bytes, after decoding),
    CURL_CONNECT_TO (list of curl's HOST:PORT:ADDRESS:PORT), CURL_CA_FILE, CURL_INSECURE. Request meta: `max_bytes`,
    `headers_only`. A response's flags hold the closed word of a fault that came after its headers;
    `request.meta` gets `download_latency` (seconds to the first byte) and `certificate_error`. Raises Unanswered.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._user_agent: str = settings["USER_AGENT"]
        self._timeout = settings.getint("DOWNLOAD_TIMEOUT")
        self._stall = settings.getint("DOWNLOAD_STALL_TIMEOUT")
        self._max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._connect_to: list[str] = settings.getlist("CURL_CONNECT_TO")
        self._ca_file: str | None = settings.get("CURL_CA_FILE")
        self._insecure = settings.getbool("CURL_INSECURE")
        self._fallback = Http11Fallback(crawler, self._connect_to)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._transfers: dict[Any, Transfer] = {}
        self._idle: list[Any] = []
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def download_request(self, request: Request) -> Response:
        """Ask once; never follows, retries or rewrites."""
        self._loop = asyncio.get_running_loop()
        easy = self._idle.pop() if self._idle else pycurl.Curl()
        transfer = Transfer(
            request,
            request.meta.get("max_bytes", self._max_bytes),
            request.meta.get("headers_only", False),
            self._loop.create_future(),
        )
        self._begin(easy, transfer)
        return await transfer.done

    def _begin(self, easy: Any, transfer: Transfer) -> None:
        self._prepare(easy, transfer)
        self._transfers[easy] = transfer
        self._multi.add_handle(easy)

    async def close(self) -> None:
        """End what is on its way and hand the sockets back."""
        for easy, transfer in list(self._transfers.items()):
            self._multi.remove_handle(easy)
            easy.close()
            if not transfer.done.done():
                transfer.done.cancel()
        self._transfers.clear()
        if self._timer:
            self._timer.cancel()
        for easy in self._idle:
            easy.close()
        self._multi.close()
        await self._fallback.close()

    def _prepare(self, easy: Any, transfer: Transfer) -> None:
        request = transfer.request
        parts = urls.split(request.url)
        easy.setopt(pycurl.URL, f"{parts.origin}/")
        # The exact bytes: libcurl must not tidy the path, and a lone "?" at the end is part of the URL.
        easy.setopt(pycurl.REQUEST_TARGET, f"/{request.url.split('/', 3)[3]}")
        easy.setopt(pycurl.NOSIGNAL, 1)
        easy.setopt(pycurl.NOBODY, 1 if request.method == "HEAD" else 0)
        easy.setopt(pycurl.USERAGENT, self._user_agent)
        easy.setopt(pycurl.ACCEPT_ENCODING, "")
        easy.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in request.meta.get("headers", ())])
        easy.setopt(pycurl.TIMEOUT, self._timeout)
        easy.setopt(pycurl.CONNECTTIMEOUT, min(self._timeout, self._stall))
        easy.setopt(pycurl.LOW_SPEED_LIMIT, 1)
        easy.setopt(pycurl.LOW_SPEED_TIME, self._stall)
        easy.setopt(pycurl.FRESH_CONNECT, 1 if transfer.fresh else 0)
        easy.setopt(pycurl.HEADERFUNCTION, transfer.on_header)
        easy.setopt(pycurl.WRITEFUNCTION, transfer.on_body)
        if self._connect_to:
            easy.setopt(pycurl.CONNECT_TO, self._connect_to)
        if self._ca_file:
            easy.setopt(pycurl.CAINFO, self._ca_file)
        if self._insecure:
            easy.setopt(pycurl.SSL_VERIFYPEER, 0)
            easy.setopt(pycurl.SSL_VERIFYHOST, 0)

    def _on_socket(self, event: int, fd: int, _multi: Any, _data: Any) -> None:
        assert self._loop
        self._loop.remove_reader(fd)
        self._loop.remove_writer(fd)
        if event in (pycurl.POLL_IN, pycurl.POLL_INOUT):
            self._loop.add_reader(fd, self._act, fd, pycurl.CSELECT_IN)
        if event in (pycurl.POLL_OUT, pycurl.POLL_INOUT):
            self._loop.add_writer(fd, self._act, fd, pycurl.CSELECT_OUT)

    def _on_timer(self, timeout_ms: int) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if timeout_ms >= 0 and self._loop:
            self._timer = self._loop.call_later(timeout_ms / 1000, self._act, pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, fd: int, events: int) -> None:
        self._multi.socket_action(fd, events)
        while True:
            queued, succeeded, failed = self._multi.info_read()
            for easy in succeeded:
                self._finish(easy, 0, "")
            for easy, code, message in failed:
                self._finish(easy, code, message)
            if not queued:
                return

    def _finish(self, easy: Any, code: int, message: str) -> None:
        transfer = self._transfers.pop(easy)
        self._multi.remove_handle(easy)
        request = transfer.request
        request.meta["download_latency"] = easy.getinfo(pycurl.STARTTRANSFER_TIME)
        if self._insecure and easy.getinfo(pycurl.SSL_VERIFYRESULT) != _VERIFIED:
            request.meta["certificate_error"] = (
                f"certificate does not verify (OpenSSL code {easy.getinfo(pycurl.SSL_VERIFYRESULT)})"
            )
        answer = _Answer(
            protocol=PROTOCOLS.get(easy.getinfo(pycurl.INFO_HTTP_VERSION)),
            address=easy.getinfo(pycurl.PRIMARY_IP) or None,
        )
        easy.reset()
        if code in DEAD_CONNECTION_CODES and transfer.status is None and not transfer.fresh:
            transfer.fresh = True
            self._begin(easy, transfer)
            return
        self._idle.append(easy)
        if transfer.done.done():
            return
        if code in REFUSED_CODES:
            self._ask_again(transfer, code, message)
        else:
            _settle(transfer, answer, code, message)

    def _ask_again(self, transfer: Transfer, code: int, message: str) -> None:
        async def ask() -> None:
            try:
                response = await self._fallback.download(transfer.request, transfer.max_bytes)
            except Exception as error:  # noqa: BLE001 - whatever the second client says, the first one's answer stands
                _settle(transfer, _Answer(None, None), code, f"{message}; HTTP/1.1 client: {type(error).__name__}")
            else:
                if not transfer.done.done():
                    transfer.done.set_result(response)

        assert self._loop
        task = self._loop.create_task(ask())
        transfer.done.add_done_callback(lambda _: task.cancel())


@dataclass(frozen=True, slots=True)
class _Answer:
    protocol: str | None
    address: str | None


def _settle(transfer: Transfer, answer: _Answer, code: int, message: str) -> None:
    """Give the waiting request its response, or Unanswered when not even a status came."""
    if transfer.done.done():
        return
    fault = _fault(transfer, code, message)
    if transfer.status is None:
        transfer.done.set_exception(Unanswered(fault or "malformed", message or "no status line"))
        return
    headers: dict[bytes, list[bytes]] = {}
    for name, value in transfer.headers:
        headers.setdefault(name, []).append(value)
    flags: list[str] = []
    if fault:
        flags.append(fault)
        transfer.request.meta["error_detail"] = message
    response = Response(
        transfer.request.url,
        status=transfer.status,
        headers=headers,
        body=transfer.body.getvalue(),
        flags=flags,
        protocol=answer.protocol,
        ip_address=None,
        request=transfer.request,
    )
    transfer.request.meta["ip_address"] = answer.address
    transfer.request.meta["body_bytes"] = transfer.size
    transfer.done.set_result(response)


def _fault(transfer: Transfer, code: int, message: str) -> FetchError | None:
    """What went wrong, if it matters: a redirect is complete once its headers are."""
    if code == 0:
        return None
    if transfer.too_large:
        return "too-large"
    if transfer.headers_complete and (transfer.headers_only or transfer.status in REDIRECT_STATUSES):
        return None
    if code == pycurl.E_RECV_ERROR and "chunk" in message.lower():
        return "malformed"
    return ERROR_OF_CODE.get(code, "reset")
