"""The audit spider: requests in, journal lines out. It never judges."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import Request
from scrapy.exceptions import CloseSpider

from seoaudit import urls
from seoaudit.crawl.answer import Answer, answer_of, answer_of_failure
from seoaudit.crawl.frontier import Frontier, Task, is_robots_txt
from seoaudit.crawl.page import Resolver
from seoaudit.crawl.rewalk import Graph, SecondPass, Walker
from seoaudit.crawl.robots import Lesson, RobotsAnswer, RobotsGate, product_token, robots_status
from seoaudit.crawl.row import is_html, read_row, unread_row
from seoaudit.crawl.scope import Scope, netloc
from seoaudit.crawl.tally import Tally
from seoaudit.crawl.transfer import Unanswered
from seoaudit.records import Limit, Mention, Response
from seoaudit.store.journal import Journal, Record, Seeds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response as ScrapyResponse
    from twisted.python.failure import Failure

    from seoaudit.config import Arguments
    from seoaudit.store.folder import RunFolder

logger = logging.getLogger(__name__)

MAX_SITEMAP_BYTES = 60 * 2**20
"""sitemaps.org allows 50 MB uncompressed; a little more is read so that one over the bound is still seen whole."""

HEAD_REFUSED = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 502, 503, 504})
"""Answers to HEAD that many servers give although GET would succeed; GET then decides."""


class AuditSpider(scrapy.Spider):
    """Asks every URL of a site once and journals each answer or failure before anything else happens."""

    name = "audit"

    def __init__(self, arguments: Arguments, folder: RunFolder, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arguments = arguments
        self.folder = folder
        self.scope = Scope.of(arguments.start, subdomains=arguments.subdomains)
        for url in arguments.urls:
            self.scope.adopt(url)
        self.frontier = Frontier(self.scope, arguments)
        self.journal = Journal(folder.journal)
        self.graph = Graph()
        self.tally = Tally()
        self.adopted_host: str | None = None
        self.notes: list[Limit] = []
        self._resolver = Resolver()
        self._gate = RobotsGate(product_token(arguments.user_agent), self.frontier.ask_robots)
        self._kept: dict[str, tuple[Task, Answer]] = {}
        self._sitemaps_named = False
        self._site_origin = ""
        self._again: deque[Request] = deque()
        self._second_pass = SecondPass(self.graph)

    async def start(self) -> AsyncIterator[Any]:
        """Seed the frontier; the scheduler does the asking."""
        given = self.arguments
        seeds = [Mention(url, "list") for url in given.urls] or [Mention(given.start, "start")]
        self._seed(seeds)
        nothing_of_our_own: tuple[Any, ...] = ()
        for request in nothing_of_our_own:
            yield request

    def has_pending(self) -> bool:
        """Whether anything may still be asked now."""
        return bool(self._again or self.frontier.forbidden or self.frontier.new_origins) or self.frontier.has_next

    def next_request(self) -> Request | None:
        """The next request; what robots.txt keeps back gets its row on the way."""
        if self._again:
            return self._again.popleft()
        frontier = self.frontier
        while (task := frontier.pop()) is None and (frontier.new_origins or frontier.forbidden or frontier.answered):
            self._serve_frontier()
        self._serve_frontier()
        if task is None and self._walks_due():
            self._record_kept()
            self._begin_walks()
            return self._again.popleft() if self._again else None
        return self._request(task, task.method) if task else None

    def _walks_due(self) -> bool:
        """Whether all is asked, so that the second pass may begin."""
        return not self._second_pass.begun and not self.has_pending() and not self.frontier.in_flight

    def _begin_walks(self) -> None:
        for walker in self._second_pass.begin():
            self._walk(walker)
        if self._second_pass.left_out:
            self.notes.append(
                Limit("rewalks", self._second_pass.left_out, "more looping or failing chains were not walked again")
            )

    def _serve_frontier(self) -> None:
        """Everything that it asks for besides requests."""
        self._open_origins()
        self._record_forbidden()
        while self.frontier.answered:
            task = self.frontier.answered.popleft()
            if task.url in self._kept:
                self._record(task, self._kept.pop(task.url)[1])

    def _open_origins(self) -> None:
        while self.frontier.new_origins:
            origin = self.frontier.new_origins.pop()
            lesson = self._gate.want(origin)
            self._seed([Mention(f"{origin}/robots.txt", "robots-txt")])
            if lesson is not None:
                self._learn(lesson)

    def _record_forbidden(self) -> None:
        while self.frontier.forbidden:
            task, reason = self.frontier.forbidden.popleft()
            self._kept.pop(task.url, None)
            self._record(task, Answer(error="robots", error_detail=reason, fetched_at=time.time(), method=task.method))

    def parse(self, response: ScrapyResponse, **_: Any) -> None:
        """An answer came."""
        request = response.request
        assert request is not None
        if "walker" in request.meta:  # its cookies are read from the response itself
            request.meta["response"] = response
        self._answered(request, answer_of(response, request.meta))

    def failed(self, failure: Failure) -> None:
        """No answer came."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        if not isinstance(failure.value, Unanswered):
            self.crawler.stats.inc_value("spider_exceptions/count")
        self._answered(request, answer_of_failure(failure, request))

    def closed(self, reason: str) -> None:
        """Scrapy's last call."""
        del reason
        self._record_kept()

    def limits(self) -> list[Limit]:
        """Everything that kept the crawl from seeing all, for the report."""
        home = self._site_origin or self.arguments.start
        unasked = [] if self.arguments.urls else self.tally.unasked_entries(home)
        entries = [Limit("entry points", len(unasked), _UNASKED.format(", ".join(unasked)))] if unasked else []
        return [*self.frontier.limits(), *self.notes, *entries]

    def _seed(self, mentions: list[Mention]) -> None:
        self._journal(Seeds(mentions))
        for mention in mentions:
            self.frontier.mention(mention, 0)

    def _request(self, task: Task, method: str) -> Request:
        meta: dict[str, Any] = {"verbatim_url": True, "task": task}
        if task.role == "sitemap":
            meta["max_bytes"] = MAX_SITEMAP_BYTES
        if task.role in ("asset", "outside"):
            meta["headers_only"] = True
        return Request(task.url, self.parse, method=method, meta=meta, errback=self.failed, dont_filter=True)

    def _answered(self, request: Request, answer: Answer) -> None:
        walker: Walker | None = request.meta.get("walker")
        if walker is not None:
            self._walked(walker, request, answer)
            return
        task: Task = request.meta["task"]
        if request.method == "HEAD" and (answer.status in HEAD_REFUSED or answer.error in ("reset", "malformed")):
            self._again.append(self._request(task, "GET"))
            return
        answer.method = request.method
        self._record(task, answer)

    def _record(self, task: Task, answer: Answer) -> None:
        """Journal the row, then learn from it."""
        try:
            if task.start and answer.status is not None:
                self._adopt(task, answer)
            row = self._read(task, answer, in_scope=task.url in self.scope)
            kept = self._may_be_a_page(task, answer, row)
            if not kept:
                self._journal(row)
        finally:
            self.frontier.done(task)
        if kept:
            self._kept[task.url] = (task, answer)
        else:
            self._learn_from(task, row)
        if task.role == "robots" or self._gate.awaits(task.url):
            self._tell_gate(row, answer.body)

    def _read(self, task: Task, answer: Answer, *, in_scope: bool) -> Response:
        """The row of an answer; a fault in our own reading costs the links of one page, never its row, and the run says so."""
        try:
            return read_row(task, answer, in_scope=in_scope, resolver=self._resolver)
        except Exception as fault:
            logger.exception("the answer of %s could not be read", task.url)
            self.crawler.stats.inc_value("spider_exceptions/count")
            return unread_row(task, answer, f"the answer could not be read: {type(fault).__name__}", in_scope=in_scope)

    def _may_be_a_page(self, task: Task, answer: Answer, row: Response) -> bool:
        """Whether a robots.txt redirected here although it is, or leads to, a page of the site: its row waits to be found as one."""
        if task.role != "robots" or is_robots_txt(task.url) or task.url in self._kept:
            return False
        wanted = row.in_scope or not (self._site_origin or self.arguments.urls)
        return wanted and bool(row.mechanism or is_html(row.media_type, answer.body))

    def _record_kept(self) -> None:
        """No page was found under these URLs: they get their rows as what they were asked for."""
        for task, answer in list(self._kept.values()):
            self._record(task, answer)
        self._kept.clear()

    def _learn_from(self, task: Task, row: Response) -> None:
        self.tally.add(task, row)
        if row.in_scope and task.role == "page":
            self.graph.add(row)
        if row.mechanism and row.location_url:
            self.frontier.redirected(task, urls.without_fragment(row.location_url))
        for mention in row.links:
            self.frontier.mention(mention, task.depth)
            self._sitemaps_named = self._sitemaps_named or mention.element == "sitemap-file"
        if task.start and row.status is not None and not row.mechanism and row.in_scope:
            self._site_origin = urls.split(task.url).origin
            self._find_sitemap()

    def _tell_gate(self, row: Response, body: bytes) -> None:
        target = urls.without_fragment(row.location_url) if row.mechanism == "location" and row.location_url else None
        for lesson in self._gate.answered(row.url, RobotsAnswer(robots_status(row.status, row.error), body, target)):
            self._learn(lesson)

    def _journal(self, record: Record) -> None:
        try:
            self.journal.append(record)
        except OSError as error:
            raise CloseSpider(f"the journal cannot be written: {error.strerror}") from error

    def _adopt(self, task: Task, answer: Answer) -> None:
        """The start URL led to another site: that one is audited, and the report says so."""
        if task.url in self.scope:
            return
        row = self._read(task, answer, in_scope=True)
        if row.mechanism not in ("location", "refresh-header"):
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
        if origin in self.frontier.policies and not self._sitemaps_named and not self.arguments.urls:
            self._sitemaps_named = True
            self._seed([Mention(f"{origin}/sitemap.xml", "sitemap-file")])

    def _walk(self, walker: Walker) -> None:
        meta: dict[str, Any] = {"verbatim_url": True, "walker": walker, "headers": walker.headers()}
        self._again.append(Request(walker.url, self.parse, meta=meta, errback=self.failed, dont_filter=True))

    def _walked(self, walker: Walker, request: Request, answer: Answer) -> None:
        row = self._read(Task(walker.url), answer, in_scope=True)
        outcome = walker.step(row, request.meta.get("response"))
        if outcome is None and walker.url not in self.scope:
            outcome = "external"
        if outcome is None and not self._robots_allow(walker.url):
            outcome = "robots"
        if outcome is None:
            self._walk(walker)
        else:
            self._journal(walker.result(row, outcome))
            for following in self._second_pass.next():
                self._walk(following)

    def _robots_allow(self, url: str) -> bool:
        if self.arguments.robots == "ignore":
            return True
        policy = self.frontier.policies.get(urls.split(url).origin)
        return policy is not None and policy.allows(url)


_UNASKED = "nothing led to {}: what is answered there is not judged"
