"""One crawl from its arguments to a finished journal."""

from __future__ import annotations

import gc
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from seoaudit.crawl.downloader import STOCK_ONLY, LeanDownloader
from seoaudit.crawl.recorder import Recorder
from seoaudit.crawl.spider import AuditSpider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seoaudit.config import Arguments
    from seoaudit.crawl.progress import Watcher
    from seoaudit.records import Limit
    from seoaudit.store.folder import RunFolder

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

MOST_AT_A_TIME = 64
"""Requests on their way to all hosts together, where each of them may have as many as `concurrency`."""


GARBAGE_OBJECTS = 20_000
"""New objects after which cyclic garbage is looked for, Python's own being 700."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """How a crawl ended. `reason` is Scrapy's finish reason; `left` are URLs that were wanted and not asked; `resumed` rows are of an earlier part."""

    reason: str
    requested: int
    answered: int
    known: int
    left: int
    limited: bool
    resumed: int
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


def crawl(
    arguments: Arguments,
    folder: RunFolder,
    settings: Settings,
    watcher: Watcher | None = None,
) -> CrawlResult:
    """Crawl until all is asked, a limit is reached, or a signal says stop; a journal in the folder is gone on with.

    At the first SIGINT or SIGTERM the crawl ends when what is on its way is answered.
    """
    settings = settings.copy()
    settings.setdict(_settings_of(arguments), priority="spider")
    if not any(settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] for name in STOCK_ONLY):
        settings.set("DOWNLOADER", LeanDownloader, priority="spider")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(AuditSpider)
    recorder = Recorder(arguments, folder)
    try:
        if recorder.resumed and watcher is not None:
            watcher.note(
                f"{recorder.resumed:,} URLs were answered before, {recorder.frontier.waiting:,} are known and wait"
            )
        process.crawl(crawler, recorder=recorder, watch=watcher.progress if watcher else None)
        with _stopping_on_signals(crawler, watcher.signal if watcher else None), _rare_collections():
            process.start(install_signal_handlers=False)
    finally:
        recorder.close()
    if not isinstance(crawler.spider, AuditSpider) or crawler.stats is None:
        raise RuntimeError("the crawl did not start; the log above says why")
    faults = recorder.faults + crawler.stats.get_value("spider_exceptions/count", 0)
    return _result(recorder, str(crawler.stats.get_value("finish_reason", "shutdown")), faults)


@contextmanager
def _stopping_on_signals(crawler: Any, tell: Callable[[int], None] | None) -> Iterator[None]:
    """While it lasts, signals end the crawl in good order instead of the process."""
    received: list[int] = []

    def stop() -> None:
        if isinstance(crawler.spider, AuditSpider):
            crawler.spider.stop("shutdown")
        if tell is not None:
            tell(len(received))

    def receive(number: int, _: object) -> None:
        # Not here: the interrupted code may be in the middle of a write to the same stream.
        from twisted.internet import reactor  # noqa: PLC0415 - importing it chooses the event loop

        received.append(number)
        reactor.callFromThread(stop)

    before = {number: signal.signal(number, receive) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """While it lasts, cyclic garbage is looked for less often: a page leaves little, and each look costs; a tenth of a crawl."""
    before = gc.get_threshold()
    gc.freeze()  # the modules are many objects, and will not be garbage
    gc.set_threshold(GARBAGE_OBJECTS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _settings_of(given: Arguments) -> dict[str, Any]:
    """What the arguments mean for Scrapy and the download handler; the command line's -s wins over them."""
    found: dict[str, Any] = {
        "CURL_CONNECT_TO": list(given.connect_to),
        "CURL_CA_FILE": str(given.ca_file) if given.ca_file else None,
        "CURL_INSECURE": given.insecure,
        "CONCURRENT_REQUESTS": max(MOST_AT_A_TIME, given.concurrency),
        "CONCURRENT_REQUESTS_PER_DOMAIN": max(MOST_AT_A_TIME, given.concurrency),
    }
    if given.user_agent:
        found["USER_AGENT"] = given.user_agent
    return found


def _result(recorder: Recorder, reason: str, faults: int) -> CrawlResult:
    frontier, tally = recorder.frontier, recorder.tally
    known = len(frontier.known)
    return CrawlResult(
        reason=f"{faults} errors in the crawler itself" if faults else reason,
        requested=tally.rows,
        answered=tally.answered,
        known=known,
        left=max(frontier.waiting, known - tally.rows),  # what was discovered and has no row, however it was lost
        limited=frontier.exhausted,
        resumed=recorder.resumed,
        adopted_host=recorder.adopted_host,
        hosts=sorted(recorder.scope.hosts),
        errors=dict(tally.errors),
        limits=recorder.limits(),
        failure=tally.failure(recorder.arguments) if reason == "finished" or not tally.rows else None,
    )
