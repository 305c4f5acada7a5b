"""This project up to the journal, so that the table shows what tables and reports add to a crawl."""

# /// script
# [tool.benchmark]
# label = "seoaudit, crawl up to the journal"
# ///

from __future__ import annotations

from crawlers.seoaudit_tables import count
from crawlers.seoaudit_tables import crawl_only as crawl

__all__ = ["count", "crawl"]
