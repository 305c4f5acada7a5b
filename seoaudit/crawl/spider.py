"""The audit spider: what goes out when, and who hears of the answer. It never judges."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import Request
from twisted.python.failure import Failure

from seoaudit import urls
from seoaudit.crawl.answer import Answer, answer_of, answer_of_failure
from seoaudit.crawl.progress import Progress, Trend
from seoaudit.crawl.rewalk import SecondPass, Walker
from seoaudit.crawl.task import Task
from seoaudit.crawl.transfer import Unanswered
from seoaudit.records import Limit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy.http import Response as ScrapyResponse

    from seoaudit.crawl.recorder import Recorder
    from seoaudit.crawl.variants import Variation

MAX_SITEMAP_BYTES = 60 * 2**20
"""sitemaps.org allows 50 MB uncompressed; a little more is read so that one over the bound is still seen whole."""

HEAD_REFUSED = frozenset({400, 403, 404, 405, 406, 410, 500, 501})
"""Answers to HEAD that many servers give although GET would succeed; GET then decides."""


REFUSES_HEAD = frozenset({400, 405, 501})
"""Answers that refuse the method; where a form sends, GET is asked only then."""


class AuditSpider(scrapy.Spider):
    """Asks what the frontier wants asked, at the pace that each host bears, and hands every answer to the recorder."""

    name = "audit"

    def __init__(self, recorder: Recorder, watch: Callable[[Progress], None] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.recorder = recorder
        self.frontier = recorder.frontier
        self.stopping = False
        self._watch = watch
        self._trend = Trend(recorder.resumed)
        self._again: deque[Request] = deque()
        self._second_pass = SecondPass(recorder.graph, recorder.walked)
        self._walkers: dict[int, Walker] = {}
        self._variations: list[Variation] = []
        self._steps = deque(
            (
                lambda: recorder.probe(recorder.questions.entries()),
                lambda: recorder.probe(recorder.questions.pages()),
                self._begin_variants,
                self._begin_walks,
            )
        )
        self._stop: asyncio.Future[None] | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Seed the frontier; the scheduler does the asking."""
        try:
            self.recorder.begin()
        except OSError as error:
            self._give_up(error)
        self._tell()
        nothing_of_our_own: tuple[Any, ...] = ()
        for request in nothing_of_our_own:
            yield request

    def has_pending(self) -> bool:
        """Whether anything may still be asked, now or later."""
        frontier = self.frontier
        return bool(self._again or frontier.kept_back or frontier.new_origins) or frontier.has_next

    def next_request(self) -> Request | None:
        """The next request that may go now; what is kept back gets its row on the way."""
        if self.stopping:
            return None
        if self._again:
            return self._again.popleft()
        try:
            task = self._next_task()
        except OSError as error:
            self._give_up(error)
            return None
        if task is None:
            self._wake_in_time()
            return None
        return self._request(task, task.method)

    def put_back(self, request: Request) -> None:
        """A request that woke the engine is the next to go."""
        self._again.appendleft(request)

    def parse(self, response: ScrapyResponse, **_: Any) -> None:
        """An answer came by way of the engine."""
        assert response.request is not None
        self._take(response.request, response)

    def failed(self, failure: Failure) -> None:
        """No answer came, by way of the engine."""
        self._take(failure.request, failure)  # type: ignore[attr-defined]  # Scrapy sets it

    def follow(self, request: Request, result: ScrapyResponse | Failure, *, more: bool) -> Request | None:
        """Take an answer where it came, and say what to ask next in its place; None when nothing may go, or not `more`.

        Where requests have become more than those on their way, one of them wakes the engine.
        """
        try:
            self._take(request, result)
        except Exception:
            self.logger.exception("the answer of %s could not be taken", request.url[:200])
            self.recorder.faults += 1
        request.meta["taken"] = True
        following = self.next_request() if more else None
        engine = self.crawler.engine
        if following is not None and engine is not None and not engine.needs_backout():
            another = self.next_request()
            if another is not None:
                engine.crawl(another)
        return following

    def _take(self, request: Request, result: ScrapyResponse | Failure) -> None:
        if "taken" in request.meta:
            return
        if isinstance(result, Failure):
            if not isinstance(result.value, Unanswered):
                self.recorder.faults += 1
            self._answered(request, answer_of_failure(result, request))
            return
        if request.meta["task"].role == "walk":  # its cookies are read from the response itself
            request.meta["response"] = result
        self._answered(request, answer_of(result, request.meta))

    def closed(self, reason: str) -> None:
        """Scrapy's last call."""
        for timer in self._timers.values():
            timer.cancel()
        if reason == "finished":
            self.recorder.record_rules_only()

    def stop(self, reason: str) -> None:
        """Ask nothing more and end when what is on its way is answered."""
        engine = self.crawler.engine
        if not self.stopping and engine is not None:
            self.stopping = True
            self._stop = asyncio.ensure_future(engine.close_spider_async(reason=reason))

    def progress(self) -> Progress:
        """Where the crawl stands."""
        return self._trend.progress(self.recorder.tally, self.frontier, asyncio.get_running_loop().time())

    def _next_task(self) -> Task | None:
        task = self._served_task()
        while task is None and self._steps and not self.has_pending() and not self.frontier.in_flight:
            self.recorder.record_rules_only()
            self._steps.popleft()()
            task = self._served_task()
        return task

    def _served_task(self) -> Task | None:
        task = self.frontier.pop(_now())
        while self.frontier.new_origins or self.frontier.kept_back:
            for step, answer in self.recorder.serve():
                self._answered_beside(step, answer, None)
            task = task or self.frontier.pop(_now())
        return task

    def _request(self, task: Task, method: str) -> Request:
        meta: dict[str, Any] = {"verbatim_url": True, "task": task, "bare": task.role != "walk"}
        if task.role == "sitemap":
            meta["max_bytes"] = MAX_SITEMAP_BYTES
        if task.role in ("asset", "outside", "form"):
            meta["headers_only"] = True
        if task.role == "walk":
            meta["headers"] = self._walkers[task.number].headers()
        if task.role == "variant":
            method, meta["headers"] = self._variations[task.number].method, self._variations[task.number].headers
        return Request(task.url, self.parse, method=method, meta=meta, errback=self.failed, dont_filter=True)

    def _answered(self, request: Request, answer: Answer) -> None:
        task: Task = request.meta["task"]
        if request.method == "HEAD" and self._shall_get(task, answer):
            self._again.append(self._request(task, "GET"))
            return
        answer.method = request.method
        final = self.frontier.answered(task, answer.reply(), _now())
        try:
            if task.role in ("walk", "variant"):
                self._answered_beside(task, answer, request.meta.get("response"))
            elif final:
                self.recorder.record(task, answer)
        except OSError as error:
            self._give_up(error)

    def _shall_get(self, task: Task, answer: Answer) -> bool:
        """Whether a GET shall say what HEAD did not; never where another site's form sends."""
        if task.role != "form":
            return answer.status in HEAD_REFUSED or answer.error in ("reset", "malformed")
        return answer.status in REFUSES_HEAD and task.url in self.recorder.scope

    def _give_up(self, error: OSError) -> None:
        self.stop(f"the run cannot be written: {error.strerror}")

    def _wake_in_time(self) -> None:
        """Scrapy asks for more after each answer; what waits for its time needs a clock of its own."""
        at = self.frontier.lanes.next_at()
        if at is not None:
            self._set_timer("wake", at, self._wake)

    def _wake(self) -> None:
        request = self.next_request()
        if request is not None and self.crawler.engine is not None:
            self.crawler.engine.crawl(request)
        elif not (self.has_pending() or self.frontier.in_flight):  # Scrapy would notice at its next heartbeat only
            self.stop("finished")

    def _set_timer(self, name: str, at: float, act: Callable[[], None]) -> None:
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = asyncio.get_running_loop().call_at(at, act)

    def _tell(self) -> None:
        """Say where the crawl stands, once a second."""
        if self._watch is not None:
            self._watch(self.progress())
            self._set_timer("tell", _now() + 1, self._tell)

    def _begin_variants(self) -> None:
        self._variations = self.recorder.questions.variations()
        for number, variation in enumerate(self._variations):
            self.frontier.vary(variation.url, number)

    def _begin_walks(self) -> None:
        for walker in self._second_pass.begin():
            self._walk(walker)
        if self._second_pass.left_out:
            self.recorder.notes.append(
                Limit("rewalks", self._second_pass.left_out, "more looping or failing chains were not walked again")
            )

    def _walk(self, walker: Walker) -> None:
        self._walkers[walker.number] = walker
        self.frontier.walk(walker.url, walker.number)

    def _answered_beside(self, task: Task, answer: Answer, response: ScrapyResponse | None) -> None:
        if task.role == "walk":
            self._step(task, answer, response)
            return
        row = self.recorder.read(Task(task.url, "probe", probe="redirect"), answer, in_scope=True)
        self.recorder.record_beside(self._variations[task.number].record(row))

    def _step(self, task: Task, answer: Answer, response: ScrapyResponse | None) -> None:
        """One answer on a walk; the next is asked, or the walk has ended and the next one begins."""
        walker = self._walkers[task.number]
        row = self.recorder.read(Task(task.url), answer, in_scope=True)
        outcome = walker.step(row, response)
        if outcome is None and walker.url not in self.recorder.scope:
            outcome = "external"
        if outcome is None and not self._robots_allow(walker.url):
            outcome = "robots"
        if outcome is None:
            self._walk(walker)
            return
        self.recorder.record_beside(walker.result(row, outcome))
        del self._walkers[task.number]
        for following in self._second_pass.next():
            self._walk(following)

    def _robots_allow(self, url: str) -> bool:
        if self.recorder.arguments.robots == "ignore":
            return True
        policy = self.frontier.policy(urls.origin(url) + "/")
        return policy is not None and policy.allows(url)


def _now() -> float:
    return asyncio.get_running_loop().time()
