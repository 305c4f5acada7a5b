"""Which URLs are asked: each at most once, robots.txt first, assets last. No network and no clock: times are given, in seconds."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple, cast

from seoaudit.crawl.hindrances import hindrances
from seoaudit.crawl.lanes import Lane, Lanes
from seoaudit.crawl.pace import Reply, backoff
from seoaudit.crawl.probes import reads_like_an_act
from seoaudit.crawl.retry import FAILURES_OF_AN_UNMENTIONED_ORIGIN
from seoaudit.crawl.spool import Spool, TaskQueue
from seoaudit.crawl.task import Role, Task, is_robots_txt
from seoaudit.crawl.traps import Traps, streak_of
from seoaudit.records import (
    ASSET_ELEMENTS,
    FILE_ELEMENTS,
    FORM_ELEMENTS,
    MAX_REDIRECTS,
    PROBE_ELEMENTS,
    FetchError,
    Limit,
    Mention,
    ProbeKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.config import Arguments
    from seoaudit.crawl.scope import Scope
    from seoaudit.http.robots import RobotsPolicy

MAX_HOPS_FOLLOWED = 100
"""Redirects followed from the last URL that a page mentioned; a browser gives up after 20, an endless path never ends by itself."""

_AT_ONCE = 100
"""URLs that are kept back, handed over in one go; assets that begin to wait in one go."""


class KeptBack(NamedTuple):
    """A task that is not asked: its row says why."""

    task: Task
    error: FetchError
    detail: str


class Frontier:
    """Known URLs, waiting tasks, and what robots.txt says of each origin.

    A task comes out once, when its origin's robots.txt is known; `new_origins` are those whose robots.txt is to be found,
    `kept_back` the tasks that robots.txt forbids or whose host is dead. Assets come last: a page may yet be found under the
    same URL, and is then read as one. `known` holds hashes: of a million URLs the text alone would take 100 MB.
    """

    def __init__(self, scope: Scope, arguments: Arguments, spool: Spool | None = None) -> None:
        self.scope = scope
        self.arguments = arguments
        self.spool = spool or Spool()
        self.lanes = Lanes(arguments, self.spool, by_level=arguments.max_depth is not None)
        self.traps = Traps(arguments.trap_limit)
        self.known: set[int] = set()
        self.new_origins: list[str] = []
        self.kept_back: deque[KeptBack] = deque()
        self.in_flight: dict[Task, float] = {}
        self.left_out: Counter[str] = Counter()
        self.asked = 0
        self._left_out_urls: set[tuple[str, int]] = set()
        self._assets = TaskQueue(self.spool)
        self._waiting_assets: set[int] = set()
        self._robots_asked: set[str] = set()
        self._seeds: set[tuple[str, str]] = set()
        self._answered: set[int] = set()
        self._replayed: dict[int, Task] = {}

    def knows(self, url: str) -> bool:
        """Whether the URL was asked, or is to be."""
        return hash(url) in self.known

    def seed(self, mention: Mention) -> None:
        """Take in a mention that no page made."""
        if self.arguments.probes != "all" or mention.element not in PROBE_ELEMENTS:  # as many as the site has pages
            self._seeds.add((mention.target, mention.element))
        self.mentions([mention])

    def seeded(self, mention: Mention) -> bool:
        """Whether it was taken in before."""
        return (mention.target, mention.element) in self._seeds

    def mentions(self, mentions: Iterable[Mention], source: Task | None = None) -> None:
        """Take in what was found on what `source` asked, or made by ourselves; nearly all of it is known already."""
        known, assets = self.known, self._waiting_assets
        for mention in mentions:
            key = hash(mention[0])
            if key not in known or (key in assets and mention[1] not in ASSET_ELEMENTS):
                self._take(mention, key, source)

    def redirected(self, task: Task, target: str) -> None:
        """Take in where `task` was sent: the same depth, the same role, one hop more."""
        to_be_read = task.role == "page" and hash(target) in self._waiting_assets
        if (self.knows(target) and not to_be_read) or task.role == "robots":  # robots.txt has its own way of following
            return
        if task.probe is not None and task.hops > MAX_REDIRECTS:  # more than a browser follows: seen well enough
            return
        if task.hops >= MAX_HOPS_FOLLOWED:
            self._leave_out("hops", target)
            return
        inside = target in self.scope
        if any(pattern.search(target) for pattern in self.arguments.exclude):
            self._leave_out("exclude", target)
            return
        role = task.role
        if not inside and not task.start and role != "sitemap":
            if self.arguments.external == "none":
                self._leave_out("external", target)
                return
            role = "form" if role == "form" else "outside"
        elif inside and role == "outside":
            role = "page" if task.probe is None else "probe"
        if role == "form" and self.acts(target):
            return
        self._waiting_assets.discard(hash(target))
        probe: ProbeKind | None = None if task.probe is None else "redirect"
        self._push(task._replace(url=target, role=role, hops=task.hops + 1, retries=0, probe=probe))

    def acts(self, url: str) -> bool:
        """Whether a form's URL reads as if asking it could change something; it is then counted as left out."""
        return reads_like_an_act(url) and not self._leave_out("forms", url)

    def ask_robots(self, url: str) -> None:
        """Put a robots.txt, or what it redirects to, before everything else; the latter is no page by that."""
        if is_robots_txt(url):
            self.known.add(hash(url))
        self._wait(Task(url, "robots"))

    def robots(self, origin: str, policy: RobotsPolicy) -> None:
        """Learn what an origin's robots.txt says, and let its waiting tasks go on."""
        self.lanes.open(self.lanes.lane(f"{origin}/"), policy)

    def only_ours(self, url: str) -> bool:
        """Whether nobody but the audit itself wants anything of the URL's origin."""
        lane = self.lanes.lane(url)
        return lane.wanted and not lane.mentioned

    def policy(self, url: str) -> RobotsPolicy | None:
        """What the robots.txt of the URL's origin says; None while that is not known."""
        return self.lanes.lane(url).policy

    def walk(self, url: str, number: int) -> None:
        """Ask a URL once more, as a step of a walk of the second pass."""
        self.lanes.push(Task(url, "walk", number=number))

    def vary(self, url: str, number: int) -> None:
        """Ask a URL in another way, whether it was asked before or not."""
        self._wait(Task(url, "variant", number=number))

    def pop(self, now: float) -> Task | None:
        """The next task that may be asked now; None when all wait, are done, or the limit is reached."""
        while len(self.kept_back) < _AT_ONCE:
            if not self.in_flight and not self.lanes and self._waiting_assets:
                self._begin_assets()
            found = self.lanes.pop(now, front_only=self.exhausted)
            if found is None:
                return None
            lane, task = found
            if self._keeps_back(lane, task):
                self.lanes.end(task)
                continue
            lane.pace.begin(now)
            self.asked += task.counts and not task.retries
            self.in_flight[task] = now
            return task
        return None

    def answered(self, task: Task, reply: Reply, now: float) -> bool:
        """Learn from how a task was answered; whether that is its last answer. If not, it is asked again later."""
        lane = self.lanes.lane(task.url)
        lane.pace.end(reply, self.in_flight.pop(task), now, again=task.retries > 0)
        verdict = "record" if task.role == "walk" else lane.health.judge(reply, task.retries, now)
        if verdict == "wait" and lane.health.lost and not lane.own:
            verdict = "record"
        if task.role == "variant":  # once is enough, and a POST must not be sent twice
            verdict = "record"
        self.lanes.end(task, finished=verdict == "record")
        if verdict == "retry":
            pause = backoff(task.retries, hurried=lane.health.hurried)
            self.lanes.push_back(task._replace(retries=task.retries + 1), now + pause)
        elif verdict == "wait":
            self.asked -= task.counts and not task.retries
            self.lanes.push_back(task, now)
        return verdict == "record"

    @property
    def exhausted(self) -> bool:
        """Whether `max_urls` is reached."""
        return self.arguments.max_urls is not None and self.asked >= self.arguments.max_urls

    @property
    def has_next(self) -> bool:
        """Whether a task may come out, now, later, or when what is on its way is done."""
        return self.lanes.has_next(front_only=self.exhausted) or bool(
            self._waiting_assets and not self.lanes and not self.exhausted
        )

    @property
    def gone(self) -> bool:
        """Whether a part of the site answers no more, so that what waits there stays for a later day."""
        return any(lane.abandoned and len(lane) for lane in self.lanes.lanes.values())

    @property
    def waiting(self) -> int:
        """URLs known and wanted that were not asked."""
        return len(self.lanes) + len(self._waiting_assets) + len(self.in_flight)

    def limits(self) -> list[Limit]:
        """What was left out by an argument or a limit, and what slowed the crawl, for the report."""
        found = [Limit(name, count, _LEFT_OUT[name]) for name, count in sorted(self.left_out.items())]
        if self.exhausted and self.waiting:
            found.append(Limit("max_urls", self.waiting, "known URLs that were not asked; raise max_urls to ask them"))
        return [*found, *self.traps.limits(), *hindrances(self.lanes)]

    def replay(self, answered: set[int]) -> None:
        """Until `replayed_all`, what is pushed and was answered before does not wait again."""
        self._answered = answered

    def replayed(self, url: str) -> Task | None:
        """The task of a URL that was answered before; None for one that nothing mentioned."""
        self._waiting_assets.discard(hash(url))
        return self._replayed.pop(hash(url), None)

    def replayed_all(self) -> None:
        """From now on tasks wait; what is known stays known."""
        self._answered = set()
        self._replayed.clear()

    def _take(self, mention: Mention, key: int, source: Task | None) -> None:
        url, element = mention.target, mention.element
        if element in PROBE_ELEMENTS:
            kind = cast("ProbeKind", mention.text)
            self._push(Task(url, "form" if kind == "form" else "probe", probe=kind))
            return
        role = self._role(url, element)
        if role is None:
            return
        depth = source.depth if source else 0
        given = element in ("start", "list")
        level = depth if given or element in FILE_ELEMENTS else depth + 1
        streak = streak_of(url, source.url, source.streak) if source and source.role == "page" else 0
        if role == "page" and not given and not self._wanted(url, level, streak):
            return
        self._waiting_assets.discard(key)
        self._push(Task(url, role, level, start=element == "start", streak=streak))

    def _role(self, url: str, element: str) -> Role | None:
        if element == "list":
            return "page"
        if element in FILE_ELEMENTS:
            return "robots" if element == "robots-txt" else None if self.arguments.urls else "sitemap"
        if element in FORM_ELEMENTS or (self.arguments.urls and element != "start"):
            return None
        if element in ASSET_ELEMENTS:
            return "asset" if self.arguments.assets and url in self.scope else None
        if url in self.scope or element == "start":
            return "page"
        return "outside" if self.arguments.external == "links" and element in ("a", "area") else None

    def _wanted(self, url: str, level: int, streak: int) -> bool:
        given = self.arguments
        if any(pattern.search(url) for pattern in given.exclude):
            return self._leave_out("exclude", url)
        if given.include and not any(pattern.search(url) for pattern in given.include):
            return self._leave_out("include", url)
        if given.max_depth is not None and level > given.max_depth:
            return self._leave_out("max_depth", url)
        return self.traps.admits(url, streak)

    def _leave_out(self, name: str, url: str) -> bool:
        if (name, hash(url)) not in self._left_out_urls:
            self._left_out_urls.add((name, hash(url)))
            self.left_out[name] += 1
        return False

    def _push(self, task: Task) -> None:
        key = hash(task.url)
        self.known.add(key)
        if is_robots_txt(task.url):  # whatever mentions it, its rules decide about others
            task = task._replace(role="robots")
        if task.role == "asset":
            self._waiting_assets.add(key)
        if key in self._answered:
            self._replayed[key] = task
        elif task.role == "asset":
            self._assets.push(task)
        else:
            self._wait(task)

    def _wait(self, task: Task) -> None:
        if task.role == "robots":
            if task.url in self._robots_asked:
                return
            self._robots_asked.add(task.url)
        lane = self.lanes.push(task)
        lane.mentioned = lane.mentioned or task.counts
        lane.own = lane.own or (task.role != "outside" and task.url in self.scope)
        if task.role != "robots" and not lane.wanted:
            lane.wanted = True
            if not lane.mentioned:
                lane.health.patience = FAILURES_OF_AN_UNMENTIONED_ORIGIN
            self._want_robots(lane)

    def _want_robots(self, lane: Lane) -> None:
        """A robots.txt that is not obeyed is still read for the sitemaps that it names."""
        ignored = self.arguments.robots == "ignore"
        if ignored:
            self.lanes.open(lane, None)
        if not ignored or (lane.mentioned and f"{lane.origin}/" in self.scope and not self.arguments.urls):
            self.new_origins.append(lane.origin)

    def _begin_assets(self) -> None:
        for _ in range(min(_AT_ONCE, len(self._assets))):
            task = self._assets.pop()
            if hash(task.url) in self._waiting_assets:  # else it was found as a page, too
                self._waiting_assets.discard(hash(task.url))
                self._wait(task)

    def _keeps_back(self, lane: Lane, task: Task) -> bool:
        """Whether the task is not to be asked; then it is among `kept_back`."""
        failure = lane.health.last_failure
        if lane.health.lost and failure is not None and failure.error is not None:
            times = f"{lane.origin} failed {lane.health.failures} times in a row and was not asked again"
            self.kept_back.append(KeptBack(task, failure.error, f"{failure.detail or failure.error}; {times}"))
            return True
        if task.role in ("robots", "walk") or lane.policy is None or lane.policy.allows(task.url):
            return False
        if self.arguments.robots == "ignore":
            return False
        reason = lane.policy.reason or f"robots.txt of {lane.origin} forbids it"
        self.kept_back.append(KeptBack(task, "robots", reason))
        return True


_LEFT_OUT = {
    "forms": "actions of forms that read as if they log out, delete or cancel something were not asked",
    "exclude": "URLs that match exclude were not asked",
    "external": "redirect targets outside the site were not asked (external=none)",
    "hops": f"a chain of redirects was followed for {MAX_HOPS_FOLLOWED} hops and still went on",
    "include": "URLs that do not match include were not asked",
    "max_depth": "links deeper than max_depth were not followed; raise it to follow them",
}
