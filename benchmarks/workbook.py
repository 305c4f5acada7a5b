"""How long the workbook takes, and how much memory, beside a bare openpyxl loop that writes the same rows.

    python benchmarks/workbook.py [--rows N] [--rounds N]

A run folder with so many findings is made, the same each time. Then each way writes it in a process of its own: `bare` hands
the rows of findings.parquet to a write-only sheet as they are, `ours` is `write_workbook`. The best of the rounds counts; time
is processor time, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from seoaudit.records import SEVERITIES
from seoaudit.render.excel import write_workbook
from seoaudit.render.view import build_view
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.schema import FINDINGS
from seoaudit.store.tables import write_table

SITE = "https://www.example.com"


def make_run(path: Path, rows: int) -> RunFolder:
    folder = RunFolder(path)
    folder.write_info(
        RunInfo(site="www.example.com", start=SITE, started_at="20260921T110640Z", state="finished", version="0")
    )
    keys = [number * 7919 % rows for number in range(rows)]
    columns = zip(*map(_finding, keys), strict=True)
    write_table(folder.table("findings"), pa.table(list(columns), schema=FINDINGS))
    return folder


def _finding(key: int) -> tuple[object, ...]:
    old, new = f"{SITE}/old-guide/{key}/page.html?lang=en", f"{SITE}/guide/{key}/"
    return (
        f"rule-{key % 20}",
        SEVERITIES[key % 5],
        old,
        f"2 redirects: {old}, then {new}; the first is 302, which Google does not take for a move.",
        f"Answer {old} with 301 to {new}.",
        key % 50,
        None,
        f"/old-guide/{key % 30}/ to /guide/ on www.example.com",
    )


def bare(folder: RunFolder) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Findings")
    sheet.append(FINDINGS.names)
    for batch in pq.ParquetFile(folder.table("findings")).iter_batches(10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append(row)
    book.save(folder.path / "bare.xlsx")


def ours(folder: RunFolder) -> None:
    write_workbook(build_view(folder, {}), folder)


WAYS = {"bare": bare, "ours": ours}


def measure(way: str, folder: Path) -> dict[str, float]:
    """Seconds and peak MB of one way, in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True)
    return json.loads(answer.stdout)


def run_way(way: str, folder: RunFolder) -> None:
    started = time.process_time()
    WAYS[way](folder)
    seconds = time.process_time() - started
    print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        run_way(given.way, RunFolder(given.folder))
        return
    with tempfile.TemporaryDirectory() as folder:
        make_run(Path(folder), given.rows)
        rounds = [{way: measure(way, Path(folder)) for way in WAYS} for _ in range(given.rounds)]
    best = {way: {name: min(one[way][name] for one in rounds) for name in ("seconds", "mb")} for way in WAYS}
    for way, figures in best.items():
        print(f"{way:>5}: {figures['seconds']:6.1f} s  {figures['mb']:5.0f} MB peak")
    ratio = {name: best["ours"][name] / best["bare"][name] for name in ("seconds", "mb")}
    print(f"ratio: {ratio['seconds']:.2f} in time, {ratio['mb']:.2f} in memory, {given.rows:,} findings")


if __name__ == "__main__":
    main()
