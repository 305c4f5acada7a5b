"""One crawl from its arguments to a finished journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from seoaudit.crawl.spider import AuditSpider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.config import Arguments
    from seoaudit.records import Limit
    from seoaudit.store.folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """How a crawl ended. `reason` is Scrapy's finish reason; `left` are URLs that were wanted and not asked."""

    reason: str
    requested: int
    answered: int
    known: int
    left: int
    limited: bool
    adopted_host: str | None
    hosts: list[str]
    errors: dict[str, int]
    limits: list[Limit]
    failure: str | None


def project_settings(overrides: Mapping[str, str] | None = None) -> Settings:
    """Scrapy's settings with this project's, and the command line's on top."""
    settings = Settings()
    settings.setmodule("seoaudit.settings", priority="project")
    settings.setdict(dict(overrides or {}), priority="cmdline")
    return settings


def crawl(arguments: Arguments, folder: RunFolder, settings: Settings) -> CrawlResult:
    """Crawl until all is asked, a limit is reached, or the person at the keyboard says stop (Ctrl-C once)."""
    settings = settings.copy()
    settings.setdict(_settings_of(arguments), priority="spider")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(AuditSpider)
    process.crawl(crawler, arguments=arguments, folder=folder)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, AuditSpider) or crawler.stats is None:
        raise RuntimeError("the crawl did not start; the log above says why")
    spider.journal.close()
    return _result(
        spider,
        str(crawler.stats.get_value("finish_reason", "shutdown")),
        crawler.stats.get_value("spider_exceptions/count", 0),
    )


def _settings_of(given: Arguments) -> dict[str, Any]:
    """What the arguments mean for Scrapy and the download handler; the command line's -s wins over them."""
    found: dict[str, Any] = {
        "CURL_CONNECT_TO": list(given.connect_to),
        "CURL_CA_FILE": str(given.ca_file) if given.ca_file else None,
        "CURL_INSECURE": given.insecure,
    }
    if "concurrency" in given.given:
        found["CONCURRENT_REQUESTS_PER_DOMAIN"] = given.concurrency
        found["CONCURRENT_REQUESTS"] = given.concurrency
    if given.user_agent:
        found["USER_AGENT"] = given.user_agent
    return found


def _result(spider: AuditSpider, reason: str, exceptions: int) -> CrawlResult:
    frontier = spider.frontier
    return CrawlResult(
        reason=f"{exceptions} errors in the crawler itself" if exceptions else reason,
        requested=spider.tally.rows,
        answered=spider.tally.answered,
        known=len(frontier.known),
        left=frontier.waiting,
        limited=frontier.exhausted,
        adopted_host=spider.adopted_host,
        hosts=sorted(spider.scope.hosts),
        errors=dict(spider.tally.errors),
        limits=spider.limits(),
        failure=spider.tally.failure(spider.arguments) if reason == "finished" or not spider.tally.rows else None,
    )
