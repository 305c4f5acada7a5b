"""advertools: `crawl` follows the links and writes a line a page, the links of a page in one cell."""

# /// script
# dependencies = ["advertools"]
# [tool.benchmark]
# slow = true
# ///

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import advertools

if TYPE_CHECKING:
    from pathlib import Path


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One crawl into `folder`/pages.jl."""
    settings = {
        "CONCURRENT_REQUESTS": concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "WARNING",
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }
    # Left to itself it takes host and port for the domain, and then Scrapy takes every link for one that leads away.
    domains = [str(urlsplit(start).hostname)]
    output = str(folder / "pages.jl")
    advertools.crawl(start, output, follow_links=True, allowed_domains=domains, custom_settings=settings)


def count(folder: Path) -> tuple[int, int]:
    """Redirecting URLs and links in the output."""
    moved: set[str] = set()
    links = 0
    for line in (folder / "pages.jl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        moved.update(filter(None, (row.get("redirect_urls") or "").split("@@")))
        links += len(row["links_url"].split("@@")) if row.get("links_url") else 0
    return len(moved), links
