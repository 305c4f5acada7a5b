"""`seoaudit report RUN`: both reports again, from the tables."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit import run
from seoaudit.cli.audit import exit_code, refuse, tell
from seoaudit.cli.fail_on import HELP, METAVAR, FailOn
from seoaudit.config import Config, ConfigError
from seoaudit.store.folder import InUse, RunFolder

if TYPE_CHECKING:
    from seoaudit.render.view import ReportView


def command(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder: OUTPUT/HOST/STARTED.")],
    config: Annotated[Path | None, typer.Option(help="The settings file instead of ./seoaudit.toml.")] = None,
    hsts_list: Annotated[
        Path | None, typer.Option(help="A file with a fresh HSTS preload list: Chromium's, or host names one a line.")
    ] = None,
    fail_on: Annotated[str | None, typer.Option(metavar=METAVAR, help=HELP)] = None,
) -> None:
    """Judge a run again and write its reports anew, without asking the site."""
    try:
        limit = FailOn.read(fail_on)
        settings = Config.load(config)
        found = _run_folder(folder)
    except ConfigError as error:
        refuse(error)
    try:
        view = judged_again(found, settings, hsts_list)
    except (ConfigError, InUse) as error:
        refuse(error)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        refuse(f"cannot read or write{where} ({error.strerror}); mend that and run it again")
    tell(found, view)
    raise typer.Exit(exit_code(view, limit))


def judged_again(folder: RunFolder, settings: Config, hsts_list: Path | None = None) -> ReportView:
    """Judge a run whose crawl is over and write its reports anew; raises ConfigError, InUse and OSError."""
    from seoaudit.store.tables import write_crawl_tables  # noqa: PLC0415 - a crawl loads this module too, and has no room

    with folder.claimed():
        if not _has_tables(folder):
            write_crawl_tables(folder)
        return run.report(folder, settings, hsts_list)


def _has_tables(folder: RunFolder) -> bool:
    """Whether the tables hold all of the journal: a run that was resumed and killed has older ones."""
    table = folder.table("responses")
    journal_at = folder.journal.stat().st_mtime if folder.journal.is_file() else 0.0
    return table.is_file() and table.stat().st_mtime >= journal_at


def _run_folder(path: Path) -> RunFolder:
    folder = RunFolder(path)
    if not folder.info_file.is_file():
        raise ConfigError(
            f"RUN: {path} is no run folder (it has no run.json); give one such as runs/example.com/20261120T103000Z"
        )
    if not folder.journal.is_file() and not folder.table("responses").is_file():
        raise ConfigError(f"RUN: {path} holds neither a journal nor tables; audit the site again")
    return folder
