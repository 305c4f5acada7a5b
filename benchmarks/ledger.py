"""How long the ledger of a site takes: a year of weekly runs, 100,000 redirects in each, and what a report waits for.

    python benchmarks/ledger.py [--runs N] [--redirects N] [--pages N] [--folder DIR]

The runs are made first (kept with --folder). Of the redirects, in each run one in a hundred has a new target, one in a
hundred is gone, one in a hundred was not asked, and one in fifty rotates. Then each measurement runs in a process of its
own: folding all of them anew, folding one more, and reading the ledger as of the middle of the year.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from seoaudit.classify.ledger import history_of
from seoaudit.store.chronicle import BEFORE, LEDGER_FILE, chronicle
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.ledger import Ledger
from seoaudit.store.schema import RESPONSES
from seoaudit.store.tables import write_table

SITE = "https://www.example.com"
FIRST = datetime(2026, 1, 5, 3, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=52)
    parser.add_argument("--redirects", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the runs are made, or lie already")
    parser.add_argument("--task", choices=sorted(TASKS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.task:
        print(json.dumps(measured(given.task, given.folder / "www.example.com")))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        site = folder / "www.example.com"
        for run in range(given.runs):
            if not name_of(site, run).info_file.exists():
                make_run(name_of(site, run), run, given.redirects, given.pages)
        for task, words in TASKS_WORDS.items():
            command = [sys.executable, __file__, "--task", task, "--folder", str(folder)]
            done = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            print(
                f"{words}: {done['cpu']:.1f} s of CPU, {done['wall']:.1f} s, peak {done['peak_mb']:.0f} MB; {done['told']}"
            )


def name_of(site: Path, run: int) -> RunFolder:
    return RunFolder(site / f"{FIRST + timedelta(weeks=run):%Y%m%dT%H%M%SZ}")


def make_run(folder: RunFolder, run: int, redirects: int, pages: int) -> None:
    """The tables that folding reads, of one week."""
    folder.path.mkdir(parents=True, exist_ok=True)
    number = np.arange(redirects)
    random = np.random.default_rng(run).random(redirects)
    changes = np.random.default_rng(7).integers(0, 100, redirects)  # the week in which a redirect has its new target
    targets = np.where(changes <= run, (number * 7 + 1) % pages, (number * 7) % pages)
    targets = np.where(number % 50 == 0, run % 3, targets)
    here = [f"{SITE}/old-guide/topic-{n % 997}/page-about-something-{n}" for n in number.tolist()]
    there = [f"{SITE}/guide/topic-{n % 997}/page-about-something-{n}" for n in range(pages)]
    leads = [there[n] for n in targets.tolist()]
    gone = random < 0.01
    status = np.where(gone, 404, np.where(number % 11 == 0, 302, 301))
    asked = random < 0.99
    moves = pa.table(
        {
            "url": pa.array(here),
            "status": pa.array(status, pa.int16()),
            "mechanism": pa.array(np.where(gone, None, "location"), pa.string()),
            "location_url": pa.array([None if lost else to for lost, to in zip(gone.tolist(), leads, strict=True)]),
        }
    ).filter(pa.array(asked))
    answers = pa.table({"url": pa.array(there), "status": pa.array(np.full(pages, 200), pa.int16())})
    rows = pa.concat_tables([moves, answers], promote_options="default")
    full = [rows[f.name] if f.name in rows.column_names else pa.nulls(len(rows), f.type) for f in RESPONSES]
    write_table(
        folder.table("responses"),
        pa.table([column.cast(f.type) for column, f in zip(full, RESPONSES, strict=True)], schema=RESPONSES),
    )
    started = (FIRST + timedelta(weeks=run)).isoformat()
    folder.write_info(
        RunInfo(site="www.example.com", start=f"{SITE}/", started_at=started, state="finished", version="benchmark")
    )


def measured(task: str, site: Path) -> dict[str, Any]:
    start, began = time.perf_counter(), time.process_time()
    told = TASKS[task](site)
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    wall, cpu = time.perf_counter() - start, time.process_time() - began
    return {"wall": wall, "cpu": cpu, "peak_mb": int(status["VmHWM"].split()[0]) / 1024, "told": told}


def _all(site: Path) -> str:
    (site / LEDGER_FILE).unlink(missing_ok=True)
    (site / BEFORE).unlink(missing_ok=True)
    ledger = chronicle(site).ledger
    size = (site / LEDGER_FILE).stat().st_size / 2**20
    return f"{len(ledger.runs)} runs, {len(ledger.answers):,} answers, {size:.1f} MB on disk"


def _last(site: Path) -> str:
    ledger = Ledger.read(site / LEDGER_FILE)
    ledger.without({ledger.runs[-1].name}).write(site / LEDGER_FILE)
    return f"{len(chronicle(site).ledger.runs)} runs"


def _middle(site: Path) -> str:
    ledger = chronicle(site).ledger
    return f"{len(history_of(ledger, ledger.runs[len(ledger.runs) // 2].name).ledger):,} rows"


TASKS = {"all": _all, "last": _last, "middle": _middle}
TASKS_WORDS = {
    "all": "a year folded from its runs",
    "last": "one more run (reading and writing the rest twice)",
    "middle": "as of the middle of the year",
}

if __name__ == "__main__":
    main()
