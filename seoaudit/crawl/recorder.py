"""What becomes of an answer: its row in the journal first, then all that follows from it. No network and no Scrapy."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.answer import Answer
from seoaudit.crawl.frontier import Frontier
from seoaudit.crawl.page import Resolver
from seoaudit.crawl.rewalk import Graph
from seoaudit.crawl.robots import Lesson, RobotsAnswer, RobotsGate, product_token, robots_status
from seoaudit.crawl.row import read_row, unread_row
from seoaudit.crawl.scope import Scope, netloc
from seoaudit.crawl.spool import Spool
from seoaudit.crawl.tally import Tally
from seoaudit.crawl.task import Role, Task, is_robots_txt
from seoaudit.records import Limit, Mention, Response
from seoaudit.store import journal
from seoaudit.store.journal import Journal, Seeds, Walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.config import Arguments
    from seoaudit.store.folder import RunFolder

logger = logging.getLogger(__name__)


class Recorder:
    """Keeps the journal, and what was learned from it: the frontier, the rules of robots.txt, the graph of redirects.

    A journal that is there already is read first, and the crawl goes on where it ended; `resumed` counts its rows.
    """

    def __init__(self, arguments: Arguments, folder: RunFolder) -> None:
        self.arguments = arguments
        self.scope = Scope.of(arguments.start, subdomains=arguments.subdomains)
        for url in arguments.urls:
            self.scope.adopt(url)
        self.frontier = Frontier(self.scope, arguments, Spool(folder.path))
        self.graph = Graph()
        self.tally = Tally()
        self.adopted_host: str | None = None
        self.notes: list[Limit] = []
        self.walked: set[str] = set()
        self.faults = 0
        self._resolver = Resolver()
        self._gate = RobotsGate(product_token(arguments.user_agent), self.frontier.ask_robots)
        self._rules_only: list[tuple[Task, Answer]] = []
        self._robots_rows: set[str] = set()
        self._sitemaps_named = False
        self._site_origin = ""
        self.journal = Journal(folder.journal)
        self.resumed = self._replay(folder)

    def begin(self) -> None:
        """Seed the frontier with what the person who audits named."""
        given = self.arguments
        self._seed(Mention(url, "list") for url in given.urls)
        if not given.urls:
            self._seed([Mention(given.start, "start")])

    def serve(self) -> list[tuple[Task, Answer]]:
        """Everything that the frontier asks for besides requests; returns the steps of walks that are kept back."""
        while self.frontier.new_origins:
            origin = self.frontier.new_origins.pop()
            lesson = self._gate.want(origin)
            self._seed([Mention(f"{origin}/robots.txt", "robots-txt")])
            if lesson is not None:
                self._learn(lesson)
        walks = []
        while self.frontier.kept_back:
            task, error, detail = self.frontier.kept_back.popleft()
            answer = Answer(error=error, error_detail=detail, fetched_at=time.time(), method=task.method)
            if task.role == "walk":
                walks.append((task, answer))
            else:
                self.record(task, answer)
        return walks

    def record(self, task: Task, answer: Answer) -> None:
        """Journal the row, then learn from it; raises OSError when the journal cannot be written."""
        if task.start and answer.status is not None and task.url not in self.scope:
            self._adopt(task, self.read(task, answer, in_scope=True))
        row = self.read(task, answer, in_scope=task.url in self.scope)
        if task.role != "robots":
            self.journal.append(row)
            self._learn_from(task, row)
            return
        if not is_robots_txt(task.url):  # what a robots.txt redirects to may yet be found as a page
            self._rules_only.append((task, answer))
            self._seed(row.links)
        elif task.url not in self._robots_rows:
            self._robots_rows.add(task.url)
            self.journal.append(row)
            self._learn_from(task, row)
        self._tell_gate(row, answer.body)

    def read(self, task: Task, answer: Answer, *, in_scope: bool) -> Response:
        """The row of an answer; a fault in our own reading costs the links of one page, never its row, and the run says so."""
        try:
            return read_row(task, answer, in_scope=in_scope, resolver=self._resolver)
        except Exception as fault:
            logger.exception("the answer of %s could not be read", task.url)
            self.faults += 1
            return unread_row(task, answer, f"the answer could not be read: {type(fault).__name__}", in_scope=in_scope)

    def record_walk(self, walk: Walk) -> None:
        """Journal one walk of the second pass."""
        self.journal.append(walk)

    def record_rules_only(self) -> None:
        """What robots.txt redirected to and nobody found as a page gets its row after all."""
        for task, answer in self._rules_only:
            if not self.frontier.knows(task.url):
                self.frontier.known.add(hash(task.url))
                row = self.read(task, answer, in_scope=task.url in self.scope)
                self.journal.append(row)
                self._learn_from(task, row)
        self._rules_only.clear()

    def limits(self) -> list[Limit]:
        """Everything that kept the crawl from seeing all, for the report."""
        home = self._site_origin or self.arguments.start
        unasked = [] if self.arguments.urls else self.tally.unasked_entries(home)
        entries = [Limit("entry points", len(unasked), _UNASKED.format(", ".join(unasked)))] if unasked else []
        return [*self.frontier.limits(), *dict.fromkeys(self.notes), *entries]

    def close(self) -> None:
        """Hand the files back; safe to call twice."""
        self.journal.close()
        self.frontier.spool.close()

    def _replay(self, folder: RunFolder) -> int:
        """Learn again what the journal holds; returns its number of rows."""
        damaged: list[int] = []
        records = journal.read(folder.journal, damaged)
        answered = {hash(record.url) for record in records if isinstance(record, Response)}
        if damaged:
            self.notes.append(Limit("journal", len(damaged), "damaged lines were left out, and their URLs asked again"))
        self.frontier.replay(set(answered))
        rows = 0
        for record in journal.read(folder.journal, []):
            if isinstance(record, Walk):
                self.walked.add(record.requested_url)
            elif isinstance(record, Seeds):
                self._learn_seeds(record.links)
            elif hash(record.url) in answered:  # a second row of one URL is not learned from
                answered.discard(hash(record.url))
                rows += 1
                self._learn_again(record)
        self.frontier.replayed_all()
        return rows

    def _learn_again(self, row: Response) -> None:
        # A damaged line may have held the mention.
        role: Role = "robots" if is_robots_txt(row.url) else "page"
        task = self.frontier.replayed(row.url) or Task(row.url, role, row.depth, row.hops)
        self.frontier.known.add(hash(row.url))
        if task.role == "robots":
            self._robots_rows.add(row.url)
        elif row.error != "robots":
            self.frontier.asked += 1
        if task.start and row.status is not None and row.in_scope:
            self._adopt(task, row)
        self._learn_from(task, row)

    def _seed(self, mentions: Iterable[Mention]) -> None:
        """Journal what no page mentions, and learn it; what an earlier part of the run seeded is not journalled again."""
        new = [mention for mention in mentions if not self.frontier.seeded(mention)]
        if new:
            self.journal.append(Seeds(new))
            self._learn_seeds(new)

    def _learn_seeds(self, mentions: Iterable[Mention]) -> None:
        for mention in mentions:
            self.frontier.seed(mention)
            self._sitemaps_named = self._sitemaps_named or mention.element == "sitemap-file"

    def _learn_from(self, task: Task, row: Response) -> None:
        self.tally.add(task, row)
        if row.in_scope and task.role == "page":
            self.graph.add(row)
        if row.mechanism and row.location_url:
            self.frontier.redirected(task, urls.without_fragment(row.location_url))
        self.frontier.mentions(row.links, task)
        if task.role == "robots" and row.links:  # where a site names its sitemaps
            self._sitemaps_named = True
        if task.start and row.status is not None and not row.mechanism and row.in_scope:
            self._site_origin = urls.split(task.url).origin
            self._find_sitemap()

    def _tell_gate(self, row: Response, body: bytes) -> None:
        target = urls.without_fragment(row.location_url) if row.mechanism == "location" and row.location_url else None
        for lesson in self._gate.answered(row.url, RobotsAnswer(robots_status(row.status, row.error), body, target)):
            self._learn(lesson)

    def _adopt(self, task: Task, row: Response) -> None:
        """The start URL led to another site: that one is audited, and the report says so."""
        if task.url not in self.scope and row.mechanism not in ("location", "refresh-header"):
            self.scope.adopt(task.url)
            self.adopted_host = netloc(task.url)
            logger.info("the start URL leads to %s: its pages are audited", self.adopted_host)

    def _learn(self, lesson: Lesson) -> None:
        """An origin's robots.txt is known: let its URLs go."""
        self.frontier.robots(lesson.origin, lesson.policy)
        root = f"{lesson.origin}/"
        if root in self.scope and lesson.policy.reason and not lesson.policy.allows(root):
            self.notes.append(Limit("robots.txt", 0, f"{lesson.url}: {lesson.policy.reason}"))
        self._find_sitemap()

    def _find_sitemap(self) -> None:
        """Where the site's robots.txt names no sitemap, try the usual place (sitemaps.org)."""
        origin = self._site_origin
        if self._sitemaps_named or self.arguments.urls or not origin:
            return
        if self.frontier.policy(f"{origin}/") is not None:
            self._sitemaps_named = True
            self._seed([Mention(f"{origin}/sitemap.xml", "sitemap-file")])


_UNASKED = "nothing led to {}: what is answered there is not judged"
