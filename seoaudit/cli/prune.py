"""`seoaudit prune`: old runs are deleted, never by themselves."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit.cli.audit import FAILED, refuse
from seoaudit.config import ConfigError
from seoaudit.store.folder import InUse

if TYPE_CHECKING:
    from seoaudit.config.sites import Site


def command(
    keep: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Finished runs to keep of each site, instead of its own keep."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted; delete nothing.")] = False,
    config: Annotated[Path | None, typer.Option(help="The settings file instead of ./seoaudit.toml.")] = None,
) -> None:
    """Delete the runs of each site of seoaudit.toml that are older than those to keep; its ledger stays."""
    from seoaudit.config.sites import read_sites  # noqa: PLC0415 - a crawl loads the commands, and has no use for it

    try:
        sites = read_sites(config).sites
    except ConfigError as error:
        refuse(error)
    done = [_prune(site, keep or site.keep, dry_run=dry_run) for site in sites]
    if not all(done):
        raise typer.Exit(FAILED)


def _prune(site: Site, keep: int, *, dry_run: bool) -> bool:
    """Whether it could be done; a site that could not is told, and the others are seen to."""
    from seoaudit.schedule.retention import prune  # noqa: PLC0415 - see command
    from seoaudit.schedule.state import claimed, folder_of  # noqa: PLC0415

    folder = folder_of(site)
    try:
        if not folder.is_dir():
            gone = []
        elif dry_run:
            gone = prune(folder, keep, dry_run=True)
        else:
            with claimed(site):
                gone = prune(folder, keep)
    except InUse as error:
        print(f"seoaudit: {error}; nothing of it is deleted", file=sys.stderr)
        return False
    except OSError as error:
        print(f"seoaudit: {site.name}: cannot delete {error.filename} ({error.strerror}); mend that", file=sys.stderr)
        return False
    for path in gone:
        print(f"{'would delete' if dry_run else 'deleted'} {path}")
    print(
        f"{site.name}: {len(gone)} of its runs {'would go' if dry_run else 'went'}, the newest {keep} finished ones stay"
    )
    return True
