"""crawlee for Python: ParselCrawler with `enqueue_links`, an item a page, all of it in memory until the end."""

# /// script
# dependencies = ["crawlee[parsel]"]
# [tool.benchmark]
# slow = true
# ///

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from crawlee.storage_clients import MemoryStorageClient

if TYPE_CHECKING:
    from pathlib import Path


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One crawl into `folder`/pages.json."""
    asyncio.run(_crawl(start, folder, concurrency))


async def _crawl(start: str, folder: Path, concurrency: int) -> None:
    crawler = ParselCrawler(
        concurrency_settings=ConcurrencySettings(
            min_concurrency=concurrency, max_concurrency=concurrency, desired_concurrency=concurrency
        ),
        storage_client=MemoryStorageClient(),
        respect_robots_txt_file=True,
        configure_logging=False,
    )

    @crawler.router.default_handler
    async def page(context: ParselCrawlingContext) -> None:
        await context.enqueue_links()
        await context.push_data(
            {
                "url": context.request.url,
                "loaded_url": context.request.loaded_url,
                "status": context.http_response.status_code,
                "title": context.selector.css("title::text").get(),
            }
        )

    await crawler.run([start])
    await crawler.export_data(str(folder / "pages.json"))


def count(folder: Path) -> tuple[int, int]:
    """Redirecting URLs in the output, the first one of each chain; links it records none."""
    rows = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
    return len({row["url"] for row in rows if row["loaded_url"] != row["url"]}), 0
