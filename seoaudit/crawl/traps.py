"""Spider traps: URLs without end that a site makes by itself, recognised by their pattern and bounded for each (pure)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from seoaudit.records import Limit

LONG_STREAK = 50
"""Pages of one pattern in a row, each found on the one before, from which a series looks endless: calendars, pagination."""

SEGMENT_TIMES = 4
"""A path that holds one segment this often grows by itself, mostly by a relative link that lacks its slash."""

PARAMETER_TIMES = 4
MOST_PARAMETERS = 12
"""A query that repeats a name this often, or has this many names, grows by itself."""

MAX_LENGTH = 2000
"""Characters of a URL; a longer one grew (browsers and servers bear 2,000 to 8,000; inferred)."""

_SESSION_NAMES = r"(?:php|j|asp)?_?sess(?:ion)?_?id|sid|zenid|osc?sid|cfid|cftoken|aspsessionid\w*"
_SESSION = re.compile(
    rf"(?<=[?&])(?P<parameter>{_SESSION_NAMES})=[^&;#]*&?|;(?P<suffix>{_SESSION_NAMES})=[^?&;#/]*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z]*\d)(?=[0-9A-Za-z]*[A-Za-z])[0-9A-Za-z]{16,}(?![0-9A-Za-z])")


class Suspect(NamedTuple):
    """Why a URL looks like part of a trap, and the pattern under which its like are counted."""

    kind: str
    pattern: str


@lru_cache(maxsize=1024)
def pattern_of(url: str) -> str:
    """The URL with numbers and long identifiers replaced, so that the pages of one series look the same."""
    return _DIGITS.sub("<n>", _TOKEN.sub("<id>", url))


def growing(url: str) -> Suspect | None:
    """Whether a URL's path or query looks as if it grew by itself."""
    address, _, query = url.partition("?")
    scheme, _, host, *segments = address.split("/")
    stem = f"{scheme}//{host}/{segments[0]}"
    words = Counter(segment for segment in segments if not segment.isdigit())
    if len(segments) >= SEGMENT_TIMES and max(words.values(), default=0) >= SEGMENT_TIMES:
        return Suspect("growing path", f"{stem}/… with a segment {SEGMENT_TIMES} times or more")
    names = [part.partition("=")[0] for part in query.split("&")] if query else []
    if names and (len(names) > MOST_PARAMETERS or max(Counter(names).values()) >= PARAMETER_TIMES):
        return Suspect("growing query", f"{pattern_of(address)}?… with ever more parameters")
    if len(url) > MAX_LENGTH:
        return Suspect("growing URL", f"{stem}… with more than {MAX_LENGTH:,} characters")
    return None


def without_session(url: str) -> tuple[str, str] | None:
    """The URL without its session id, and the parameter's name; None for a URL that has none."""
    found = _SESSION.search(url)
    if found is None:
        return None
    return _SESSION.sub("", url).rstrip("?&"), found["parameter"] or found["suffix"]


@dataclass(slots=True)
class Traps:
    """Lets at most `limit` suspects of each pattern through and counts the rest, each URL once."""

    limit: int
    let_through: Counter[Suspect] = field(default_factory=Counter)
    left_out: Counter[Suspect] = field(default_factory=Counter)
    _left_out_urls: set[int] = field(default_factory=set)
    _pages: set[int] = field(default_factory=set)

    def admits(self, url: str, streak: int) -> bool:
        """Whether a new URL, reached through `streak` pages of its own pattern in a row, may be asked."""
        suspect = self._suspect(url, streak)
        if suspect is None:
            return True
        if self.let_through[suspect] < self.limit:
            self.let_through[suspect] += 1
            return True
        if hash(url) not in self._left_out_urls:
            self._left_out_urls.add(hash(url))
            self.left_out[suspect] += 1
        return False

    def limits(self) -> list[Limit]:
        """What was left out, a line a pattern, for the report."""
        return [
            Limit(
                "trap_limit",
                count,
                f"{kind}: {pattern}; {self.limit} were asked, trap_limit={self.limit * 10} asks more",
            )
            for (kind, pattern), count in self.left_out.most_common()
        ]

    def _suspect(self, url: str, streak: int) -> Suspect | None:
        if streak > LONG_STREAK:
            return Suspect("endless series", pattern_of(url))
        bare = without_session(url) if "=" in url else None
        if bare is not None:
            page, name = bare
            if hash(page) in self._pages:
                return Suspect("session ids", f"{'/'.join(url.split('/', 3)[:3])}/… with {name}=")
            self._pages.add(hash(page))
        return growing(url)


def streak_of(url: str, source: str, streak: int) -> int:
    """How many pages of one pattern in a row lead to `url` when it is found on `source`, itself at `streak`."""
    return streak + 1 if pattern_of(url) == pattern_of(source) else 0
