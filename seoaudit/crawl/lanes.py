"""Who goes next: a lane an origin, each at the pace of its host, in turn (no network; times in seconds)."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.pace import MAX_CRAWL_DELAY_S, Pace, is_loopback
from seoaudit.crawl.retry import Health
from seoaudit.crawl.routes import Route
from seoaudit.crawl.spool import Spool, TaskQueue

if TYPE_CHECKING:
    from seoaudit.config import Arguments
    from seoaudit.crawl.task import Task
    from seoaudit.http.robots import RobotsPolicy


def host_of(url: str) -> str:
    """The host that one pace holds for: http and https of one name are one machine; another port may be another."""
    parts = urls.split(url)
    return f"{parts.host}:{parts.port}" if parts.port else parts.host


@dataclass(slots=True, eq=False)
class Lane:
    """What waits for one origin.

    `front` goes before everything and needs no robots.txt; `open` once that is known, `wanted` once it is being looked for;
    `own`: the origin belongs to the audited site; `mentioned`: the site or the person who audits named a URL there. `questions` are the audit's own: they come last, and `max_urls` does not count
    them.
    """

    origin: str
    pace: Pace
    health: Health
    questions: TaskQueue
    policy: RobotsPolicy | None = None
    open: bool = False
    own: bool = False
    wanted: bool = False
    mentioned: bool = False
    front: deque[Task] = field(default_factory=deque)
    levels: dict[int, TaskQueue] = field(default_factory=dict)
    queued: bool = False

    @property
    def level(self) -> int | None:
        """The lowest depth at which a task waits."""
        return min(self.levels, default=None)

    @property
    def abandoned(self) -> bool:
        """Whether its tasks stay for a later day: the site answered once and does so no more."""
        return self.own and self.health.lost and self.health.answers > 0

    def may_go(self, *, front_only: bool = False) -> bool:
        """Whether a task could be taken, time and pace aside."""
        waiting = self.questions or (self.levels and not front_only)
        return bool(self.front or (self.open and waiting)) and not self.abandoned

    def ready_at(self) -> float:
        """The earliest time for the next request."""
        return max(self.pace.next_at, self.health.quiet_until)

    def next_is_question(self, *, front_only: bool) -> bool:
        """Whether one of the audit's own questions would be taken."""
        return bool(self.questions) and not self.front and (front_only or not self.levels)

    def pop(self, *, front_only: bool = False) -> Task:
        """The next task."""
        if self.front:
            return self.front.popleft()
        if self.next_is_question(front_only=front_only):
            return self.questions.pop()
        level = min(self.levels)
        queue = self.levels[level]
        task = queue.pop()
        if not queue:
            del self.levels[level]
        return task

    def __len__(self) -> int:
        return len(self.front) + len(self.questions) + sum(map(len, self.levels.values()))


class Lanes:
    """All lanes, and whose turn it is.

    With `by_level` a depth is begun only when all tasks of the one before are done, so that what is found does not depend on speed.
    """

    def __init__(self, arguments: Arguments, spool: Spool, *, by_level: bool) -> None:
        self._arguments = arguments
        self._spool = spool
        self._routes = [Route.read(entry) for entry in arguments.connect_to]
        self._by_level = by_level
        self._unfinished: Counter[int] = Counter()
        self._turns: deque[Lane] = deque()
        self._full: dict[str, list[Lane]] = {}
        self._timed: list[tuple[float, int, Lane]] = []
        self._later: list[tuple[float, int, Task]] = []
        self._number = count()
        self.lanes: dict[str, Lane] = {}
        self.paces: dict[str, Pace] = {}

    def lane(self, url: str) -> Lane:
        """The lane of a URL's origin; an origin alone is no URL."""
        origin = urls.origin(url)
        if origin not in self.lanes:
            host = host_of(url)
            hurried = self._arguments.own_site or self._is_here(urls.split(url))
            rate = self._arguments.rate
            pace = self.paces.setdefault(
                host, Pace(host, self._arguments.concurrency, 1 / rate if rate else 0.0, hurried=hurried)
            )
            self.lanes[origin] = Lane(origin, pace, Health(hurried=hurried), TaskQueue(self._spool))
        return self.lanes[origin]

    def push(self, task: Task) -> Lane:
        """Let a task wait for its turn; one of the robots or walk role goes first. The lane it waits in."""
        lane = self.lane(task.url)
        self._unfinished[task.depth] += 1
        if task.role in ("robots", "walk"):
            lane.front.append(task)
        elif task.role == "variant" or task.probe is not None:
            lane.questions.push(task)
        else:
            if task.depth not in lane.levels:
                lane.levels[task.depth] = TaskQueue(self._spool)
            lane.levels[task.depth].push(task)
        self._take_turns(lane)
        return lane

    def push_back(self, task: Task, at: float) -> None:
        """A task that came out goes in again: first in its lane, not before `at`."""
        heapq.heappush(self._later, (at, next(self._number), task))

    def open(self, lane: Lane, policy: RobotsPolicy | None) -> None:
        """Let a lane's tasks go; a Crawl-delay counts from now on, up to the cap."""
        lane.policy, lane.open = policy, True
        delay = policy.crawl_delay if policy is not None else None
        obeyed = self._arguments.robots == "obey" and not self._arguments.rate
        if delay and obeyed and not lane.pace.hurried:
            lane.pace.interval = max(lane.pace.interval, min(delay, MAX_CRAWL_DELAY_S))
        self._take_turns(lane)

    def pop(self, now: float, *, front_only: bool = False) -> tuple[Lane, Task] | None:
        """The next task that may go now, with its lane; it is unfinished until `end`."""
        self._wake(now)
        for _ in range(len(self._turns)):
            lane = self._turns.popleft()
            if not lane.may_go():
                lane.queued = False
            elif lane.pace.full:
                self._full.setdefault(lane.pace.host, []).append(lane)
            elif lane.ready_at() > now:
                heapq.heappush(self._timed, (lane.ready_at(), next(self._number), lane))
            else:
                self._turns.append(lane)
                if lane.may_go(front_only=front_only) and not self._too_deep(lane, front_only=front_only):
                    return lane, lane.pop(front_only=front_only)
        return None

    def end(self, task: Task, *, finished: bool = True) -> None:
        """A task that came out is on its way no more; `finished` unless it is pushed back. Its host may have room again."""
        if finished:
            self._unfinished[task.depth] -= 1
        lane = self.lane(task.url)
        self._turns.extend(self._full.pop(lane.pace.host, ()))
        self._take_turns(lane)

    def next_at(self) -> float | None:
        """When something may go that only waits for its time; None where nothing does."""
        times = [heap[0][0] for heap in (self._timed, self._later) if heap]
        return min(times, default=None)

    def has_next(self, *, front_only: bool = False) -> bool:
        """Whether a task may come out, now or when what is on its way is done."""
        full = (lane for lanes in self._full.values() for lane in lanes)
        queued = (*self._turns, *full, *(lane for _, _, lane in self._timed))
        return bool(self._later) or any(lane.may_go(front_only=front_only) for lane in queued)

    def __len__(self) -> int:
        return sum(map(len, self.lanes.values())) + len(self._later)

    def _is_here(self, parts: urls.Parts) -> bool:
        """Whether it is this machine that answers for the host."""
        port = parts.port or ("443" if parts.scheme == "https" else "80")
        routed = next((route.address for route in self._routes if route.leads(parts.host, port)), "")
        return is_loopback(routed or parts.host)

    def _too_deep(self, lane: Lane, *, front_only: bool) -> bool:
        """Whether it would begin a level too early."""
        if not self._by_level or lane.front or lane.next_is_question(front_only=front_only):
            return False
        level = lane.level or 0
        if not any(number and depth < level for depth, number in self._unfinished.items()):
            return False
        given_up = self._given_up()  # what waits for a site that is gone must not keep the others waiting
        return any(number > given_up[depth] and depth < level for depth, number in self._unfinished.items())

    def _given_up(self) -> Counter[int]:
        """How many tasks of each depth wait for a site that answers no more."""
        found: Counter[int] = Counter()
        for lane in self.lanes.values():
            if lane.abandoned:
                found.update(task.depth for task in lane.front)
                found[0] += len(lane.questions)
                found.update({depth: len(queue) for depth, queue in lane.levels.items()})
        return found

    def _take_turns(self, lane: Lane) -> None:
        if not lane.queued and lane.may_go():
            lane.queued = True
            self._turns.append(lane)

    def _wake(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            task = heapq.heappop(self._later)[2]
            lane = self.lane(task.url)
            lane.front.append(task)
            self._take_turns(lane)
        while self._timed and self._timed[0][0] <= now:
            self._turns.append(heapq.heappop(self._timed)[2])
