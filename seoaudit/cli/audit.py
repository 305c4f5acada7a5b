"""`seoaudit audit`, and what `scrapy crawl audit` does with the same arguments."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit import run
from seoaudit.config import Arguments, ConfigError
from seoaudit.records import SEVERITIES, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import Settings

    from seoaudit.render.view import ReportView
    from seoaudit.store.folder import RunFolder

CLEAN, FINDINGS, FAILED = 0, 1, 2


def command(
    start: Annotated[
        str | None, typer.Argument(help="The site, such as https://example.com; the same as -a start=URL.")
    ] = None,
    argument: Annotated[
        list[str] | None, typer.Option("-a", metavar="NAME=VALUE", help="A spider argument (may be repeated).")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="A Scrapy setting (may be repeated).")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(metavar="SEVERITY", help="Exit 1 on findings of this severity or worse.")
    ] = None,
) -> None:
    """Audit a site and write report.html and report.xlsx into a run folder."""
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - Scrapy is slow to load; other commands do without

    try:
        given = pairs("-a", argument or [])
        if start is not None:
            given["start"] = start
        settings = project_settings({"LOG_LEVEL": "WARNING", **pairs("-s", setting or [])})
        least = severity(fail_on)
    except ConfigError as error:
        refuse(error)
    raise typer.Exit(audit(given, settings, least))


def audit(given: Mapping[str, str], settings: Settings, fail_on: Severity | None = None) -> int:
    """Run one audit, say how it ended, and return the exit code."""
    try:
        folder, view = run.audit(Arguments.read(given), settings)
    except ConfigError as error:
        print(f"seoaudit: {error}", file=sys.stderr)
        return FAILED
    tell(folder, view)
    return exit_code(view, fail_on)


def tell(folder: RunFolder, view: ReportView) -> None:
    """The verdict and where the reports are."""
    print(view.verdict)
    for name, line in view.info.failed_rules.items():
        print(f"seoaudit: the rule {name} failed: {line}", file=sys.stderr)
    if view.info.failure:
        print(f"seoaudit: {view.info.failure}", file=sys.stderr)
    print(f"{folder.html}\n{folder.workbook}")


def exit_code(view: ReportView, fail_on: Severity | None) -> int:
    """0 clean, 1 findings at or above `fail_on`, 2 the audit itself failed or is incomplete."""
    if view.info.state != "finished" or view.info.failed_rules:
        return FAILED
    if fail_on and any(view.counts.get(name) for name in SEVERITIES[: SEVERITIES.index(fail_on) + 1]):
        return FINDINGS
    return CLEAN


def severity(text: str | None) -> Severity | None:
    """The severity that --fail-on names; raises ConfigError."""
    if text is None:
        return None
    for name in SEVERITIES:
        if name == text.lower():
            return name
    raise ConfigError(f"--fail-on: {text!r} is no severity; write one of {', '.join(SEVERITIES)}")


def pairs(option: str, texts: list[str]) -> dict[str, str]:
    """NAME=VALUE texts as a mapping; raises ConfigError."""
    found = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name:
            raise ConfigError(f"{option}: {text!r} is not NAME=VALUE; write such as {option} start=https://example.com")
        found[name] = value
    return found


def refuse(error: ConfigError) -> None:
    """One line, exit 2."""
    print(f"seoaudit: {error}", file=sys.stderr)
    raise typer.Exit(FAILED)
