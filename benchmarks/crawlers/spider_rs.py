"""spider_rs: the Rust crawler behind its Python face. It keeps the URLs it saw, and no hop and no link.

Its face has no switch for the number of requests at once: it takes what it thinks right for the machine.
"""

# /// script
# dependencies = ["spider_rs"]
# ///

from __future__ import annotations

from typing import TYPE_CHECKING

from spider_rs import Website

if TYPE_CHECKING:
    from pathlib import Path


def crawl(start: str, folder: Path, concurrency: int) -> None:  # noqa: ARG001 - see above
    """One crawl into `folder`/urls.txt."""
    website = Website(start).with_respect_robots_txt(True)
    website.crawl()
    (folder / "urls.txt").write_text("\n".join(website.get_links()), encoding="utf-8")


def count(folder: Path) -> tuple[int, int]:  # noqa: ARG001 - there is nothing to look for
    """It records neither."""
    return 0, 0
