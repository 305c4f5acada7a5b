"""Scrapy's downloader without what this project does elsewhere: no middlewares, no slots (the frontier keeps the pace).

Scrapy takes each response through its scraper and back to the scheduler, in three tasks and four deferreds. While the audit
spider has more to ask, its answers take the short way instead: to the spider where they came, and on to the next request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers.base import BaseDownloadHandler
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

    from seoaudit.crawl.spider import AuditSpider


class LeanDownloader:
    """Hands each request straight to the download handler (the setting DOWNLOADER), and its answer to the audit spider.

    It knows CONCURRENT_REQUESTS and the handler that DOWNLOAD_HANDLERS names for https, and none of the settings in `STOCK_ONLY`.
    The signal `response_received` is sent for every response, as the engine does.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.active: set[Request] = set()
        self._crawler = crawler
        self._spider: AuditSpider = crawler.spider  # type: ignore[assignment]  # only the audit spider has this downloader
        self._most = crawler.settings.getint("CONCURRENT_REQUESTS")
        handler = load_object(crawler.settings.getwithbase("DOWNLOAD_HANDLERS")["https"])
        self._handler: BaseDownloadHandler = build_from_crawler(handler, crawler)
        crawler.signals.connect(self._handler.close, signals.engine_stopped)

    def needs_backout(self) -> bool:
        """Whether so many requests are on their way that the engine must wait."""
        return 0 < self._most <= len(self.active)

    def fetch(self, request: Request) -> Deferred[Response]:
        """The last response of those that follow from one request; all but that one went to the spider.

        The first request stands for all: it counts as on its way until the engine has the response, and would else look idle.
        """
        self.active.add(request)
        answer: Deferred[Response] = deferred_from_coro(self._ask(request))
        return answer.addBoth(self._hand_over, request)

    def close(self) -> None:
        """The engine's call at the end; the handler hears of it by itself."""

    async def _ask(self, first: Request) -> Response:
        request: Request | None = first
        while request is not None:
            answer = await self._answer(request)
            asked, request = request, self._spider.follow(request, answer, more=self._may_go_on(first))
            if request is not None and isinstance(answer, Response):
                self._crawler.signals.send_catch_log(
                    signals.response_received, response=answer, request=asked, spider=self._spider
                )
        if isinstance(answer, Failure):
            answer.raiseException()
        return answer

    async def _answer(self, request: Request) -> Response | Failure:
        try:
            response = await self._handler.download_request(request)
        except Exception:  # noqa: BLE001 - whatever it is, the spider has a row for it
            failure = Failure()  # type: ignore[no-untyped-call]  # Twisted says no types
            failure.request = request  # type: ignore[attr-defined]  # as Scrapy does
            return failure
        response.request = request
        return response

    def _may_go_on(self, first: Request) -> bool:
        """Whether the engine would take another request, were this one done."""
        self.active.remove(first)
        engine = self._crawler.engine
        going = engine is not None and not engine.needs_backout()
        self.active.add(first)
        return going

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
    "SPIDER_MIDDLEWARES",
)
"""Settings that only Scrapy's own downloader knows: given on the command line, they bring it back."""
