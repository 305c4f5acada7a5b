"""What a crawl costs beside other crawlers: URLs really fetched, what was recorded, CPU per URL, time and memory.

    python benchmarks/crawl.py FOLDER [--rounds N] [--site big|small] [--only NAME,...] [--rivals FOLDER]

Makes the sites of benchmarks/sites.py in FOLDER if they are not there, serves them with nginx and crawls each with this
project and with those rivals that benchmarks/rivals.py installed (FOLDER/rivals unless said). Every crawl is a process of
its own and takes its turn in every round; slow crawlers run in the first round only. Printed are medians.

URLs are counted in nginx's log. CPU is the kernel's account of the whole process tree, user and system, start and imports
included, the server's left out. Peak memory is that of the largest process of the tree. What was recorded is counted in
the crawler's own output. All run with 16 requests at once, robots.txt obeyed, no delay.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import rivals
import sites

CONCURRENCY = 16
OURS = "seoaudit_tables"
ONE_PAGE = sites.Shape("one-page", pages=1, chains=0, dead=0)
DRIVER = Path(__file__).with_name("driver.py")
PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One crawl, measured."""

    distinct: int
    requests: int
    redirects: int
    links: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    version: str

    @property
    def cpu_ms_per_url(self) -> float:
        """CPU of the whole process tree for each distinct URL that the server saw."""
        return self.cpu_s * 1000 / max(1, self.distinct)


class CrawlError(Exception):
    """A crawler ended with an exit code that it should not; the text is the end of what it said."""


def measure(crawler: rivals.Crawler, python: Path, site: Path) -> Cost:
    """One crawl of one site, all that it writes in a folder that is gone afterwards; raises CrawlError."""
    with tempfile.TemporaryDirectory() as name, sites.serving(site) as start:
        folder = Path(name)
        log = site / "access.log"
        os.truncate(log, 0)  # the server appends; this drops what asked whether it is up
        environment = {
            "HOME": name,
            "LANG": "C.UTF-8",
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": "" if crawler.dependencies else str(PROJECT),
        }
        command = [str(python), str(DRIVER)]
        with tempfile.TemporaryFile("w+", errors="replace") as said:
            began = time.monotonic()
            process = subprocess.Popen(
                [*command, "crawl", crawler.name, start, name, str(CONCURRENCY)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=name, env=environment,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            if process.returncode not in crawler.exit_codes:
                raise CrawlError(f"{crawler.name} ended with {process.returncode}: {said.read()[-1000:]}")
        asked = [line.split(" ", 1)[1] for line in log.read_text(encoding="utf-8").splitlines()]
        wanted = [crawler.distribution] if crawler.distribution else []
        counted = subprocess.run(
            [*command, "count", crawler.name, str(folder), *wanted],
            check=True, stdout=subprocess.PIPE, text=True, cwd=name, env=environment,
        )  # fmt: skip
    return Cost(
        distinct=len(set(asked)),
        requests=len(asked),
        wall_s=wall,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
        **json.loads(counted.stdout),
    )


def interleaved(crawlers: list[rivals.Crawler], given: argparse.Namespace, site: Path) -> dict[str, list[Cost]]:
    """Every crawler once a round, so that a machine that slows down slows all; a slow crawler in the first round only."""
    found: dict[str, list[Cost]] = {}
    for number in range(given.rounds):
        for crawler in crawlers:
            if number and crawler.slow:
                continue
            try:
                cost = measure(crawler, crawler.python(given.rivals), site)
            except CrawlError as failure:
                print(failure, file=sys.stderr)
                continue
            found.setdefault(crawler.name, []).append(cost)
            print(f"{site.name} {number + 1} {crawler.name}: {cost}", file=sys.stderr)
    return found


def middle(costs: list[Cost], name: str) -> float:
    """The median of one measured value."""
    return float(statistics.median(getattr(cost, name) for cost in costs))


def spread(costs: list[Cost]) -> str:
    """The median of the CPU per URL and, of several rounds, the least and the most: what the machine was worth."""
    cpu = [cost.cpu_ms_per_url for cost in costs]
    text = f"{statistics.median(cpu):.2f}"
    return f"{text} ({min(cpu):.2f} to {max(cpu):.2f})" if len(cpu) > 1 else text


def table(crawlers: list[rivals.Crawler], found: dict[str, list[Cost]]) -> str:
    """The medians as a Markdown table, the ratio that of the CPU per URL to this project's crawl and tables."""
    lines = [
        "| crawler | rounds | URLs | requests | redirects recorded | links recorded | wall s | CPU ms per URL | peak MB | ratio |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    ours = middle(found[OURS], "cpu_ms_per_url") if OURS in found else None
    for crawler in crawlers:
        costs = found.get(crawler.name)
        if not costs:
            continue
        counts = [f"{middle(costs, name):.0f}" for name in ("distinct", "requests", "redirects", "links")]
        cpu = middle(costs, "cpu_ms_per_url")
        cells = [
            f"{crawler.label} {costs[0].version}".strip(), str(len(costs)), *counts, f"{middle(costs, 'wall_s'):.1f}",
            spread(costs), f"{middle(costs, 'peak_mb'):.0f}", f"{cpu / ours:.1f}" if ours else "",
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def added(found: dict[str, list[Cost]], starts: dict[str, list[Cost]]) -> list[str]:
    """What tables, judgement and reports add to the crawl of the same round, the fixed start of each taken off."""
    net = {
        name: [cost.cpu_s - middle(starts[name], "cpu_s") for cost in costs]
        for name, costs in found.items()
        if name in starts
    }
    lines = []
    for name, label in {"seoaudit_tables": "tables", "seoaudit_audit": "tables, judgement and both reports"}.items():
        pairs = list(zip(net.get(name, ()), net.get("seoaudit_crawl", ()), strict=False))
        if pairs:
            share = statistics.median(whole / bare - 1 for whole, bare in pairs) * 100
            lines.append(f"Fixed start left out, {label} add {share:.0f} % to the CPU of the crawl.")
    return lines


def fixed_start(starts: dict[str, list[Cost]], labels: dict[str, str]) -> str:
    """What this project costs where there is next to nothing to crawl: imports, above all."""
    costs = [f"{labels[name]} {middle(found, 'cpu_s'):.2f} s" for name, found in starts.items()]
    return f"Fixed start, CPU of the same on a site of one page: {'; '.join(costs)}."


def chosen(given: argparse.Namespace) -> list[rivals.Crawler]:
    """The crawlers that are there, of those asked for; says which are missing."""
    known = rivals.crawlers()
    asked = given.only.split(",") if given.only else [crawler.name for crawler in known]
    if unknown := set(asked) - {crawler.name for crawler in known}:
        raise SystemExit(f"no such crawler: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in known)}")
    wanted = [crawler for crawler in known if crawler.name in asked]
    missing = [crawler.name for crawler in wanted if not crawler.python(given.rivals).exists()]
    if missing:
        print(f"Not installed, left out: {', '.join(missing)} (python benchmarks/rivals.py {given.rivals})\n")
    return [crawler for crawler in wanted if crawler.name not in missing]


def main() -> None:
    """Measure the sites in turn and print a table each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--site", choices=[shape.name for shape in (sites.BIG, sites.SMALL)])
    parser.add_argument("--only", metavar="NAME,...", help="files of benchmarks/crawlers")
    parser.add_argument("--rivals", type=Path)
    given = parser.parse_args()
    given.rivals = given.rivals or given.folder / "rivals"
    crawlers = chosen(given)
    own = [crawler for crawler in crawlers if crawler.name.startswith("seoaudit")]
    starts = interleaved(own, given, sites.made(ONE_PAGE, given.folder))
    for shape in (sites.BIG, sites.SMALL):
        if given.site in (None, shape.name):
            found = interleaved(crawlers, given, sites.made(shape, given.folder))
            print(f"Site `{shape.name}`, {CONCURRENCY} requests at once:\n\n{table(crawlers, found)}\n")
            print("\n".join([*added(found, starts), ""]))
    if starts:
        print(fixed_start(starts, {crawler.name: crawler.label for crawler in own}))


if __name__ == "__main__":
    main()
