"""A few pages of each host, spread over its sections: the same ones in whatever order the pages come (no network)."""

from __future__ import annotations

import bisect
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from zlib import crc32

from seoaudit import urls

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ORIGINS = 50
MOST_SECTIONS = 20
PAGES_PER_SECTION = 20
"""What is kept in memory: 20,000 URLs at most."""

Sections = dict[str, list[tuple[int, str]]]


class Sample:
    """Keeps, of each origin and of each section (the first folder), the pages whose checksums are the smallest.

    `counts`: pages of each origin that were offered.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._origins: dict[str, Sections] = {}

    def add(self, url: str) -> None:
        """Offer one page; each is offered once."""
        origin = urls.origin(url)
        self.counts[origin] += 1
        path = url[len(origin) + 1 :].partition("?")[0]
        section, slash, _ = path.partition("/")
        sections = self._origins.setdefault(origin, {})
        kept = sections.setdefault(section if slash else "", [])
        mark = crc32(url.encode("utf-8", "replace"))
        if len(kept) < PAGES_PER_SECTION or mark < kept[-1][0]:
            bisect.insort(kept, (mark, url))
            del kept[PAGES_PER_SECTION:]
        _keep_smallest(sections, MOST_SECTIONS)
        _keep_smallest(self._origins, MOST_ORIGINS)

    def pages(self, origin: str) -> Iterator[str]:
        """All that were kept, one of each section in turn."""
        sections = self._origins.get(origin, {})
        for turn in zip_longest(*(sections[name] for name in sorted(sections))):
            for found in turn:
                if found is not None:
                    yield found[1]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._origins))


def _keep_smallest(found: dict[str, Any], most: int) -> None:
    """Forget the name with the largest checksum where there is one too many; it would be the one in any order."""
    if len(found) > most:
        del found[max(found, key=lambda name: crc32(name.encode("utf-8", "replace")))]
