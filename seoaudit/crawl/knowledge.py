"""What the records of a journal teach, in the order written: what is known, what waits, who answered. It writes no file."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.actions import Actions
from seoaudit.crawl.frontier import Frontier
from seoaudit.crawl.rewalk import Graph
from seoaudit.crawl.sample import Sample
from seoaudit.crawl.scope import Scope, netloc
from seoaudit.crawl.spool import TaskQueue
from seoaudit.crawl.tally import Tally
from seoaudit.crawl.task import Role, Task, is_robots_txt
from seoaudit.records import HTML_TYPES, Limit
from seoaudit.store import journal
from seoaudit.store.journal import Seeds, Variant, Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from seoaudit.config import Arguments
    from seoaudit.crawl.spool import Spool
    from seoaudit.records import Mention, Response

logger = logging.getLogger(__name__)


class Knowledge:
    """The frontier, the graph of redirects and the tally of one run, as its records make them.

    For the audit's own questions: `sample` (a few pages), `pages` (all of them, with probes=all), `actions` (where forms send),
    `silent` (origins that gave no answer at their entry point), `varied` (what was asked in another way).
    """

    def __init__(self, arguments: Arguments, spool: Spool | None = None) -> None:
        self.arguments = arguments
        self.scope = Scope.of(arguments.start, subdomains=arguments.subdomains)
        for url in arguments.urls:
            self.scope.adopt(url)
        self.frontier = Frontier(self.scope, arguments, spool)
        self.graph = Graph()
        self.tally = Tally()
        self.adopted_host: str | None = None
        self.notes: list[Limit] = []
        self.walked: set[str] = set()
        self.varied: set[tuple[str, str, str]] = set()
        self.sample = Sample()
        self.pages = TaskQueue(self.frontier.spool)
        self.actions = Actions(arguments.post_probe)
        self.silent: set[str] = set()
        self.robots_rows: set[str] = set()
        self.sitemaps_named = False
        self.site_origin = ""

    def replay(self, path: Path) -> Iterator[Response]:
        """Learn again what a journal holds, and yield each row when it is learned; rows that come meanwhile are left out."""
        answered = {hash(url) for url in journal.read_urls(path)}
        self.frontier.replay(set(answered))
        damaged: list[int] = []
        for record in journal.read(path, damaged):
            if isinstance(record, Walk):
                self.walked.add(record.requested_url)
            elif isinstance(record, Seeds):
                self.learn_seeds(record.links)
            elif isinstance(record, Variant):
                self.varied.add((record.of, record.variant, record.url))
            elif hash(record.url) in answered:  # a second row of one URL is not learned from
                answered.discard(hash(record.url))
                self._learn_again(record)
                yield record
        self.frontier.replayed_all()
        if damaged:
            self.notes.append(
                Limit("journal", 0, f"{len(damaged):,} damaged lines were left out, and their URLs asked again")
            )

    def learn_seeds(self, mentions: Iterable[Mention]) -> None:
        """Take in what no page mentions."""
        for mention in mentions:
            self.frontier.seed(mention)
            self.sitemaps_named = self.sitemaps_named or mention.element == "sitemap-file"

    def learn_from(self, task: Task, row: Response) -> None:
        """Take in one row: what it says of its own URL, and every URL that it mentions."""
        self.tally.add(task, row)
        if row.in_scope and (task.role == "page" or (task.role == "probe" and row.probe in ("entry", "redirect"))):
            self.graph.add(row)
        if row.links or task.role == "form":
            self.actions.add(task, row)
        if row.probe == "entry" and row.status is None:
            self.silent.add(urls.origin(row.url))
        if row.media_type in HTML_TYPES:
            self._sample(task, row)
        if row.mechanism and row.location_url:
            self.frontier.redirected(task, urls.without_fragment(row.location_url))
        self.frontier.mentions(row.links, task)
        if task.role == "robots" and row.links:  # where a site names its sitemaps
            self.sitemaps_named = True
        if task.start and row.status is not None and not row.mechanism and row.in_scope:
            self.site_origin = urls.split(task.url).origin

    def _sample(self, task: Task, row: Response) -> None:
        """Take in a page that a probe of another scheme or spelling may be held against."""
        if task.role == "page" and row.status == 200 and row.mechanism is None and row.in_scope:
            self.sample.add(row.url)
            if self.arguments.probes == "all":
                self.pages.push(Task(row.url))

    def adopt(self, task: Task, row: Response) -> None:
        """The start URL led to another site: that one is audited, and the report says so."""
        if task.url not in self.scope and row.mechanism not in ("location", "refresh-header"):
            self.scope.adopt(task.url)
            self.adopted_host = netloc(task.url)
            logger.info("the start URL leads to %s: its pages are audited", self.adopted_host)

    def _learn_again(self, row: Response) -> None:
        # A damaged line may have held the mention.
        role: Role = "robots" if is_robots_txt(row.url) else "page" if row.probe is None else "probe"
        task = self.frontier.replayed(row.url) or Task(row.url, role, row.depth, row.hops, probe=row.probe)
        self.frontier.known.add(hash(row.url))
        if task.role == "robots":
            self.robots_rows.add(row.url)
        elif row.error != "robots" and task.counts:
            self.frontier.asked += 1
        if task.start and row.status is not None and row.in_scope:
            self.adopt(task, row)
        self.learn_from(task, row)
