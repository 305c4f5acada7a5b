"""What the rows of a crawl amount to: who answered, where the start URL led, and why nothing was found where nothing was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.scope import is_name

if TYPE_CHECKING:
    from seoaudit.config import Arguments
    from seoaudit.crawl.task import Task
    from seoaudit.records import Response


@dataclass(slots=True)
class Tally:
    """Counts of the rows so far.

    `pages` are those of the site that were there, `origins` where pages of it were asked, `probed` where the audit asked the home
    page of its own accord.
    """

    rows: int = 0
    answered: int = 0
    pages: int = 0
    redirects: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    first_error: str | None = None
    origins: set[str] = field(default_factory=set)
    probed: set[str] = field(default_factory=set)
    end_of_start: Response | None = None

    def add(self, task: Task, row: Response) -> None:
        """Take one row in."""
        self.rows += 1
        self.answered += row.status is not None
        self.redirects += row.mechanism is not None
        if task.start:
            self.end_of_start = row
        if task.role == "page" and row.in_scope and row.error != "robots":
            self.origins.add(urls.origin(row.url))
            self.pages += row.status is not None and row.status < 400 and row.mechanism is None
        if row.probe == "entry" and row.error != "robots":
            self.probed.add(urls.origin(row.url))
        if row.error:
            self.errors[row.error] += 1
            self.first_error = self.first_error or f"{row.error}: {row.error_detail}"

    def unasked_entries(self, home: str) -> list[str]:
        """The home page under http, https, www and not, as far as nothing led there."""
        parts = urls.split(home)
        if parts.port:
            return []
        hosts = [parts.host, urls.twin(parts.host)] if is_name(parts.host) else [parts.host]
        entries = [f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")]
        return [f"{entry}/" for entry in entries if entry not in self.origins | self.probed]

    def failure(self, arguments: Arguments) -> str | None:
        """Why nothing of the site could be audited, and what to do; None where something was."""
        end = self.end_of_start
        if not self.rows:
            return "the crawl did not begin; the log above says why (often a setting given with -s)"
        if self.answered and (self.pages or arguments.urls):
            return None
        if end is not None and end.error == "robots":
            return (
                f"{end.url} may not be asked ({end.error_detail}); "
                "on a site of your own, robots=ignore asks all the same"
            )
        if end is not None and end.status is not None and end.error is None:
            if end.status < 400:  # a circle: that is what the audit found
                return None
            return f"{end.url} answers {end.status}, and nothing else of the site was found; check the address"
        hint = "check the address, or try it in a browser"
        if "tls" in self.errors:
            hint = "name its certificate authority with ca_file, or go on past the certificate with insecure=1"
        return f"{arguments.start} did not answer ({self.first_error}); {hint}"
