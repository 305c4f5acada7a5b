"""Which URL is asked next: each at most once, robots.txt first, level by level. Pure: no network, no files."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from seoaudit import urls
from seoaudit.records import ASSET_ELEMENTS, FILE_ELEMENTS, FORM_ELEMENTS, Limit, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.config import Arguments
    from seoaudit.crawl.scope import Scope
    from seoaudit.http.robots import RobotsPolicy

Role = Literal["page", "asset", "outside", "robots", "sitemap"]

MAX_HOPS_FOLLOWED = 100
"""Redirects followed from the last URL that a page mentioned; a browser gives up after 20, an endless path never ends by itself."""


def is_robots_txt(url: str) -> bool:
    """Whether the URL is its origin's robots.txt (RFC 9309, 2.3)."""
    return url.split("/", 3)[3] == "robots.txt"


@dataclass(frozen=True, slots=True)
class Task:
    """One URL to ask: how, and where it stands in the crawl. `start` marks the chain that begins at the start URL."""

    url: str
    role: Role = "page"
    depth: int = 0
    hops: int = 0
    start: bool = False

    @property
    def method(self) -> str:
        """HEAD for what is asked only for its answer, GET for what is read."""
        return "HEAD" if self.role in ("asset", "outside") else "GET"


@dataclass(slots=True)
class Frontier:
    """Known URLs, waiting tasks, and what robots.txt says of each origin.

    A task comes out once, when its origin's robots.txt is known; `new_origins` are those whose robots.txt is to be found,
    `forbidden` the tasks that robots.txt keeps back, `answered` those whose URL a robots.txt redirected to: it was asked.
    With `max_depth` a level is begun only when the one before is done, so that the set of URLs does not depend on speed.
    Assets come last: a page may yet be found under the same URL, and is then read as one.
    """

    scope: Scope
    arguments: Arguments
    known: set[str] = field(default_factory=set)
    levels: dict[int, deque[Task]] = field(default_factory=dict)
    policies: dict[str, RobotsPolicy] = field(default_factory=dict)
    parked: dict[str, list[Task]] = field(default_factory=dict)
    new_origins: list[str] = field(default_factory=list)
    forbidden: deque[tuple[Task, str]] = field(default_factory=deque)
    answered: deque[Task] = field(default_factory=deque)
    asked: int = 0
    in_flight: dict[str, Task] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    _left_out_urls: set[tuple[str, str]] = field(default_factory=set)
    _assets: OrderedDict[str, Task] = field(default_factory=OrderedDict)
    _robots_urls: set[str] = field(default_factory=set)
    _robots_unanswered: set[str] = field(default_factory=set)
    _until_answered: dict[str, Task] = field(default_factory=dict)
    _read_for_sitemaps: set[str] = field(default_factory=set)

    def mention(self, mention: Mention, depth: int) -> None:
        """Take in one mention found on something at `depth`."""
        url = mention.target
        if url in self.known and (url not in self._assets or mention.element in ASSET_ELEMENTS):
            return
        role = self._role(url, mention.element)
        if role is None:
            return
        level = depth if mention.element in FILE_ELEMENTS or mention.element in ("start", "list") else depth + 1
        if role == "page" and mention.element not in ("start", "list") and not self._wanted(url, level):
            return
        self._assets.pop(url, None)
        self._push(Task(url, role, level, start=mention.element == "start"))

    def redirected(self, task: Task, target: str) -> None:
        """Take in where `task` was sent: the same depth, the same role, one hop more."""
        if target in self.known or task.role == "robots":  # the robots gate follows its own redirects
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
            role = "outside"
        elif inside and role == "outside":
            role = "page"
        self._push(replace(task, url=target, role=role, hops=task.hops + 1))

    def ask_robots(self, url: str) -> bool:
        """Put a robots.txt, or what it redirects to, before everything else; False when that page is done already."""
        if url in self._robots_urls or url in self.in_flight:
            return True
        if url in self.known and not self._waits(url):
            return False
        self._push_robots(Task(url, "robots"))
        return True

    def robots(self, origin: str, policy: RobotsPolicy) -> None:
        """Learn what an origin's robots.txt says, and let its waiting tasks go on."""
        self.policies[origin] = policy
        for task in self.parked.pop(origin, ()):
            self._push_known(task)

    def pop(self) -> Task | None:
        """The next task that may be asked now; None when all wait, are done, or the limit is reached."""
        while not self.exhausted and (task := self._next()) is not None:
            if self._held_by_robots(task) or self._asked_for_robots(task):
                continue
            if task.role != "robots":
                self.asked += 1
            self.in_flight[task.url] = task
            return task
        return None

    def done(self, task: Task) -> None:
        """The task was answered, or failed."""
        self.in_flight.pop(task.url, None)
        if task.role == "robots":
            self._robots_unanswered.discard(task.url)
            if waiting := self._until_answered.pop(task.url, None):
                self.answered.append(waiting)

    @property
    def exhausted(self) -> bool:
        """Whether `max_urls` is reached."""
        return self.arguments.max_urls is not None and self.asked >= self.arguments.max_urls

    @property
    def has_next(self) -> bool:
        """Whether a task may come out, now or when what is on its way is done; a task that waits for a lost robots.txt never will."""
        return bool(any(self.levels.values()) or self._assets or self.answered) and not self.exhausted

    @property
    def waiting(self) -> int:
        """URLs known and wanted that were not asked."""
        queues = [*self.levels.values(), *self.parked.values(), self._assets, self._until_answered, self.answered]
        return sum(map(len, queues)) + len(self.in_flight)

    def limits(self) -> list[Limit]:
        """What was left out by an argument or a limit, for the report."""
        found = [Limit(name, count, _LEFT_OUT[name]) for name, count in sorted(self.left_out.items())]
        if self.exhausted and self.waiting:
            found.append(Limit("max_urls", self.waiting, "known URLs that were not asked; raise max_urls to ask them"))
        return found

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

    def _wanted(self, url: str, level: int) -> bool:
        given = self.arguments
        if any(pattern.search(url) for pattern in given.exclude):
            return self._leave_out("exclude", url)
        if given.include and not any(pattern.search(url) for pattern in given.include):
            return self._leave_out("include", url)
        if given.max_depth is not None and level > given.max_depth:
            return self._leave_out("max_depth", url)
        return True

    def _leave_out(self, name: str, url: str) -> bool:
        if (name, url) not in self._left_out_urls:
            self._left_out_urls.add((name, url))
            self.left_out[name] += 1
        return False

    def _push(self, task: Task) -> None:
        self.known.add(task.url)
        if task.role in ("page", "robots") and is_robots_txt(task.url):
            self._push_robots(replace(task, role="robots"))
        else:
            self._push_known(task)

    def _push_known(self, task: Task) -> None:
        if task.role == "asset":
            self._assets[task.url] = task
        else:
            self.levels.setdefault(task.depth, deque()).append(task)

    def _push_robots(self, task: Task) -> None:
        if is_robots_txt(task.url):  # what it redirects to may be found as a page, too
            self.known.add(task.url)
        self._robots_urls.add(task.url)
        self._robots_unanswered.add(task.url)
        self.levels.setdefault(0, deque()).appendleft(task)

    def _waits(self, url: str) -> bool:
        queues = (*self.levels.values(), *self.parked.values(), self._assets.values())
        return any(task.url == url for queue in queues for task in queue)

    def _next(self) -> Task | None:
        level = min((depth for depth, queue in self.levels.items() if queue), default=None)
        if level is not None:
            if self.arguments.max_depth is not None and any(task.depth < level for task in self._unfinished()):
                return None
            return self.levels[level].popleft()
        if self._assets and all(task.role == "asset" for task in self.in_flight.values()):
            return self._assets.popitem(last=False)[1]
        return None

    def _unfinished(self) -> Iterable[Task]:
        yield from self.in_flight.values()
        for tasks in self.parked.values():
            yield from tasks

    def _held_by_robots(self, task: Task) -> bool:
        if task.role == "robots":
            return False
        origin = urls.split(task.url).origin
        policy = self.policies.get(origin)
        if self.arguments.robots == "ignore":
            self._want_sitemaps_of(origin)
            return False
        if policy is None:
            self._park(origin, task)
            return True
        if policy.allows(task.url):
            return False
        self.forbidden.append((task, policy.reason or f"robots.txt of {origin} forbids it"))
        return True

    def _asked_for_robots(self, task: Task) -> bool:
        if task.role == "robots" or task.url not in self._robots_urls:
            return False
        if task.url in self._robots_unanswered:
            self._until_answered[task.url] = task
        else:
            self.answered.append(task)
        return True

    def _want_sitemaps_of(self, origin: str) -> None:
        """A robots.txt that is not obeyed is still read for the sitemaps that it names."""
        if f"{origin}/" in self.scope and not self.arguments.urls and origin not in self._read_for_sitemaps:
            self._read_for_sitemaps.add(origin)
            self.new_origins.append(origin)

    def _park(self, origin: str, task: Task) -> None:
        if origin not in self.parked:
            self.new_origins.append(origin)
        self.parked.setdefault(origin, []).append(task)


_LEFT_OUT = {
    "exclude": "URLs that match exclude were not asked",
    "external": "redirect targets outside the site were not asked (external=none)",
    "hops": f"a chain of redirects was followed for {MAX_HOPS_FOLLOWED} hops and still went on",
    "include": "URLs that do not match include were not asked",
    "max_depth": "links deeper than max_depth were not followed; raise it to follow them",
}
