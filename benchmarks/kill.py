"""A crawl that is killed again and again, at random moments: what is lost, doubled, or asked twice.

    python benchmarks/kill.py FOLDER [--kills N] [--seed N]

Serves the small site of benchmarks/sites.py, crawls it once in one go, and once more with `kill -9` at N random moments, each
followed by a resume. Compares the rows, and counts in the server's log what was asked more often than once. Exits 1 when a
row is missing or doubled, or when more was asked again than was on its way.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import sites

CONCURRENCY = 8
HERE = Path(__file__).parents[1]


def audit(start: str, output: Path, *more: str) -> subprocess.Popen[bytes]:
    """One audit in a process of its own."""
    words = ["audit", start, "-a", f"output={output}", "-a", f"concurrency={CONCURRENCY}", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "seoaudit", *words], cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def rows(output: Path) -> Counter[tuple[str, int | None, str | None]]:
    """URL, status and error of every row of the one run below `output`."""
    (table,) = output.rglob("responses.parquet")
    found = pq.read_table(table, columns=["url", "status", "error"]).to_pylist()
    return Counter((row["url"], row["status"], row["error"]) for row in found)


def requests(log: Path) -> Counter[str]:
    """How often each path was asked so far."""
    return Counter(line.split(" ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines())


def wait_until_asked(log: Path, size: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether the log grows to this size before the process ends."""
    while process.poll() is None:
        if log.stat().st_size >= size:
            return True
        time.sleep(0.002)
    return False


def killed_crawl(start: str, output: Path, log: Path, points: list[int]) -> int:
    """Crawl with a kill each time the server's log has reached the next size, then to the end; the kills that hit."""
    kills = 0
    for point in points:
        process = audit(start, output, *(["-a", "resume=1"] if kills else []))
        if wait_until_asked(log, point, process):
            process.kill()
            kills += 1
        process.wait()
    audit(start, output, "-a", "resume=1").wait()
    return kills


def main() -> None:
    """Run both crawls and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    root = sites.made(sites.SMALL, given.folder)
    log = root / "access.log"
    with sites.serving(root) as start, tempfile.TemporaryDirectory() as scratch:
        once, again = Path(scratch, "once"), Path(scratch, "again")
        log.write_bytes(b"")
        audit(start, once).wait()
        size, in_one_go = log.stat().st_size, requests(log)
        points = sorted(random.Random(given.seed).randrange(size) for _ in range(given.kills))
        kills = killed_crawl(start, again, log, [size + point for point in points])
        asked = requests(log) - in_one_go
        expected, found = rows(once), rows(again)
    # What one crawl asks more often than once is its second pass; robots.txt is read anew at each resume.
    more = asked - in_one_go
    twice = sum(count for path, count in more.items() if path != "/robots.txt")
    missing, doubled = expected - found, found - expected
    print(f"{kills} kills, {found.total():,} rows, {len(missing)} missing, {len(doubled)} doubled or other")
    print(f"{twice} URLs asked again; at most {kills * CONCURRENCY} were on their way when a kill came")
    sys.exit(bool(missing or doubled or twice > kills * CONCURRENCY))


if __name__ == "__main__":
    main()
