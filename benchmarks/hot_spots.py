"""Where the CPU of a crawl goes: samples a crawl of one of the sites of benchmarks/sites.py, and prints the share of each part.

    python benchmarks/hot_spots.py FOLDER [--site big|small]

A sample a millisecond of CPU; each counts for the innermost part of the program on the stack, with the C code that it called.
The sampling costs about a tenth itself, so the shares are to be read, not the total.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import sites

from seoaudit.config import Arguments
from seoaudit.crawl.run import crawl, project_settings
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from types import FrameType

PARTS = {
    "reading pages: lexbor, anchors, texts, hrefs": ("crawl/page.py", "crawl/resolver.py", "crawl/nesting.py", "crawl/encoding.py", "http/javascript"),
    "libcurl and its handler": ("crawl/curl.py", "crawl/transfer.py"),
    "Scrapy, Twisted, asyncio": ("/scrapy/", "/twisted/", "/asyncio/", "/pydispatch/", "crawl/spider.py", "crawl/downloader.py", "crawl/scheduler.py"),
    "frontier, pace, traps": ("crawl/frontier.py", "crawl/lanes.py", "crawl/pace.py", "crawl/retry.py", "crawl/traps.py", "crawl/spool.py", "crawl/scope.py"),
    "rows: headers, redirects, what is learned": ("crawl/row.py", "crawl/answer.py", "crawl/recorder.py", "crawl/knowledge.py", "crawl/tally.py", "crawl/rewalk.py", "seoaudit/http/", "seoaudit/urls.py"),
    "journal: JSON and the write": ("store/journal.py",),
}  # fmt: skip


def part_of(frame: FrameType | None) -> str:
    """The innermost part of the program that a stack is in."""
    while frame is not None:
        file = frame.f_code.co_filename
        for part, files in PARTS.items():
            if any(name in file for name in files):
                return part
        frame = frame.f_back
    return "everything else"


def main() -> None:
    """Crawl under the sampler and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--site", choices=("big", "small"), default="big")
    given = parser.parse_args()
    root = sites.made({"big": sites.BIG, "small": sites.SMALL}[given.site], given.folder)
    samples: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: samples.update([part_of(frame)]))
    with sites.serving(root) as start, tempfile.TemporaryDirectory() as folder:
        arguments = Arguments.read({"start": start, "concurrency": "16"})
        settings = project_settings({"LOG_LEVEL": "WARNING"})
        cpu = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        result = crawl(arguments, RunFolder(Path(folder)), settings)
        signal.setitimer(signal.ITIMER_PROF, 0)
        cpu = time.process_time() - cpu
    print(
        f"Site `{given.site}`: {result.requested:,} URLs, {cpu * 1000 / result.requested:.2f} ms of CPU each while sampled\n"
    )
    print("| part | share |\n|---|--:|")
    for part, count in samples.most_common():
        print(f"| {part} | {100 * count / samples.total():.0f} % |")


if __name__ == "__main__":
    main()
