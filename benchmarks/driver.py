"""Runs one crawler of benchmarks/crawlers by the python it is installed for; benchmarks/crawl.py starts it.

PYTHON benchmarks/driver.py crawl NAME START FOLDER CONCURRENCY     the crawl that is measured
PYTHON benchmarks/driver.py count NAME FOLDER [DISTRIBUTION]        what its output holds, and its version, as JSON
"""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path


def main(what: str, name: str, *rest: str) -> None:
    """Crawl or count."""
    crawler = importlib.import_module(f"crawlers.{name}")
    if what == "crawl":
        start, folder, concurrency = rest
        crawler.crawl(start, Path(folder), int(concurrency))
        return
    redirects, links = crawler.count(Path(rest[0]))
    print(json.dumps({"redirects": redirects, "links": links, "version": version(rest[1]) if rest[1:] else ""}))


if __name__ == "__main__":
    main(*sys.argv[1:])
