"""`scrapy crawl audit`: Scrapy's command, going on to judge and report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from seoaudit.cli.audit import audit

if TYPE_CHECKING:
    import argparse


class Command(ScrapyCrawl):
    """Runs the one spider of this project as the audit it is; the exit code says whether it is complete."""

    requires_crawler_process = False  # the audit makes its own

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's entry; raises UsageError for any other spider."""
        if args != ["audit"]:
            raise UsageError(
                "this project has one spider: scrapy crawl audit -a start=https://example.com", print_help=False
            )
        assert self.settings is not None
        self.exitcode = audit(opts.spargs, self.settings)
