"""Makes run folders for tests, through the journal and the tables as an audit does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.journal import Journal, Record, Seeds
from seoaudit.store.tables import write_crawl_tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seoaudit.records import Mention, Response


def make_run(
    folder: Path, responses: Iterable[Response | Record] = (), seeds: Iterable[Mention] = (), **info: Any
) -> RunFolder:
    """A run folder in `folder` with these records; `info` overrides what run.json says."""
    folder.mkdir(parents=True, exist_ok=True)
    run = RunFolder(folder)
    with Journal(run.journal) as journal:
        journal.append(Seeds(list(seeds)))
        for record in responses:
            journal.append(record)
    write_crawl_tables(run)
    known: dict[str, Any] = {
        "site": "example.com",
        "start": "https://example.com/",
        "started_at": "2026-11-20T10:30:00Z",
        "finished_at": "2026-11-20T10:31:00Z",
        "state": "finished",
        "version": "0.1.0",
        "hosts": ["example.com", "www.example.com"],
    }
    run.write_info(RunInfo(**{**known, **info}))
    return run
