"""One URL to ask, and how."""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = Literal["page", "asset", "outside", "robots", "sitemap", "walk"]
"""What a URL is asked for: `robots` for the rules, `walk` as a step of the second pass."""


class Task(NamedTuple):
    """One URL to ask, and where it stands in the crawl.

    `start` marks the chain that begins at the start URL; `streak` counts the pages of one pattern in a row that led here;
    `retries` how often it was asked before; `walker` is the number of the walk that asks.
    """

    url: str
    role: Role = "page"
    depth: int = 0
    hops: int = 0
    start: bool = False
    streak: int = 0
    retries: int = 0
    walker: int = 0

    @property
    def method(self) -> str:
        """HEAD for what is asked only for its answer, GET for what is read, and for what HEAD did not go well with."""
        return "HEAD" if self.role in ("asset", "outside") and not self.retries else "GET"


def is_robots_txt(url: str) -> bool:
    """Whether the URL is its origin's robots.txt (RFC 9309, 2.3)."""
    return url.split("/", 3)[3] == "robots.txt"
