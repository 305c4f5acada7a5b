"""Which origins' robots.txt is known, asked for, or still to be followed through its redirects (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.http.robots import RobotsPolicy, read_robots

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.records import FetchError

MAX_ROBOTS_HOPS = 5
"""RFC 9309, 2.3.1.2: crawlers should follow at least five consecutive redirects of robots.txt."""


class RobotsAnswer(NamedTuple):
    """What one robots.txt URL answered; `target` is where it redirects to."""

    status: int | None
    body: bytes
    target: str | None = None


_NOT_THERE = RobotsAnswer(404, b"")


class Lesson(NamedTuple):
    """An origin's robots.txt is known now: what it says, and the URL it was read from."""

    origin: str
    policy: RobotsPolicy
    url: str


@dataclass(slots=True)
class RobotsGate:
    """Finds each origin's policy; a URL that several origins lead to is asked once.

    `ask(url)` must see to it that the URL is answered through `answered`.
    """

    token: str
    ask: Callable[[str], None]
    answers: dict[str, RobotsAnswer] = field(default_factory=dict)
    waiting: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def want(self, origin: str) -> Lesson | None:
        """Begin to find an origin's policy; the lesson at once when its robots.txt was read already."""
        return self._follow(origin, f"{origin}/robots.txt", 0)

    def answered(self, url: str, answer: RobotsAnswer) -> list[Lesson]:
        """Take one answer in; returns what is known now."""
        self.answers[url] = answer
        lessons = [self._follow(origin, url, hops) for origin, hops in self.waiting.pop(url, ())]
        return [lesson for lesson in lessons if lesson is not None]

    def _follow(self, origin: str, url: str, hops: int) -> Lesson | None:
        while url in self.answers:
            answer = self.answers[url]
            if answer.target is None:
                return self._learn(origin, url, answer)
            if hops == MAX_ROBOTS_HOPS:
                return self._learn(origin, url, _NOT_THERE)
            url, hops = answer.target, hops + 1
        if url not in self.waiting:
            self.ask(url)
        self.waiting.setdefault(url, []).append((origin, hops))
        return None

    def _learn(self, origin: str, url: str, answer: RobotsAnswer) -> Lesson:
        return Lesson(origin, read_robots(answer.status, answer.body, self.token), url)


def robots_status(status: int | None, error: FetchError | None) -> int | None:
    """The status that decides; where nobody is there to be disturbed, each URL's own row shall say so, as after a 404."""
    return 404 if status is None and error in ("dns", "connect", "tls") else status


def product_token(user_agent: str | None) -> str:
    """The name that robots.txt calls us by (RFC 9309, 2.2.1)."""
    return (user_agent or "").partition("/")[0].strip() or "seoaudit"
