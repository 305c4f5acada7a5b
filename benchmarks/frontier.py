"""What known and waiting URLs cost: a crawl of ten million URLs without a network, half of them waiting at the end.

    python benchmarks/frontier.py [--urls N]

Every page that is asked mentions a link that is known and links that are not, until N URLs are known. Prints, at each tenth,
the memory of the process and what it grew by for each URL that became known meanwhile, and the disk that waiting ones take.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from seoaudit.config import Arguments
from seoaudit.crawl.frontier import Frontier
from seoaudit.crawl.pace import Reply
from seoaudit.crawl.scope import Scope
from seoaudit.crawl.spool import Spool
from seoaudit.http.robots import read_robots
from seoaudit.records import Mention

SITE = "https://www.example.com"
NEW_LINKS = 2
"""Each page that is asked makes two more known, so that half of all known URLs wait."""


def url(number: int) -> str:
    """A path such as shops have, about 75 characters long."""
    return f"{SITE}/category-{number % 97}/subcategory-{number % 1009}/a-product-of-this-shop-{number}.html"


def resident_mb() -> float:
    """The memory that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Simulate, and print a line a tenth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=10_000_000)
    total = parser.parse_args().urls
    with tempfile.TemporaryDirectory() as folder, Spool(Path(folder)) as spool:
        arguments = Arguments.read({"start": f"{SITE}/"})
        frontier = Frontier(Scope.of(arguments.start), arguments, spool)
        frontier.robots(SITE, read_robots(404, b"", "seoaudit"))
        frontier.mentions([Mention(f"{SITE}/", "start")])
        print("| known | waiting | memory MB | bytes a URL since the last line | on disk MB | µs of CPU a URL |")
        print("|--:|--:|--:|--:|--:|--:|")
        simulate(frontier, spool, total)


def simulate(frontier: Frontier, spool: Spool, total: int) -> None:
    """Ask, and let each answer mention new URLs, until `total` are known."""
    made, memory, known, cpu = 0, resident_mb(), 0, time.process_time()
    step = max(1, total // 10)
    while len(frontier.known) < total:
        now = time.monotonic()
        task = frontier.pop(now)
        assert task is not None
        frontier.answered(task, Reply(200, latency=0.01), now)
        frontier.mentions([Mention(f"{SITE}/", "a"), *(Mention(url(made + n), "a") for n in range(NEW_LINKS))], task)
        made += NEW_LINKS
        if len(frontier.known) >= known + step:
            grown, found = resident_mb() - memory, len(frontier.known) - known
            spent = (time.process_time() - cpu) / found
            memory, known, cpu = resident_mb(), len(frontier.known), time.process_time()
            print(
                f"| {known:,} | {frontier.waiting:,} | {memory:,.0f} | {grown * 2**20 / found:,.0f} | "
                f"{spool.size / 2**20:,.0f} | {spent * 1e6:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
