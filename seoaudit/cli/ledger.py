"""`seoaudit ledger SITE_FOLDER`: the history of a site, brought up to date or made anew from its runs."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import Annotated

import typer

from seoaudit.cli.audit import refuse
from seoaudit.cli.watching.words import count
from seoaudit.store.folder import InUse


def command(
    folder: Annotated[Path, typer.Argument(metavar="SITE_FOLDER", help="The folder of a site's runs: OUTPUT/HOST.")],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Fold every run anew; what only deleted runs knew stays.")
    ] = False,
) -> None:
    """Fold the runs of a site into its ledger.parquet, which says how long each redirect has stood. Reports do it by themselves."""
    from seoaudit.store.chronicle import LEDGER_FILE, chronicle  # noqa: PLC0415 - a crawl loads this module too, and has no room

    site = folder.resolve()
    if not site.is_dir() or (site / "run.json").exists():
        refuse(f"SITE_FOLDER: {folder} is not the folder of a site's runs; give one such as runs/example.com")
    try:
        told = chronicle(site, rebuild=rebuild)
    except InUse as error:
        refuse(error)
    except OSError as error:
        refuse(f"cannot write {error.filename or folder} ({error.strerror}); mend that and run it again")
    for note in told.notes:
        print(f"seoaudit: {note}", file=sys.stderr)
    runs = told.ledger.runs
    if not runs:
        refuse(f"SITE_FOLDER: {folder} holds no run with tables; audit the site first")
    since = f", the first of {runs[0].started_at[:10]}"
    print(f"{folder / LEDGER_FILE}: {count(len(told.ledger.answers), 'answer')} in {count(len(runs), 'run')}{since}")
