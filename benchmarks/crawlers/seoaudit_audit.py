"""This project as a person runs it: crawl, tables, judgement and both reports."""

# /// script
# [tool.benchmark]
# label = "seoaudit, whole audit with both reports"
# ///

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from crawlers.seoaudit_tables import count

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["count", "crawl"]


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One audit below `folder`, in this very process."""
    arguments = ["audit", start, "-a", f"output={folder}", "-a", f"concurrency={concurrency}"]
    os.execv(sys.executable, [sys.executable, "-m", "seoaudit", *arguments])
