"""The stages of an audit, one after the other: open a run, crawl, make the tables, judge and report."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.records import Limit
from seoaudit.run.apart import Ended, apart
from seoaudit.run.opening import open_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scrapy.settings import Settings

    from seoaudit.config import Arguments, Config
    from seoaudit.crawl.progress import Watcher
    from seoaudit.crawl.run import CrawlResult
    from seoaudit.render.view import ReportView
    from seoaudit.run.mailing import Posted
    from seoaudit.store.folder import RunFolder, RunInfo


class Audited(NamedTuple):
    """One audit when it is over; `posted` is None where nobody was to get a letter."""

    folder: RunFolder
    view: ReportView
    posted: Posted | None


def audit(given: Mapping[str, str], settings: Settings, watcher: Watcher) -> Audited:
    """Crawl, judge, report, and mail the letter when both reports are on disk.

    Raises ConfigError before anything is asked when an argument cannot be used, InUse when another process works on the
    run, OSError when the run cannot be written, Ended when something ended the process that judges; the letter then says so.
    """
    with _crawled(given, settings, watcher) as (folder, arguments):
        watcher.stage("judging and writing the reports")
        try:
            view = apart(_tables_and_report, folder, arguments.config, arguments.hsts_list)
        except Ended:
            posted = _mail(folder, arguments, watcher)
            for line in posted.faults if posted else ():
                watcher.note(line)
            raise
        return Audited(folder, view, _mail(folder, arguments, watcher, view))


def _mail(folder: RunFolder, arguments: Arguments, watcher: Watcher, view: ReportView | None = None) -> Posted | None:
    if not arguments.mail.to:
        return None
    from seoaudit.render.view import build_view  # noqa: PLC0415 - Arrow and DuckDB would cost the crawl 100 MB
    from seoaudit.run.mailing import Patience, post  # noqa: PLC0415

    watcher.stage("mailing the letter")
    return post(folder, view or build_view(folder), arguments.mail, Patience(note=watcher.note))


def crawl_run(given: Mapping[str, str], settings: Settings, watcher: Watcher) -> RunFolder:
    """The first half of an audit: a run folder with run.json and the tables of the crawl."""
    with _crawled(given, settings, watcher) as (folder, _):
        apart(_tables, folder)
    return folder


@contextmanager
def _crawled(given: Mapping[str, str], settings: Settings, watcher: Watcher) -> Iterator[tuple[RunFolder, Arguments]]:
    """A run folder that is this process's alone, with its journal and run.json whole."""
    arguments, folder, info = open_run(given, watcher.note)
    with crawled(arguments, folder, info, settings, watcher):
        yield folder, arguments


@contextmanager
def crawled(
    arguments: Arguments, folder: RunFolder, info: RunInfo, settings: Settings, watcher: Watcher
) -> Iterator[None]:
    """Crawl in this run folder, and keep it this process's alone while what follows is done."""
    from seoaudit.crawl.run import crawl  # noqa: PLC0415 - Scrapy is slow to load and `report` does not need it

    with folder.claimed():
        folder.write_info(info)
        watcher.stage("reading what was answered before" if info.resumed_at else "beginning")
        result = crawl(arguments, folder, settings, watcher)
        folder.write_info(finished(info, arguments, result))
        yield


def _tables(folder: RunFolder) -> None:
    from seoaudit.store.tables import write_crawl_tables  # noqa: PLC0415 - Arrow would cost the crawl 50 MB

    write_crawl_tables(folder)


def _tables_and_report(folder: RunFolder, config: Config, hsts_list: Path | None) -> ReportView:
    _tables(folder)
    return report(folder, config, hsts_list)


def report(folder: RunFolder, config: Config, hsts_list: Path | None = None) -> ReportView:
    """Judge the run's tables and write both reports again; needs no network. Raises ConfigError where `hsts_list` is none."""
    from seoaudit.run.reporting import judge_and_render  # noqa: PLC0415 - pandas would cost the crawl 100 MB

    return judge_and_render(folder, config, hsts_list)


def finished(info: RunInfo, arguments: Arguments, result: CrawlResult) -> RunInfo:
    """What run.json says once the crawl is over."""
    left = result.left and not result.limited
    state = "finished" if result.reason == "finished" and not left else "unfinished"
    if result.failure:
        state = "failed"
    return info.model_copy(
        update={
            "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "state": state,
            "failure": result.failure,
            "finish_reason": result.reason,
            "adopted_host": result.adopted_host,
            "hosts": result.hosts,
            "urls_requested": result.requested,
            "urls_known": result.known,
            "urls_left": result.left,
            "limits": [*result.limits, *_notes(info, arguments, result)],
        }
    )


def _notes(info: RunInfo, arguments: Arguments, result: CrawlResult) -> list[Limit]:
    notes = []
    if info.resumed_at:
        times = ", ".join(info.resumed_at)
        notes.append(
            Limit(
                "resumed",
                0,
                f"the run was interrupted and went on at {times}, the last time after {result.resumed:,} URLs",
            )
        )
    if arguments.insecure:
        notes.append(Limit("insecure", 0, "certificates were not verified (insecure=1)"))
    if arguments.robots == "ignore":
        notes.append(Limit("robots", 0, "robots.txt was not obeyed (robots=ignore)"))
    if result.errors.get("robots"):
        notes.append(
            Limit(
                "robots",
                result.errors["robots"],
                "URLs that robots.txt forbids were not asked; robots=ignore asks them on a site of one's own",
            )
        )
    return notes
