"""Scrapy's own HTTP/1.1 client, for answers that libcurl refuses: two Location lines, a header line without a colon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]  # publishes no types

from seoaudit import urls
from seoaudit.crawl.routes import Route
from seoaudit.records import REDIRECT_STATUSES

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class Http11Fallback:
    """Asks one URL with Scrapy's HTTP11DownloadHandler, honouring `connect_to`.

    The certificate is not verified again: libcurl did so a moment ago, or it would not have got as far as the answer.
    """

    def __init__(self, crawler: Crawler, connect_to: list[str]) -> None:
        self._crawler = crawler
        self._routes = [Route.read(entry) for entry in connect_to]
        self._handlers: dict[str, HTTP11DownloadHandler] = {}

    async def download(self, request: Request, max_bytes: int) -> Response:
        """The response, its URL the one asked for, its flags our words; raises what Scrapy's handler raises."""
        parts = urls.split(request.url)
        address = self._address(parts)
        url = request.url if address is None else f"{parts.scheme}://{address}/{request.url.split('/', 3)[3]}"
        headers = {"User-Agent": self._crawler.settings["USER_AGENT"], "Host": parts.origin.partition("://")[2]}
        headers.update(request.meta.get("headers", ()))
        meta = {
            "verbatim_url": True,
            "download_maxsize": max_bytes,
            "download_timeout": self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT"),
        }
        plain = Request(url, method=request.method, headers=headers, meta=meta)
        response = await self._handler(parts.host).download_request(plain)
        if not 100 <= response.status <= 999:
            raise ValueError(f"{response.status} is no status code")
        request.meta["download_latency"] = plain.meta.get("download_latency", request.meta["download_latency"])
        request.meta["ip_address"] = str(response.ip_address) if response.ip_address else None
        request.meta["body_bytes"] = len(response.body)
        cut_short = "dataloss" in response.flags and response.status not in REDIRECT_STATUSES
        request.meta["error_detail"] = "the connection was closed before the whole body had come" if cut_short else None
        return response.replace(url=request.url, request=request, flags=["reset"] if cut_short else [])

    async def close(self) -> None:
        """Hand the connections back."""
        for handler in self._handlers.values():
            await handler.close()

    def _handler(self, host: str) -> HTTP11DownloadHandler:
        """The client for one host: it says that host's name to the server, whatever the address."""
        if host not in self._handlers:
            handler: Any = HTTP11DownloadHandler.from_crawler(self._crawler)
            handler._contextFactory = _Named(handler._contextFactory, host)  # noqa: SLF001 - Scrapy offers no other way
            self._handlers[host] = handler
        return self._handlers[host]

    def _address(self, parts: urls.Parts) -> str | None:
        port = parts.port or ("443" if parts.scheme == "https" else "80")
        for route in self._routes:
            if route.leads(parts.host, port):
                return f"{route.address or parts.host}:{route.to_port or port}"
        return None


@implementer(IPolicyForHTTPS)
class _Named:
    """TLS settings that name the same server for every address."""

    def __init__(self, policy: Any, host: str) -> None:
        self._policy = policy
        self._host = host.encode()

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        """Twisted's question for one connection."""
        del hostname
        return self._policy.creatorForNetloc(self._host, port)
