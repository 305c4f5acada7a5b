"""Scrapy's scheduler over our frontier: a Request exists only when it is about to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.core.scheduler import BaseScheduler

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from seoaudit.crawl.spider import AuditSpider


class FrontierScheduler(BaseScheduler):
    """Hands the engine what the audit spider wants asked next."""

    def __init__(self, spider: AuditSpider) -> None:
        self._spider = spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        spider: AuditSpider = crawler.spider  # type: ignore[assignment]  # only the audit spider names this scheduler
        return cls(spider)

    def has_pending_requests(self) -> bool:
        """Whether anything may still be asked."""
        return self._spider.has_pending()

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that the spider wakes the engine with; it comes from the frontier, as all do."""
        self._spider.put_back(request)
        return True

    def next_request(self) -> Request | None:
        """The next request, if one may go now."""
        return self._spider.next_request()
