"""The usual Scrapy spider: CrawlSpider and LinkExtractor, an item a page into a JSON-lines feed, stock middlewares."""

# /// script
# [tool.benchmark]
# label = "Scrapy, CrawlSpider and LinkExtractor"
# distribution = "scrapy"
# slow = true
# ///

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy.http import Response


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One crawl into `folder`/pages.jsonl."""

    class Usual(CrawlSpider):
        name = "usual"
        allowed_domains = ("127.0.0.1",)
        rules = (Rule(LinkExtractor(), callback="page", follow=True),)

        def page(self, response: Response) -> Iterator[dict[str, object]]:
            referer = response.request.headers.get("Referer") if response.request else None
            yield {
                "url": response.url,
                "status": response.status,
                "title": response.css("title::text").get(),
                "canonical": response.css("link[rel=canonical]::attr(href)").get(),
                "redirect_urls": response.meta.get("redirect_urls", []),
                "link_text": response.meta.get("link_text"),
                "referer": referer.decode() if referer else None,
            }

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            "DOWNLOAD_DELAY": 0,
            "FEEDS": {str(folder / "pages.jsonl"): {"format": "jsonlines"}},
            "HTTPERROR_ALLOW_ALL": True,
            "LOG_LEVEL": "WARNING",
            "ROBOTSTXT_OBEY": True,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Usual, start_urls=[start])
    process.start()


def count(folder: Path) -> tuple[int, int]:
    """Redirecting URLs and links in the output: a link that the spider followed stands in the item it led to."""
    moved: set[str] = set()
    links = 0
    for line in (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        moved.update(row["redirect_urls"])
        links += bool(row["referer"])
    return len(moved), links
