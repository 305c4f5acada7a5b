"""One due site, worked on by one process: begun, gone on with, or only judged, and its end written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from seoaudit.schedule.due import to_do
from seoaudit.schedule.retention import prune
from seoaudit.schedule.state import Record, claimed, folder_of, now, read_record, write_record
from seoaudit.schedule.verdict import WHOLE, verdict_of
from seoaudit.store.runs import last_alike, runs_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from seoaudit.config.sites import Site
    from seoaudit.store.folder import RunFolder, RunInfo

ATTEMPTS = 5
"""How often one due time is begun or gone on with before it is given up: what kills an audit each time would do so for ever."""


class Auditor(Protocol):
    """Who does the work and says how it ended: exit codes 0 clean, 1 findings, 2 failed or incomplete."""

    stopped: bool
    """Whether somebody asked for the end."""

    def audit(self, site: Site, given: Mapping[str, str]) -> int:
        """Crawl, judge and report."""

    def report(self, site: Site, run: RunFolder) -> int:
        """Judge and report a run whose crawl is over."""

    def mail(self, site: Site, run: RunFolder) -> int:
        """Send the letter about a run as it is."""

    def note(self, text: str) -> None:
        """One line for the log."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done for a due time; `run` is None for a new one."""

    kind: Literal["audit", "resume", "report", "give up"]
    run: RunFolder | None = None


def work(site: Site, auditor: Auditor, clock: datetime | None = None) -> int:
    """Do what is due for one site; returns the exit code, 0 where nothing is due.

    Raises InUse where another process works on the site, OSError where its folder cannot be written.
    """
    with claimed(site):
        record = read_record(site, auditor.note)
        due = to_do(site, record, clock or now())
        if due is None:
            return 0
        found = _run_of(site, record) if record.is_open and due == record.due else None
        if record.is_open and due == record.due:
            record = record.model_copy(update={"attempts": record.attempts + 1})
        else:
            record = record.beginning(due, clock or now(), tuple(run.path.name for run, _ in runs_of(folder_of(site))))
        step = next_step(site, record, found)
        write_record(site, record)
        code = _take(step, site, auditor)
        return _close(site, record, code, auditor)


def next_step(site: Site, record: Record, found: tuple[RunFolder, RunInfo] | None) -> Step:
    """How to go on: `found` is the run that was made for the due time, if there is one."""
    if record.attempts > ATTEMPTS:
        return Step("give up", found[0] if found else None)
    if found is None or found[1].start != site.arguments.start:
        return Step("audit")
    run, info = found
    if info.state in ("finished", "failed"):
        return Step("report", run)
    return Step("resume", run) if run.journal.is_file() else Step("audit")


def _take(step: Step, site: Site, auditor: Auditor) -> int:
    if step.kind == "give up":
        auditor.note(
            f"{site.name}: the audit ended {ATTEMPTS} times before its time; it is given up until the next due time"
        )
        if step.run is not None:  # nobody must take silence for a clean report
            auditor.mail(site, step.run)
        return 2
    if step.run is None:
        return auditor.audit(site, site.given)
    auditor.note(f"{site.name}: going on with {step.run.path}, which was interrupted")
    if step.kind == "report":
        return auditor.report(site, step.run)
    return auditor.audit(site, {**site.given, "resume": str(step.run.path)})


def _close(site: Site, record: Record, code: int, auditor: Auditor) -> int:
    """Write the end down, unless somebody stopped it: then the next start goes on with it."""
    found = _run_of(site, record)
    info = found[1] if found else None
    if auditor.stopped or (info is not None and info.state == "unfinished" and info.finish_reason == "shutdown"):
        write_record(site, record.model_copy(update={"attempts": 0}))
        auditor.note(f"{site.name}: stopped; the next start of the schedule goes on")
        return 2
    before = last_alike(*found) if found else None
    verdict, detail = verdict_of(code, info, before[1] if before else None, site.far_fewer)
    if record.attempts > ATTEMPTS:
        verdict, detail = "died", f"the audit ended {ATTEMPTS} times before its time"
    write_record(site, record.ending(verdict, detail, found[0].path.name if found else None, now()))
    auditor.note(f"{site.name}: {verdict}{f' ({detail})' if detail else ''}")
    if site.delete_old:
        for path in prune(folder_of(site), site.keep):
            auditor.note(f"{site.name}: deleted {path}, older than the {site.keep} runs to keep")
    return code if verdict in WHOLE else 2


def _run_of(site: Site, record: Record) -> tuple[RunFolder, RunInfo] | None:
    """The newest run that was not there when the due time was begun."""
    return next(((run, info) for run, info in runs_of(folder_of(site)) if run.path.name not in record.before), None)
