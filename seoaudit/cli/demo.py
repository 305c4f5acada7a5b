"""`seoaudit demo`: a look at the program without any site of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seoaudit.cli.audit import audit


def command(
    output: Annotated[Path, typer.Option(help="Folder for the run.")] = Path("runs"),
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress and no notes.")] = False,
) -> None:
    """Serve a small sample site with every kind of redirect on loopback, and audit it."""
    from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - Scrapy is slow to load; other commands do without
    from seoaudit.demo.server import serve  # noqa: PLC0415 - nor do they need its certificates and templates

    with serve() as site:  # one of its pages never ends: a second of silence is enough to tell
        given = {
            "start": site.start,
            "output": str(output),
            "connect_to": site.connect_to,
            "ca_file": str(site.ca_file),
            "mail_to": "none",  # nobody waits for a letter about a shop that is not there
        }
        patience = {"DOWNLOAD_STALL_TIMEOUT": "1", "DOWNLOAD_TIMEOUT": "3"}
        code = audit(given, project_settings({"LOG_LEVEL": "WARNING", **patience}), quiet=quiet)
    raise typer.Exit(code)
