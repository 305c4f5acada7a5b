"""How long judging takes, and how much memory, on a synthetic run: 1,000,000 URLs, 100,000 redirects, 20,000,000 links.

    python benchmarks/judge_synthetic.py [--urls N] [--redirects N] [--links N] [--linked SHARE] [--folder DIR] [--steps]

The run folder is made first (streamed, the same for the same numbers; kept with --folder). One link in ten leads to a
redirect, or SHARE of them. Then each measurement runs in a process of its own: merely reading the tables, and the whole
stage from tables to reports. --steps times its parts too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS, VARIANTS
from seoaudit.store.tables import BATCH_ROWS

WWW, APEX = "https://www.example.com", "https://example.com"
LEVELS = (
    WWW + "/guide/{0}/{1}/",  # the slash goes
    WWW + "/old-guide/{0}/{1}/",  # a prefix is mapped
    APEX + "/old-guide/{0}/{1}/",  # apex to www
    "http://example.com/old-guide/{0}/{1}/",  # http to https
    "http://example.com/Old-Guide/{0}/{1}/",  # case
    "http://example.com/archive/Old-Guide/{0}/{1}/",  # another prefix
)
"""Where the redirect stands that is so many hops from its chain's end."""

NAVIGATION = 8
TEXTS = pa.array(
    [f"{word} {thing}" for word in ("Read", "More about", "All") for thing in ("this", "prices", "guides", "news")]
)


def main() -> None:
    arguments = _arguments()
    if arguments.task:
        print(json.dumps(TASKS[arguments.task](RunFolder(arguments.folder))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = RunFolder(arguments.folder or Path(scratch) / "run")
        if not folder.info_file.exists():
            make_run(folder, arguments.urls, arguments.redirects, arguments.links, arguments.linked)
        read = _measure("read", folder)
        print(f"reading the tables: {read['seconds']:.1f} s, {read['peak_mb']:.0f} MB")
        for task in ("stage", "report") if arguments.steps else ("report",):
            done = _measure(task, folder)
            print(
                f"{task}: {done['seconds']:.1f} s ({done['seconds'] / read['seconds']:.1f} times reading), peak {done['peak_mb']:.0f} MB"
            )
            for step, (seconds, peak_mb) in done.get("steps", {}).items():
                print(f"  {step}: {seconds:.1f} s, peak so far {peak_mb:.0f} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--redirects", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=20_000_000)
    parser.add_argument("--linked", type=float, default=0.1)
    parser.add_argument("--folder", type=Path, help="where the run is made, or lies already")
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--task", choices=sorted(TASKS), help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(task: str, folder: RunFolder) -> dict[str, Any]:
    command = [sys.executable, __file__, "--task", task, "--folder", str(folder.path)]
    return dict(
        json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    )


def make_run(folder: RunFolder, urls: int, redirects: int, links: int, linked: float) -> None:
    """A run folder with tables of these sizes."""
    folder.path.mkdir(parents=True, exist_ok=True)
    moves = redirect_rows(redirects)
    pages = urls - moves.num_rows
    sites = pa.array(
        [
            f"{WWW}/{('guide', 'shop', 'blog', 'help')[n % 4]}/topic-{n % 997}/page-about-something-{n}"
            for n in range(pages)
        ]
    )
    with pq.ParquetWriter(folder.table("responses"), RESPONSES, compression="zstd") as writer:
        for start in range(0, pages, BATCH_ROWS):
            writer.write_table(page_rows(sites[start : start + BATCH_ROWS], start))
        writer.write_table(moves, row_group_size=BATCH_ROWS)
    write_links(folder, sites, moves["url"].combine_chunks(), links, linked)
    pq.write_table(REWALKS.empty_table(), folder.table("rewalks"))
    pq.write_table(VARIANTS.empty_table(), folder.table("variants"))
    hosts = ["example.com", "www.example.com"]
    folder.write_info(
        RunInfo(
            site=hosts[1],
            start=f"{WWW}/",
            started_at="2026-11-20T10:30:00+00:00",
            state="finished",
            version="benchmark",
            hosts=hosts,
        )
    )


def page_rows(urls: pa.Array, start: int) -> pa.Table:
    """Pages that answer 200, with the headers that servers send."""
    numbers = np.arange(start, start + len(urls))
    return _table(
        url=urls,
        status=pa.array(np.where(numbers % 200 == 199, 404, 200), pa.int16()),
        media_type="text/html",
        body_bytes=pa.array(20_000 + numbers % 9973),
        title=pc.binary_join_element_wise(
            "Page number", pa.array(numbers).cast(pa.string()), "of the example site", " "
        ),
        canonical=urls,
        cache_control="public, max-age=600",
        hsts="max-age=31536000; includeSubDomains",
        vary="Accept-Encoding",
        date=_http_dates(numbers // 40),
        last_modified=_http_dates(-numbers * 61),
        server="nginx",
        content_encoding="br",
        latency_ms=pa.array(20.0 + numbers % 311),
    )


def _http_dates(seconds: np.ndarray) -> pa.Array:
    times = pa.array(1_790_000_000 + seconds).cast(pa.timestamp("s"))
    return pc.strftime(times, "%a, %d %b %Y %H:%M:%S GMT")


def redirect_rows(count: int) -> pa.Table:
    """Chains of 1 to 6 redirects: most end well, some break, some loop."""
    rows: list[tuple[str, int, str]] = []
    chain = 0
    while len(rows) < count:
        length, names = chain % 6 + 1, (f"topic-{chain % 997}", f"page-{chain}")
        path = [LEVELS[level].format(*names) for level in reversed(range(length))]
        rows += zip(
            path, [302 if chain % 11 == 0 else 301] * length, [*path[1:], _end(chain, path, names)], strict=True
        )
        chain += 1
    rows = rows[:count]
    urls, statuses, targets = (pa.array(column) for column in zip(*rows, strict=True))
    return _table(
        url=urls,
        status=statuses.cast(pa.int16()),
        mechanism="location",
        location=targets,
        location_count=pa.array([1] * count, pa.int16()),
        location_url=targets,
        latency_ms=pa.array(np.arange(count) % 97 + 5.0),
        hsts="max-age=31536000; includeSubDomains",
        server="nginx",
    )


def _end(chain: int, path: list[str], names: tuple[str, str]) -> str:
    match chain % 50:
        case 0:
            return path[0]
        case 1 | 2:
            return f"{WWW}/guide/gone/{names[1]}"
        case 3:
            return f"https://partner-{chain % 40}.example.net/{names[1]}"
        case _:
            number = chain * 4
            return f"{WWW}/guide/topic-{number % 997}/page-about-something-{number}"


def _table(**columns: pa.Array | str) -> pa.Table:
    rows = len(columns["url"])
    ready = {
        field.name: pa.array([columns[field.name]] * rows)
        if isinstance(columns.get(field.name), str)
        else columns.get(field.name)
        for field in RESPONSES
    }
    ready |= {
        "method": pa.array(["GET"] * rows),
        "in_scope": pa.array([True] * rows),
        "depth": pa.array([3] * rows),
        "hops": pa.array([0] * rows),
        "protocol": pa.array(["h2"] * rows),
        "ip_address": pa.array(["192.0.2.10"] * rows),
        "fetched_at": pa.array(np.arange(rows) + 1_790_000_000_000_000),
    }
    arrays = [pa.nulls(rows, f.type) if ready[f.name] is None else ready[f.name].cast(f.type) for f in RESPONSES]
    return pa.table(arrays, schema=RESPONSES)


def write_links(folder: RunFolder, pages: pa.Array, moves: pa.Array, links: int, linked: float) -> None:
    """Page after page: navigation, links to other pages, and that share to a URL that redirects."""
    random = np.random.default_rng(20_261_120)
    per_page = max(1, links // len(pages))
    known = pa.concat_arrays([pages, moves])
    with pq.ParquetWriter(folder.table("links"), LINKS, compression="zstd") as writer:
        for start in range(0, len(pages), BATCH_ROWS // per_page or 1):
            sources = np.arange(start, min(len(pages), start + (BATCH_ROWS // per_page or 1)))
            target = random.integers(0, len(pages), (len(sources), per_page))
            target[:, :NAVIGATION] = np.arange(min(NAVIGATION, per_page))
            redirecting = random.random(target.shape) < linked
            redirecting[:, :NAVIGATION] = False
            target[redirecting] = len(pages) + random.integers(0, len(moves), int(redirecting.sum()))
            flat = target.ravel()
            targets = known.take(pa.array(flat))
            relative = pc.replace_substring_regex(targets, "^https?://[^/]*", "")
            columns = {
                "source": pages.take(pa.array(np.repeat(sources, per_page))),
                "target": targets,
                "element": pa.array(["a", "a", "a", "img"]).take(pa.array(flat % 4)),
                "text": TEXTS.take(pa.array(flat % len(TEXTS))),
                "rel": pa.nulls(len(flat), pa.string()),
                "href": pc.if_else(pa.array(flat % 3 == 0), relative, None),
            }
            writer.write_table(pa.table(columns, schema=LINKS))


def _read(folder: RunFolder) -> dict[str, Any]:
    start = time.perf_counter()
    for name in ("responses", "links", "rewalks", "variants"):
        for batch in pq.ParquetFile(folder.table(name)).iter_batches():
            assert batch.num_columns
    return _result(start)


def _stage(folder: RunFolder) -> dict[str, Any]:
    from seoaudit.classify.facts import build_facts, write_chains, write_fixes  # noqa: PLC0415 - what is measured loads only what it needs
    from seoaudit.config import Thresholds  # noqa: PLC0415 - what is measured loads only what it needs
    from seoaudit.rules import judge  # noqa: PLC0415 - what is measured loads only what it needs

    start = last = time.perf_counter()
    steps: dict[str, tuple[float, float]] = {}

    def done(step: str) -> None:
        nonlocal last
        steps[step] = (time.perf_counter() - last, _peak_mb())
        last = time.perf_counter()

    facts = build_facts(folder, folder.read_info(), Thresholds())
    done("build_facts")
    write_chains(folder, facts)
    done("write_chains")
    write_fixes(folder, facts)
    done("write_fixes")
    findings, failed = judge(facts)
    done(f"judge ({len(findings)} findings, {len(failed)} rules failed)")
    return {**_result(start), "steps": steps}


def _report(folder: RunFolder) -> dict[str, Any]:
    from seoaudit.config import Config  # noqa: PLC0415 - what is measured loads only what it needs
    from seoaudit.run import report  # noqa: PLC0415 - what is measured loads only what it needs

    start = time.perf_counter()
    report(folder, Config())
    return _result(start)


def _result(start: float) -> dict[str, Any]:
    return {"seconds": time.perf_counter() - start, "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """The most memory that this process had; getrusage would count what its parent had before it."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


TASKS = {"read": _read, "stage": _stage, "report": _report}

if __name__ == "__main__":
    main()
