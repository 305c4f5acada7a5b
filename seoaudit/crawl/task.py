"""One URL to ask, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from seoaudit.records import ProbeKind

Role = Literal["page", "asset", "outside", "robots", "sitemap", "walk", "probe", "form", "variant"]
"""What a URL is asked for.

`robots`: for the rules; `walk`: as a step of the second pass; `probe`: of the audit's own accord, for its answer alone; `form`:
the same, but with care, because it is where a form sends; `variant`: once more, in another way.
"""


class Task(NamedTuple):
    """One URL to ask, and where it stands in the crawl.

    `start` marks the chain that begins at the start URL; `streak` counts the pages of one pattern in a row that led here;
    `retries` how often it was asked before; `number` is that of the walk or the variant that asks; `probe` says why the audit asks
    it of its own accord.
    """

    url: str
    role: Role = "page"
    depth: int = 0
    hops: int = 0
    start: bool = False
    streak: int = 0
    retries: int = 0
    number: int = 0
    probe: ProbeKind | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of the URLs that `max_urls` limits."""
        return self.probe is None and self.role not in ("robots", "walk", "variant")

    @property
    def method(self) -> str:
        """HEAD for what is asked only for its answer, GET for what is read, and for what HEAD did not go well with."""
        if self.role == "form":  # a GET may do what the form does
            return "HEAD"
        return "HEAD" if self.role in ("asset", "outside") and not self.retries else "GET"


def is_robots_txt(url: str) -> bool:
    """Whether the URL is its origin's robots.txt (RFC 9309, 2.3)."""
    return url.split("/", 3)[3] == "robots.txt"
