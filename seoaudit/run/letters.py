"""What a run's letter tells: the words of its reports, what became otherwise, and whether it is a clean report at all."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from seoaudit.mail import since
from seoaudit.mail.summary import FIXES, Fix, Summary
from seoaudit.render.verdict import failure, plural
from seoaudit.rules import catalogue

if TYPE_CHECKING:
    from seoaudit.mail.summary import LastRun
    from seoaudit.render.findings import FixGroup
    from seoaudit.render.view import ReportView
    from seoaudit.store.folder import RunFolder, RunInfo


def summary_of(folder: RunFolder, view: ReportView, far_fewer: float) -> Summary:
    """What a letter tells of a run; of one whose reports are missing, or older than its journal, only that it was not judged."""
    info, judged = view.info, is_judged(folder)
    before = since.last_run(folder, info)
    titles = {rule_id: rule.title for rule_id, rule in catalogue().items()}
    return Summary(
        site=info.site,
        started_at=since.moment(info.started_at),
        verdict=view.verdict if judged or info.failure else f"What {info.site} answered was not judged.",
        trouble=trouble(view, before, far_fewer, judged=judged),
        failed=info.state == "failed",
        counts=view.counts if judged else {},
        last_run=before,
        changes=since.changes(folder, info, titles) if judged else None,
        fixes=tuple(_fix(group) for group in view.groups[:FIXES]) if judged else (),
        fixes_total=view.groups_total if judged else 0,
        machine=platform.node() or "this machine",
        files=(folder.html.absolute(), folder.workbook.absolute()) if judged else (),
    )


def _fix(group: FixGroup) -> Fix:
    return Fix(
        severity=group.severity,
        title=group.rule.title,
        urls=group.count,
        cause=group.text,
        change=group.change,
        example=group.example,
    )


def is_judged(folder: RunFolder) -> bool:
    """Whether both reports are there and tell of all that was answered: a run that went on and was killed has older ones."""
    if not (folder.html.is_file() and folder.workbook.is_file()):
        return False
    journal_at = folder.journal.stat().st_mtime if folder.journal.is_file() else 0.0
    return folder.workbook.stat().st_mtime >= journal_at


def trouble(view: ReportView, before: LastRun | None, far_fewer: float, *, judged: bool) -> str:
    """Why the run is no clean report, in a few words; empty where it is one."""
    info = view.info
    if info.state != "finished":
        return _not_finished(info)
    if not judged:
        return "there is no report"
    if before is not None and info.urls_requested < before.urls * far_fewer:
        return f"{plural(info.urls_requested, 'URL')} asked, {before.urls:,} last time"
    return f"{plural(len(view.failed_rules), 'rule')} could not be applied" if view.failed_rules else ""


def _not_finished(info: RunInfo) -> str:
    if info.state == "failed":
        return failure(info)[0].rstrip(".")
    if info.state == "running":
        return "it was ended before its time"
    left = f", {plural(info.urls_left, 'known URL')} not asked" if info.urls_left else ""
    return f"stopped after {plural(info.urls_requested, 'URL')}{left}"
