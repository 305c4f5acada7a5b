"""What becomes of an answer: its row in the journal first, then all that follows from it. No network and no Scrapy."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.answer import Answer
from seoaudit.crawl.knowledge import Knowledge
from seoaudit.crawl.questions import Questions
from seoaudit.crawl.resolver import Resolver
from seoaudit.crawl.robots import Lesson, RobotsAnswer, RobotsGate, product_token, robots_status
from seoaudit.crawl.row import read_row, unread_row
from seoaudit.crawl.spool import Spool
from seoaudit.crawl.task import Task, is_robots_txt
from seoaudit.records import Limit, Mention
from seoaudit.store.journal import Journal, Seeds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.config import Arguments
    from seoaudit.records import Response
    from seoaudit.store.folder import RunFolder
    from seoaudit.store.journal import Variant, Walk

logger = logging.getLogger(__name__)


class Recorder(Knowledge):
    """Keeps the journal, learns from each record once it is written, and knows the rules of robots.txt.

    A journal that is there already is read first, and the crawl goes on where it ended; `resumed` counts its rows.
    """

    def __init__(self, arguments: Arguments, folder: RunFolder) -> None:
        super().__init__(arguments, Spool(folder.path))
        self.faults = 0
        self.questions = Questions(self)
        self._resolver = Resolver()
        self._gate = RobotsGate(product_token(arguments.user_agent), self.frontier.ask_robots)
        self._rules_only: list[tuple[Task, Answer]] = []
        self.journal = Journal(folder.journal)
        self.resumed = sum(1 for _ in self.replay(folder.journal))

    def begin(self) -> None:
        """Seed the frontier with what the person who audits named."""
        given = self.arguments
        self._seed(Mention(url, "list") for url in given.urls)
        if not given.urls:
            self._seed([Mention(given.start, "start")])

    def probe(self, mentions: Iterable[list[Mention]]) -> None:
        """Have URLs asked that nothing on the site may mention."""
        for some in mentions:
            self._seed(some)

    def serve(self) -> list[tuple[Task, Answer]]:
        """Everything that the frontier asks for besides requests; returns the steps of walks and the variants that are kept back."""
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
            if task.role in ("walk", "variant"):
                walks.append((task, answer))
            else:
                self.record(task, answer)
        return walks

    def record(self, task: Task, answer: Answer) -> None:
        """Journal the row, then learn from it; raises OSError when the journal cannot be written."""
        if task.start and answer.status is not None and task.url not in self.scope:
            self.adopt(task, self.read(task, answer, in_scope=True))
        row = self.read(task, answer, in_scope=task.url in self.scope)
        if task.role != "robots":
            self._keep(task, row)
            return
        if self.frontier.only_ours(task.url):  # it brings the site no sitemaps
            row.links = []
        if not is_robots_txt(task.url):  # what a robots.txt redirects to may yet be found as a page
            self._rules_only.append((task, answer))
            self._seed(row.links)
        elif task.url not in self.robots_rows:
            self.robots_rows.add(task.url)
            self._keep(task, row)
        self._tell_gate(row, answer.body)

    def read(self, task: Task, answer: Answer, *, in_scope: bool) -> Response:
        """The row of an answer; a fault in our own reading costs the links of one page, never its row, and the run says so."""
        try:
            return read_row(task, answer, in_scope=in_scope, resolver=self._resolver)
        except Exception as fault:
            logger.exception("the answer of %s could not be read", task.url)
            self.faults += 1
            return unread_row(task, answer, f"the answer could not be read: {type(fault).__name__}", in_scope=in_scope)

    def record_beside(self, record: Walk | Variant) -> None:
        """Journal one walk of the second pass, or one variant: nothing else follows from it."""
        self.journal.append(record)

    def record_rules_only(self) -> None:
        """What robots.txt redirected to and nobody found as a page gets its row after all."""
        for task, answer in self._rules_only:
            if not self.frontier.knows(task.url):
                self.frontier.known.add(hash(task.url))
                row = self.read(task, answer, in_scope=task.url in self.scope)
                self._keep(task, row)
        self._rules_only.clear()

    def limits(self) -> list[Limit]:
        """Everything that kept the crawl from seeing all, for the report."""
        home = self.site_origin or self.arguments.start
        unasked = [] if self.arguments.urls else self.tally.unasked_entries(home)
        entries = [Limit("entry points", len(unasked), _UNASKED.format(", ".join(unasked)))] if unasked else []
        return [*self.frontier.limits(), *dict.fromkeys(self.notes), *entries]

    def close(self) -> None:
        """Hand the files back; safe to call twice."""
        self.journal.close()
        self.frontier.spool.close()

    def _keep(self, task: Task, row: Response) -> None:
        self.journal.append(row)
        self.learn_from(task, row)
        if task.start and self.site_origin:
            self._find_sitemap()

    def _seed(self, mentions: Iterable[Mention]) -> None:
        """Journal what no page mentions, and learn it; what an earlier part of the run seeded is not journalled again."""
        new = [mention for mention in mentions if not self.frontier.seeded(mention)]
        if new:
            self.journal.append(Seeds(new))
            self.learn_seeds(new)

    def _tell_gate(self, row: Response, body: bytes) -> None:
        target = urls.without_fragment(row.location_url) if row.mechanism == "location" and row.location_url else None
        for lesson in self._gate.answered(row.url, RobotsAnswer(robots_status(row.status, row.error), body, target)):
            self._learn(lesson)

    def _learn(self, lesson: Lesson) -> None:
        """An origin's robots.txt is known: let its URLs go."""
        self.frontier.robots(lesson.origin, lesson.policy)
        root = f"{lesson.origin}/"
        if root in self.scope and lesson.policy.reason and not lesson.policy.allows(root):
            self.notes.append(Limit("robots.txt", 0, f"{lesson.url}: {lesson.policy.reason}"))
        self._find_sitemap()

    def _find_sitemap(self) -> None:
        """Where the site's robots.txt names no sitemap, try the usual place (sitemaps.org)."""
        origin = self.site_origin
        if self.sitemaps_named or self.arguments.urls or not origin:
            return
        if self.frontier.policy(f"{origin}/") is not None:
            self.sitemaps_named = True
            self._seed([Mention(f"{origin}/sitemap.xml", "sitemap-file")])


_UNASKED = "nothing led to {}: what is answered there is not judged"
