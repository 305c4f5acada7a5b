"""The living page that is most like one that is gone, with a score; a proposal, never more."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.fix.ruleset import place

if TYPE_CHECKING:
    from seoaudit.fix.recorded import Recorded

LEAST = 0.6
"""A score below this names nothing that a person would choose; ours, from looking at real sites."""

LOOKED_AT = 50
"""Pages that share the most words are compared letter by letter; more would cost much and find little."""

COMMON = 2000
"""A word that more pages have says little of any of them."""

_WORD = re.compile(r"[^\W_]+")


class Nearest:
    """The living pages of a run, found by the words of their path and title."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def page(self, url: str, end: str) -> tuple[str | None, str]:
        """The page most like `url` or like the broken `end` of its redirects, and a sentence with the score from 0 to 1."""
        if meant := self.in_brackets(url):
            return (
                meant,
                "its Location stands in angle brackets, which are no part of a URL; this is what it seems to mean",
            )
        text = self._recorded.texts.get(url, "")
        best = max((self._best(one, text) for one in dict.fromkeys([url, end])), default=(0.0, None))
        score, page = best
        if page is None or score < LEAST:
            return None, f"it ends at {end}, which fails; no living page is like it: answer 410, or choose a page"
        return page, f"it ends at {end}, which fails; the nearest living page, score {score:.2f}; else answer 410"

    def in_brackets(self, url: str) -> str | None:
        """The living page that a Location in angle brackets, which are no part of a URL, seems to mean."""
        written = (self._recorded.answers[url].location or "").strip()
        meant = urls.parse(written[1:-1], url) if written.startswith("<") and written.endswith(">") else None
        told = self._recorded.answers.get(meant) if meant else None
        return meant if told and told.living else None

    def _best(self, url: str, text: str) -> tuple[float, str | None]:
        path = place(url).path
        shared: Counter[str] = Counter()
        for word in words(f"{path} {text}"):
            pages = self._by_word.get(word, [])
            shared.update(pages if len(pages) <= COMMON else ())
        scored = [(self._score(path, text, page), page) for page, _ in shared.most_common(LOOKED_AT)]
        return max(scored, default=(0.0, None), key=lambda pair: pair[0])

    def _score(self, path: str, text: str, page: str) -> float:
        other = place(page).path
        whole = SequenceMatcher(None, path.lower(), other.lower()).ratio()
        last = SequenceMatcher(None, _last(path), _last(other)).ratio()
        title = (self._recorded.answers[page].title or "").lower()
        said = SequenceMatcher(None, text.lower(), title).ratio() if text and title else 0.0
        return max((whole + last) / 2, (whole + last + 2 * said) / 4)

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for url, told in self._recorded.answers.items():
            if told.living and told.in_scope and told.page:
                for word in words(f"{place(url).path} {told.title or ''}"):
                    found.setdefault(word, []).append(url)
        return found


def words(text: str) -> set[str]:
    """The words of a path or a title, in lower case."""
    return set(_WORD.findall(text.lower()))


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].lower()
