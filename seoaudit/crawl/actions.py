"""Where the forms of a site send, and which of these URLs are asked (no network)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.records import FORM_ELEMENTS

if TYPE_CHECKING:
    import re

    from seoaudit.crawl.task import Task
    from seoaudit.records import Response

MOST_KEPT = 2000
"""Different actions that are kept in mind; a form on every page mostly sends to one URL."""

REFUSALS = (404, 405)
"""What a server says to GET where only POST has a meaning: 405 by RFC 9110, 15.5.6, and 404 in Express."""


class Actions:
    """The URLs that forms send to, as far as they are not the form's own page; those that `wanted` matches always count."""

    def __init__(self, wanted: tuple[re.Pattern[str], ...] = ()) -> None:
        self.posted: dict[str, bool] = {}
        self.refused: set[str] = set()
        self.left_out = 0
        self._wanted = wanted

    def add(self, task: Task, row: Response) -> None:
        """Take one row in: the forms on it, or how a form's URL was answered."""
        if task.role == "form" and row.status in REFUSALS:
            self.refused.add(row.url)
        for mention in [mention for mention in row.links if mention[1] in FORM_ELEMENTS]:
            self._add(mention.target, row.url, post=mention.element == "form-post", words=mention.rel or "")

    def wants(self, url: str) -> bool:
        """Whether the person who audits allowed an empty POST there."""
        return any(pattern.search(url) for pattern in self._wanted)

    def _add(self, url: str, page: str, *, post: bool, words: str) -> None:
        inert = "template" in words.split()
        if not urls.is_web(url) or inert or (url == page and not (post and self.wants(url))):
            return
        if url in self.posted or len(self.posted) < MOST_KEPT:
            self.posted[url] = self.posted.get(url, False) or post
        else:
            self.left_out += 1
