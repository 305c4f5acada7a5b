"""One audit from its arguments to its reports, in one run folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pyarrow as pa

from seoaudit import urls
from seoaudit.classify.facts import build_facts, write_chains, write_fixes
from seoaudit.config import Config, ConfigError
from seoaudit.records import Limit
from seoaudit.render.excel import write_workbook
from seoaudit.render.html import write_html
from seoaudit.render.view import ReportView, build_view
from seoaudit.rules import judge
from seoaudit.store.folder import RunFolder, RunInfo
from seoaudit.store.history import first_sightings
from seoaudit.store.schema import FINDINGS
from seoaudit.store.tables import write_crawl_tables, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scrapy.settings import Settings

    from seoaudit.config import Arguments
    from seoaudit.crawl.run import CrawlResult


def audit(arguments: Arguments, settings: Settings) -> tuple[RunFolder, ReportView]:
    """Crawl, judge and report; raises ConfigError before anything is written when an argument cannot be used."""
    from seoaudit.crawl.run import crawl  # noqa: PLC0415 - Scrapy is slow to load and `report` does not need it

    folder, info = new_run(arguments)
    result = crawl(arguments, folder, settings)
    folder.write_info(finished(info, arguments, result))
    write_crawl_tables(folder)
    return folder, report(folder, arguments.config)


def report(folder: RunFolder, config: Config) -> ReportView:
    """Judge the run's tables and write both reports again; needs no network."""
    info = folder.read_info()
    facts = build_facts(folder, info, config.thresholds)
    write_chains(folder, facts)
    write_fixes(folder, facts)
    findings, failed = judge(facts, first_sightings(folder))
    write_table(folder.table("findings"), pa.Table.from_pandas(findings, schema=FINDINGS, preserve_index=False))
    del facts, findings  # the reports read what they need from the tables
    folder.write_info(info.model_copy(update={"failed_rules": failed}))
    view = build_view(folder)
    write_html(view, folder)
    write_workbook(view, folder)
    return view


def new_run(arguments: Arguments) -> tuple[RunFolder, RunInfo]:
    """Make the folder of a run that starts now; two that start at once get one each."""
    started = datetime.now(UTC)
    site = site_name(arguments.start)
    path = _make_folder(arguments.output / site, started.strftime("%Y%m%dT%H%M%SZ"))
    folder = RunFolder(path)
    info = RunInfo(
        site=site,
        start=arguments.start,
        started_at=started.isoformat(timespec="seconds"),
        version=installed_version(),
        arguments=dict(arguments.given),
        listed_urls=list(arguments.urls),
    )
    folder.write_info(info)
    return folder, info


def site_name(start: str) -> str:
    """The folder's name of a site: its host, `_PORT` appended when the start URL names one."""
    parts = urls.split(start)
    host = parts.host.strip("[]").replace(":", "-")  # a colon is no part of a file name on every system
    if parts.host.startswith("["):
        host = f"ipv6-{host}"  # a name that begins with a hyphen reads as an option
    return f"{host}_{parts.port}" if parts.port else host


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
            "limits": [*result.limits, *_notes(arguments, result.errors)],
        }
    )


def _notes(arguments: Arguments, errors: Mapping[str, int]) -> list[Limit]:
    notes = []
    if arguments.insecure:
        notes.append(Limit("insecure", 0, "certificates were not verified (insecure=1)"))
    if arguments.robots == "ignore":
        notes.append(Limit("robots", 0, "robots.txt was not obeyed (robots=ignore)"))
    if errors.get("robots"):
        notes.append(
            Limit(
                "robots",
                errors["robots"],
                "URLs that robots.txt forbids were not asked; robots=ignore asks them on a site of one's own",
            )
        )
    return notes


def _make_folder(site: Path, name: str) -> Path:
    for number in range(1, 1000):
        path = site / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if site.is_dir():
                continue
            raise ConfigError(f"output: {site} is a file, not a folder; choose another folder") from None
        except OSError as error:
            raise ConfigError(
                f"output: cannot write to {site} ({os.strerror(error.errno or 0)}); choose a folder you may write to"
            ) from error
        return path
    raise ConfigError(f"output: {site} holds too many runs of this second; wait a moment")


def installed_version() -> str:
    """The version of the installed package."""
    try:
        return version("seoaudit")
    except PackageNotFoundError:  # a checkout that is not installed
        return "checkout"
