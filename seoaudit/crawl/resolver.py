"""Hrefs become URLs: resolved once as far as the answer holds, for most repeat on every page of a site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seoaudit import urls

if TYPE_CHECKING:
    from collections.abc import Mapping

# How far an href means the same: a whole URL, or a path from the root, on one origin; a relative path in one folder.
# Not what begins with a query or names a scheme alone; tabs and line ends are stripped later and could hide what begins it.
_REACH = re.compile(r"(?P<origin>https?://[^\t\n\r]*|/(?![/\\])[^\t\n\r]*)|(?P<folder>[\w./%~-][^:\t\n\r]*)", re.ASCII)
_MOST_KEPT = 100_000
"""Resolved hrefs that are kept, at about 250 bytes each."""


class Resolver:
    """Resolves hrefs; most repeat on every page of a site, so an answer is kept as far as it holds."""

    def __init__(self) -> None:
        self._origins: dict[str, dict[str, str | None]] = {}
        self._folders: dict[tuple[str, str], str | None] = {}
        self._base = ""
        self._folder = ""
        self._here: dict[str, str | None] = {}

    def resolve(self, href: str, base: str) -> str | None:
        """The absolute http(s) URL without fragment; None for another scheme or text that is no URL."""
        if base != self._base:
            self._enter(base)
        if href in self._here:
            return self._here[href]
        reach = _REACH.fullmatch(href)
        if reach is None:
            return _absolute(href, base)
        if reach.lastgroup == "origin":
            self._here[href] = found = _absolute(href, base)
            return found
        key = (self._folder, href)
        if key not in self._folders:
            self._folders[key] = _absolute(href, base)
        return self._folders[key]

    def resolved(self, base: str) -> Mapping[str, str | None]:
        """What was resolved on the origin of `base` and holds there: for a caller who has many hrefs to ask for."""
        if base != self._base:
            self._enter(base)
        return self._here

    def _enter(self, base: str) -> None:
        """Go on with the hrefs of another document, and forget all when it has become much."""
        if sum(map(len, self._origins.values())) + len(self._folders) > _MOST_KEPT:
            self._origins.clear()
            self._folders.clear()
        self._base = base
        self._folder = base.partition("?")[0].rpartition("/")[0]
        self._here = self._origins.setdefault(base[: base.index("/", 8)], {})


def _absolute(href: str, base: str) -> str | None:
    url = urls.parse(href, base)
    if url is None or not urls.is_web(url):
        return None
    return url.partition("#")[0]
