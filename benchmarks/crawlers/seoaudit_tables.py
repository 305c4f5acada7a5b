"""This project: the whole crawl with robots, scope, journal and every mention, and its tables at the end.

Each function imports what it needs: what others take from here must not load, and pay for, what they do not use.
"""

# /// script
# [tool.benchmark]
# label = "seoaudit, crawl and tables"
# ///

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def crawl(start: str, folder: Path, concurrency: int) -> None:
    """One crawl, its run folder below `folder`."""
    from seoaudit import run  # noqa: PLC0415 - see above
    from seoaudit.cli.watching import QuietWatcher  # noqa: PLC0415 - see above
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - see above

    given = {"start": start, "output": str(folder), "concurrency": str(concurrency)}
    found = run.crawl_run(given, project_settings({"LOG_LEVEL": "WARNING"}), QuietWatcher())
    if found.read_info().state != "finished":
        raise RuntimeError(f"the crawl is not complete: {found.read_info()}")


def crawl_only(start: str, folder: Path, concurrency: int) -> None:
    """One crawl up to its journal."""
    from seoaudit.config import Arguments  # noqa: PLC0415 - see above
    from seoaudit.crawl.run import crawl, project_settings  # noqa: PLC0415 - see above
    from seoaudit.store.folder import RunFolder  # noqa: PLC0415 - see above

    arguments = Arguments.read({"start": start, "concurrency": str(concurrency)})
    result = crawl(arguments, RunFolder(folder), project_settings({"LOG_LEVEL": "WARNING"}))
    if result.reason != "finished" or result.left:
        raise RuntimeError(f"the crawl is not complete: {result}")


def count(folder: Path) -> tuple[int, int]:
    """Redirecting URLs and mentions in the run somewhere below `folder`; makes the tables where there is a journal only."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    from seoaudit.store.folder import RunFolder  # noqa: PLC0415 - see above
    from seoaudit.store.tables import write_crawl_tables  # noqa: PLC0415 - see above

    run = RunFolder(next(folder.rglob("journal.jsonl")).parent)
    if not run.table("responses").exists():
        write_crawl_tables(run)
    answers = pq.read_table(run.table("responses"), columns=["status", "location"]).to_pylist()
    moved = [row for row in answers if row["location"] is not None and 300 <= (row["status"] or 0) < 400]
    return len(moved), pq.read_metadata(run.table("links")).num_rows
