"""Where each redirect of a run really leads, how far one rule may go in its place, and with which status."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.classify.blame import METHOD_KEPT, SPELLING
from seoaudit.classify.entries import LOGIN_URL
from seoaudit.classify.moves import Address, compare
from seoaudit.fix.ruleset import MAX_HOPS
from seoaudit.http.status import permanence_of
from seoaudit.urls import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.fix.recorded import Recorded

LOOP = "loop"
ENDLESS = "too-many"

DEPENDENT = frozenset(
    {
        "cookie-dependent-loop",
        "language-redirect",
        "redirect-differs-by-user-agent",
        "redirect-only-for-crawlers",
        "redirect-to-login",
        "unvaried-redirect",
    }
)
"""Rules whose findings say that a redirect is not the same for everybody."""

_VISITOR = re.compile(r"\b(?:cookie|accept-language|user-agent|authorization|\*)", re.IGNORECASE)


class Walk(NamedTuple):
    """Where a URL leads: every URL asked, and the end with its fragment; `end` is `LOOP` or `ENDLESS` where there is none."""

    urls: tuple[str, ...]
    end: str

    @property
    def redirects(self) -> int:
        """Redirects on the way."""
        return len(self.urls) - 1

    @property
    def page(self) -> str:
        """The end as one asks for it."""
        return bare(self.end)


def bare(url: str) -> str:
    """The URL without its fragment."""
    return url.partition("#")[0]


def walk(url: str, step: Callable[[str], str | None]) -> Walk:
    """Follow `step`, which gives the target of a URL or None, to the end; a fragment is kept until a target names another."""
    asked = [bare(url)]
    seen = {asked[0]}
    at = url
    while (target := step(asked[-1])) is not None:
        at = target if "#" in target or "#" not in at else f"{target}#{at.partition('#')[2]}"
        asked.append(bare(at))
        if asked[-1] in seen:
            return Walk(tuple(asked), LOOP)
        if len(asked) > MAX_HOPS:
            return Walk(tuple(asked), ENDLESS)
        seen.add(asked[-1])
    return Walk(tuple(asked), at)


def change(source: str, target: str) -> str:
    """In what the two differ: a word of `Facts.redirects`' column `change`."""
    return compare(_address(source), _address(target)).change


def _address(url: str) -> Address:
    parts = split(url)
    netloc = url.split("/", 3)[2]
    return Address(parts.scheme, netloc, parts.path, parts.query, f"#{parts.fragment}" if parts.fragment else "")


class Ways:
    """The redirects of one run, judged hop by hop."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._lasting: dict[str, bool] = {}

    def whole(self, url: str) -> Walk:
        """The way of today, to its end."""
        return walk(url, self._recorded.target)

    def lasts(self, url: str) -> bool:
        """Whether the redirect of a URL is for good: by its status, or evidently, because only the spelling differs."""
        if url not in self._lasting:
            told = self._recorded.answers[url]
            assert told.target
            permanence = permanence_of(told.mechanism or "location", told.status, told.delay or 0.0)
            spelling = told.mechanism == "location" and change(url, told.target) in SPELLING
            self._lasting[url] = permanence == "permanent" or spelling
        return self._lasting[url]

    def only_respelled(self, url: str) -> bool:
        """Whether no redirect on the way leads to another page."""
        urls = self.whole(url).urls
        return all(change(one, other) in SPELLING for one, other in pairwise(urls))

    def depends(self, url: str) -> bool:
        """Whether something says that another visitor is led elsewhere: a rule's finding, Vary, a cookie, a login page."""
        told = self._recorded.answers[url]
        if self._recorded.named(url) & DEPENDENT:
            return True
        if told.target is None or self.lasts(url):
            return False
        return bool(_VISITOR.search(told.vary or "") or told.cookies or re.search(LOGIN_URL, told.target))

    def straight(self, url: str) -> Walk:
        """The way that one rule may replace.

        A lasting redirect ends before the first temporary one: that one may end any day, and may not be the same for every
        visitor. Behind a temporary redirect everything may follow, because the rule stays temporary.
        """
        lasting = self.lasts(url)

        def step(at: str) -> str | None:
            told = self._recorded.answers.get(at)
            if told is None or told.target is None:
                return None
            stays = at != url and (self.depends(at) or (lasting and not self.lasts(at)))
            return None if stays else told.target

        return walk(url, step)

    def status(self, way: Walk) -> int:
        """The status of the one redirect in place of these.

        308 where a form posts there, or where every redirect keeps the method already, else 301; while the first is
        temporary, its own (303, which is the answer to a POST, becomes 302).
        """
        first, *_ = hops = way.urls[:-1]
        statuses = [self._recorded.answers[url].status for url in hops]
        if not self.lasts(first):
            return 307 if statuses[0] == 307 else 302
        kept = all(status in METHOD_KEPT for status in statuses)
        return 308 if kept or first in self._recorded.posts else 301
