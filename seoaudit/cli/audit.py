"""`seoaudit audit`, and what `scrapy crawl audit` does with the same arguments."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from seoaudit import run
from seoaudit.cli.fail_on import HELP, METAVAR, FailOn
from seoaudit.cli.watching import watching
from seoaudit.config import ConfigError
from seoaudit.store.folder import InUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import Settings

    from seoaudit.config import Mailbox
    from seoaudit.render.view import ReportView
    from seoaudit.run.mailing import Posted
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
    fail_on: Annotated[str | None, typer.Option(metavar=METAVAR, help=HELP)] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress and no notes.")] = False,
) -> None:
    """Audit a site and write report.html and report.xlsx into a run folder."""
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - Scrapy is slow to load; other commands do without

    try:
        given = pairs("-a", argument or [])
        name_start(given, start)
        overrides = pairs("-s", setting or [])
        settings = project_settings({"LOG_LEVEL": "WARNING", **overrides})
        check_settings(settings, overrides)
        limit = FailOn.read(fail_on)
    except ConfigError as error:
        refuse(error)
    raise typer.Exit(audit(given, settings, limit, quiet=quiet))


def audit(given: Mapping[str, str], settings: Settings, fail_on: FailOn | None = None, *, quiet: bool = False) -> int:
    """Run one audit, say how it ended, and return the exit code."""
    try:
        with watching(quiet=quiet) as watcher:
            folder, view, posted = run.audit(given, settings, watcher)
    except (ConfigError, InUse) as error:
        print(f"seoaudit: {error}", file=sys.stderr)
        return FAILED
    except run.Ended as error:
        print(f"seoaudit: {error}; seoaudit report RUN tries again", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("seoaudit: stopped; -a resume=1 goes on, or seoaudit report RUN writes the reports", file=sys.stderr)
        return FAILED
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(
            f"seoaudit: cannot write{where} ({error.strerror}); mend that, then -a resume=1 goes on, or seoaudit report RUN writes the reports",
            file=sys.stderr,
        )
        return FAILED
    tell(folder, view)
    unsent = posted is not None and tell_post(posted)
    return FAILED if unsent else exit_code(view, fail_on)


def tell(folder: RunFolder, view: ReportView) -> None:
    """The verdict, or why there is none, and where the reports are."""
    if not view.info.failure:
        print(view.verdict)
    for name, line in view.info.failed_rules.items():
        print(f"seoaudit: the rule {name} failed: {line}", file=sys.stderr)
    if view.info.failure:
        print(f"seoaudit: {view.info.failure}", file=sys.stderr)
    print(f"{folder.html}\n{folder.workbook}")


def tell_post(posted: Posted) -> int:
    """Say what became of the letter; the exit code is 0 where everybody has it."""
    for line in posted.faults:
        print(f"seoaudit: {line}", file=sys.stderr)
    if posted.to:
        print(f"mailed to {_names(posted.to)}")
    if posted.had_it:
        print(
            f"seoaudit: {_names(posted.had_it)} had the letter already (since {posted.sent_at}); --again sends it again",
            file=sys.stderr,
        )
    return CLEAN if posted.ok else FAILED


def _names(boxes: tuple[Mailbox, ...]) -> str:
    return ", ".join(box.address for box in boxes)


def exit_code(view: ReportView, fail_on: FailOn | None) -> int:
    """0 clean, 1 findings at or above `fail_on`, 2 the audit itself failed or is incomplete."""
    if view.info.state != "finished" or view.info.failed_rules:
        return FAILED
    if fail_on and fail_on.blind(view):
        print(f"seoaudit: --fail-on new: {view.info.not_compared}", file=sys.stderr)
    return FINDINGS if fail_on and fail_on.met(view) else CLEAN


def pairs(option: str, texts: list[str]) -> dict[str, str]:
    """NAME=VALUE texts as a mapping; raises ConfigError."""
    found = {}
    for text in texts:
        name, mark, value = text.partition("=")
        if not mark or not name:
            example = "max_urls=1000" if option == "-a" else "DOWNLOAD_DELAY=1"
            raise ConfigError(f"{option}: {text!r} is not NAME=VALUE; write such as {option} {example}")
        found[name] = value
    return found


def name_start(given: dict[str, str], start: str | None) -> None:
    """Take the start URL from the command line's own place; raises ConfigError where -a names another."""
    if start is not None and given.setdefault("start", start) != start:
        raise ConfigError(f"start: given twice, as {start} and with -a; leave one out")


def check_settings(settings: Settings, overrides: Mapping[str, str]) -> None:
    """Refuse a setting that Scrapy does not know or that is no number where one is needed; raises ConfigError."""
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - see command

    known = project_settings()
    for name, text in overrides.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else "Scrapy's documentation lists them"
            raise ConfigError(f"-s: there is no setting {name}; {hint}")
        default = known[name]
        if isinstance(default, int | float) and not isinstance(default, bool):
            try:
                settings.getfloat(name)
            except ValueError:
                raise ConfigError(f"-s: {name}={text} is not a number; write such as -s {name}={default}") from None


def refuse(error: ConfigError | InUse | str) -> NoReturn:
    """One line, exit 2."""
    print(f"seoaudit: {error}", file=sys.stderr)
    raise typer.Exit(FAILED)
