"""Scrapy's own HTTP/1.1 client, for answers that libcurl refuses: two Location lines, a header line without a colon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from seoaudit import urls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class Http11Fallback:
    """Asks one URL with Scrapy's HTTP11DownloadHandler, honouring `connect_to` for plain HTTP.

    Over TLS under another address it cannot keep the server's name for the certificate, and so does not ask.
    """

    def __init__(self, crawler: Crawler, connect_to: list[str]) -> None:
        self._crawler = crawler
        self._routes = [_route(entry) for entry in connect_to]
        self._handler: HTTP11DownloadHandler | None = None

    def can_ask(self, request: Request) -> bool:
        """Whether this client can reach the host as libcurl did."""
        parts = urls.split(request.url)
        return parts.scheme == "http" or self._address(parts) is None

    async def download(self, request: Request, max_bytes: int) -> Response:
        """The response, its URL the one asked for; raises what Scrapy's handler raises."""
        if self._handler is None:
            self._handler = HTTP11DownloadHandler.from_crawler(self._crawler)
        parts = urls.split(request.url)
        address = self._address(parts)
        url = request.url if address is None else f"{parts.scheme}://{address}{parts.path}{parts.query}"
        headers = {"User-Agent": self._crawler.settings["USER_AGENT"], "Host": parts.origin.partition("://")[2]}
        headers.update(request.meta.get("headers", ()))
        meta = {"verbatim_url": True, "download_maxsize": max_bytes, "download_timeout": self._crawler.settings.getint("DOWNLOAD_TIMEOUT")}
        plain = Request(url, method=request.method, headers=headers, meta=meta)
        response = await self._handler.download_request(plain)
        request.meta["download_latency"] = plain.meta.get("download_latency", request.meta["download_latency"])
        request.meta["ip_address"] = str(response.ip_address) if response.ip_address else None
        request.meta["body_bytes"] = len(response.body)
        return response.replace(url=request.url, request=request)

    async def close(self) -> None:
        """Hand the connections back."""
        if self._handler is not None:
            await self._handler.close()

    def _address(self, parts: urls.Parts) -> str | None:
        port = parts.port or ("443" if parts.scheme == "https" else "80")
        for host, from_port, address, to_port in self._routes:
            if host in ("", parts.host) and from_port in ("", port):
                return f"{address or parts.host}:{to_port or port}"
        return None


def _route(entry: str) -> tuple[str, str, str, str]:
    """HOST:PORT:ADDRESS:PORT with IPv6 addresses in brackets, in its four parts."""
    fields: list[str] = []
    depth = 0
    current = ""
    for char in entry:
        depth += (char == "[") - (char == "]")
        if char == ":" and not depth:
            fields.append(current)
            current = ""
        else:
            current += char
    host, from_port, address, to_port = [*fields, current]
    return host.lower(), from_port, address, to_port
