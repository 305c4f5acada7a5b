"""A Scrapy download handler on libcurl: exact bytes, real certificates, `connect_to`, limits; what it refuses, HTTP/1.1 is asked again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pycurl
from scrapy.core.downloader.handlers.base import BaseDownloadHandler

from seoaudit import urls
from seoaudit.crawl.http11 import Http11Fallback
from seoaudit.crawl.reception import PROTOCOLS, SUPPRESS_CONNECT_HEADERS, UNTRUSTED_CODES
from seoaudit.crawl.transfer import DEAD_CONNECTION_CODES, REFUSED_CODES, UNCONNECTED_CODES, Transfer

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Those that may be sent again without harm (RFC 9110, 9.2.1)."""


class CurlDownloadHandler(BaseDownloadHandler):
    """Runs libcurl's multi interface on the running asyncio loop.

    Settings: USER_AGENT, DOWNLOAD_TIMEOUT and DOWNLOAD_STALL_TIMEOUT (seconds), DOWNLOAD_MAXSIZE (bytes, after decoding),
    CURL_CONNECT_TO (list of curl's HOST:PORT:ADDRESS:PORT), CURL_CA_FILE, CURL_INSECURE. Request meta: `max_bytes`,
    `headers_only`, and `bare`: the fields are wanted in `request.meta["fields"]` only, where they always are (names in title
    case), and not in the response too, where they cost more than all else of it. A response's flags hold the closed word of a fault that came after its headers; `request.meta` gets
    `download_latency` (seconds to the first byte), `connected` (whether somebody listened) and, with CURL_INSECURE, `certificate_error`. Raises Unanswered.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._user_agent: str = settings["USER_AGENT"]
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._stall = settings.getint("DOWNLOAD_STALL_TIMEOUT")
        self._max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self._connect_to: list[str] = settings.getlist("CURL_CONNECT_TO")
        self._ca_file: str | None = settings.get("CURL_CA_FILE")
        self._insecure = settings.getbool("CURL_INSECURE")
        self._untrusted: dict[str, str] = {}
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
            request=request,
            max_bytes=request.meta.get("max_bytes", self._max_bytes),
            headers_only=request.meta.get("headers_only", False),
            done=self._loop.create_future(),
            fresh=request.method not in SAFE_METHODS,  # nobody must have to ask twice
        )
        self._begin(easy, transfer)
        return await transfer.done

    def _begin(self, easy: Any, transfer: Transfer) -> None:
        transfer.restart()
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
            self._timer = None
        for easy in self._idle:
            easy.close()
        self._multi.close()
        await self._fallback.close()

    def _prepare(self, easy: Any, transfer: Transfer) -> None:
        request = transfer.request
        origin = urls.origin(request.url)
        easy.setopt(pycurl.URL, f"{origin}/")
        # The exact bytes: libcurl must not tidy the path, and a lone "?" at the end is part of the URL.
        easy.setopt(pycurl.REQUEST_TARGET, f"/{request.url.split('/', 3)[3]}")
        # A proxy that the environment names would otherwise get the bare path of an http URL, and answer for itself.
        easy.setopt(pycurl.HTTPPROXYTUNNEL, 1)
        easy.setopt(SUPPRESS_CONNECT_HEADERS, 1)
        easy.setopt(pycurl.NOSIGNAL, 1)
        easy.setopt(pycurl.NOBODY, 1 if request.method == "HEAD" else 0)
        if request.method == "POST":
            easy.setopt(pycurl.POSTFIELDS, request.body)
        elif request.method not in ("GET", "HEAD"):
            easy.setopt(pycurl.CUSTOMREQUEST, request.method)
        easy.setopt(pycurl.USERAGENT, self._user_agent)
        easy.setopt(pycurl.ACCEPT_ENCODING, "" if transfer.decode else "identity")
        easy.setopt(pycurl.HTTP_CONTENT_DECODING, 1 if transfer.decode else 0)
        easy.setopt(
            pycurl.HTTPHEADER, [f"{name}: {value}".encode("latin-1") for name, value in request.meta.get("headers", ())]
        )
        easy.setopt(pycurl.TIMEOUT_MS, int(self._timeout * 1000))
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, int(min(self._timeout, self._stall) * 1000))
        easy.setopt(pycurl.LOW_SPEED_LIMIT, 1)
        easy.setopt(pycurl.LOW_SPEED_TIME, self._stall)
        easy.setopt(pycurl.FRESH_CONNECT, 1 if transfer.fresh else 0)
        easy.setopt(pycurl.HEADERFUNCTION, transfer.on_header)
        easy.setopt(pycurl.WRITEFUNCTION, transfer.on_body)
        if self._connect_to:
            easy.setopt(pycurl.CONNECT_TO, self._connect_to)
        if self._ca_file:
            easy.setopt(pycurl.CAINFO, self._ca_file)
        if origin in self._untrusted:
            transfer.verify = False
            request.meta["certificate_error"] = self._untrusted[origin]
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
        transfer.request.meta["download_latency"] = easy.getinfo(pycurl.STARTTRANSFER_TIME)
        protocol = PROTOCOLS.get(easy.getinfo(pycurl.INFO_HTTP_VERSION))
        address = easy.getinfo(pycurl.PRIMARY_IP) or None
        was_kept = easy.getinfo(pycurl.NUM_CONNECTS) == 0
        in_vain = code == pycurl.E_OPERATION_TIMEDOUT and not was_kept and not easy.getinfo(pycurl.CONNECT_TIME)
        transfer.request.meta["connected"] = code not in UNCONNECTED_CODES and not in_vain
        easy.reset()
        if not transfer.done.done() and self._shall_repeat(transfer, code, message, was_kept=was_kept):
            self._begin(easy, transfer)
            return
        self._idle.append(easy)
        if code in REFUSED_CODES and transfer.request.method in SAFE_METHODS and not transfer.done.done():
            self._ask_again(transfer, code, message)
        else:
            transfer.settle(code, message, protocol=protocol, address=address)

    def _shall_repeat(self, transfer: Transfer, code: int, message: str, *, was_kept: bool) -> bool:
        """Whether libcurl asks once more, in another way, because the way was at fault and not the answer."""
        if code in DEAD_CONNECTION_CODES and transfer.status is None and was_kept and not transfer.fresh:
            transfer.fresh = True
            return True
        if code in UNTRUSTED_CODES and self._insecure and transfer.verify:
            self._untrusted[urls.origin(transfer.request.url)] = message
            return True
        if code == pycurl.E_BAD_CONTENT_ENCODING and transfer.decode and transfer.has_unknown_coding:
            transfer.decode = False
            return True
        return False

    def _ask_again(self, transfer: Transfer, code: int, message: str) -> None:
        async def ask() -> None:
            try:
                response = await self._fallback.download(transfer.request, transfer.max_bytes)
            except Exception as error:  # noqa: BLE001 - whatever the second client says, the first one's answer stands
                transfer.settle(code, f"{message}; HTTP/1.1 client: {type(error).__name__}")
            else:
                if not transfer.done.done():
                    transfer.done.set_result(response)

        assert self._loop
        task = self._loop.create_task(ask())
        transfer.done.add_done_callback(lambda _: task.cancel())
