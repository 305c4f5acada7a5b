"""What a crawl costs: CPU per URL and peak memory, on the sites of benchmarks/sites.py, with the whole crawl on.

    python benchmarks/crawl.py FOLDER [--rounds N]

Makes the sites in FOLDER if they are not there, crawls each N times in turn, each time in a process of its own, and prints
medians. CPU is that of the crawling process, its start and its imports left out; the server's own is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

import sites

ONE_CRAWL = """
import json, pathlib, resource, sys, tempfile, time
from seoaudit.config import Arguments
from seoaudit.crawl.run import crawl, project_settings
from seoaudit.store.folder import RunFolder

with tempfile.TemporaryDirectory() as folder:
    began, cpu = time.monotonic(), time.process_time()
    run = RunFolder(pathlib.Path(folder))
    result = crawl(Arguments.read({"start": sys.argv[1]}), run, project_settings({"LOG_LEVEL": "WARNING"}))
    cpu, wall = time.process_time() - cpu, time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"urls": result.requested, "cpu_ms": cpu * 1000 / result.requested, "per_s": result.requested / wall, "mb": peak}))
"""


def measure(root: Path) -> dict[str, float]:
    """One crawl of one site."""
    with sites.serving(root) as start:
        command = [sys.executable, "-c", ONE_CRAWL, start]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure both sites in turn and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    shapes = (sites.BIG, sites.SMALL)
    for shape in shapes:
        if not (given.folder / shape.name / "redirects.map").exists():
            sites.make(shape, given.folder)
    rounds = [{shape.name: measure(given.folder / shape.name) for shape in shapes} for _ in range(given.rounds)]
    for shape in shapes:
        middle = {key: statistics.median(found[shape.name][key] for found in rounds) for key in rounds[0][shape.name]}
        print(
            f"{shape.name:6} {middle['urls']:.0f} URLs  {middle['cpu_ms']:.2f} ms CPU a URL  "
            f"{middle['per_s']:.0f} URLs/s  peak {middle['mb']:.0f} MB"
        )


if __name__ == "__main__":
    main()
