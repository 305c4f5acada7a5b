"""Makes run folders for tests, through the journal and the tables as an audit does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seoaudit.classify.facts import Facts, build_facts
from seoaudit.config import Thresholds
from seoaudit.records import Response
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.journal import Journal, Record, Seeds
from seoaudit.store.tables import write_crawl_tables

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seoaudit.records import Mention


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


def facts_of(
    folder: Path, responses: Iterable[Response | Record] = (), seeds: Iterable[Mention] = (), **info: Any
) -> Facts:
    """The facts of such a run."""
    run = make_run(folder, responses, seeds, **info)
    return build_facts(run, run.read_info(), Thresholds())


def page(url: str, **columns: Any) -> Response:
    """An HTML page that answers 200, unless the columns say otherwise; `url` may be a path on https://example.com."""
    return Response(**{"url": absolute(url), "status": 200, "media_type": "text/html", **columns})


def moved(url: str, target: str, status: int = 301, **columns: Any) -> Response:
    """A redirect by Location, unless the columns say otherwise."""
    known = {"url": absolute(url), "status": status, "mechanism": "location", "location": target, "location_count": 1}
    return Response(**{**known, "location_url": absolute(target), **columns})


def absolute(url: str) -> str:
    """The URL, a path on https://example.com written out."""
    return f"https://example.com{url}" if url.startswith("/") else url
