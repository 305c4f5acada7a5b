"""Redirect rules that no server's language has touched yet, and what they answer: each writer's text must do the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

MAX_HOPS = 100
"""Redirects that are followed at most; browsers stop after 20."""


class Place(NamedTuple):
    """A serialised URL cut where servers cut it: `query` has its "?", and is empty without one."""

    origin: str
    path: str
    query: str


def place(url: str) -> Place:
    """The pieces of a serialised web URL; a fragment is dropped, because no client sends it."""
    scheme, _, rest = url.partition("#")[0].partition("://")
    netloc, slash, behind = rest.partition("/")
    path, mark, query = behind.partition("?")
    return Place(f"{scheme}://{netloc}", slash + path, mark + query)


class Reply(NamedTuple):
    """What a rule answers: the absolute target, and the status."""

    target: str
    status: int


class Help(NamedTuple):
    """Why a rule is there: the findings that it repairs (ids of rules), how many known URLs and links it helps, and more in words."""

    findings: tuple[str, ...] = ()
    urls: int = 1
    links: int = 0
    note: str = ""


@dataclass(frozen=True)
class Exact:
    """One URL to one target.

    `any_query`: whatever query is asked, and it goes along; else only the very query of `source`, none included. Then
    `target` has neither query nor fragment.
    """

    source: str
    target: str
    status: int
    any_query: bool = False
    help: Help = field(default=Help(), compare=False)


@dataclass(frozen=True)
class Pattern:
    """Every path of `origin` that is `start`, one character or more, and `end`; these characters go between `target` and `tail`.

    `pages`: the last segment has no dot, as files have one. `lower`: paths with capitals, and the target has the whole path
    in lower case behind `target`. The query goes along. `covers` are the entries that it stands for.
    """

    origin: str
    start: str
    end: str
    target: str
    tail: str
    status: int
    pages: bool = False
    lower: bool = False
    help: Help = field(default=Help(), compare=False)
    covers: tuple[Exact, ...] = field(default=(), compare=False, repr=False)

    def move(self, path: str) -> str | None:
        """The target of a path without its query, None where the pattern does not hold."""
        if self.lower:
            return self.target + path.lower() if path != path.lower() else None
        if not (path.startswith(self.start) and path.endswith(self.end)):
            return None
        star = path[len(self.start) : len(path) - len(self.end)]
        if not star or len(path) <= len(self.start) + len(self.end):
            return None
        if self.pages and not _is_page(star.rpartition("/")[2]):
            return None
        return self.target + star + self.tail


def _is_page(segment: str) -> bool:
    return bool(segment) and "." not in segment


@dataclass(frozen=True)
class OriginMove:
    """Every URL of one origin to the same path and query of another."""

    source: str
    target: str
    status: int
    help: Help = field(default=Help(), compare=False)


@dataclass(frozen=True)
class Proposal:
    """What a person must decide, written as a comment: `text` says why; `target` is missing where nothing can be named."""

    source: str
    target: str | None
    text: str
    help: Help = field(default=Help())


@dataclass(frozen=True)
class Ruleset:
    """All rules of a site, asked in this order.

    `upgrades`: http origins that must reach https on the same host first (HSTS preload). Then `exacts`, by the URL as it is
    asked; then, where the origin is an alias, by its twin at the alias' target. Then `patterns`, the first that holds, and
    last `aliases`. So one redirect leads from any alias to the end.
    """

    site: str
    upgrades: tuple[OriginMove, ...] = ()
    exacts: tuple[Exact, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    aliases: tuple[OriginMove, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def statuses(self) -> list[int]:
        """Every status that a rule answers with, in order."""
        moves = (*self.upgrades, *self.aliases)
        found = {rule.status for rule in moves} | {rule.status for rule in self.exacts}
        return sorted(found | {rule.status for rule in self.patterns})

    @property
    def empty(self) -> bool:
        """Whether there is no rule; there may be proposals."""
        return not (self.upgrades or self.exacts or self.patterns or self.aliases)

    def reply(self, url: str) -> Reply | None:
        """What these rules answer to a serialised URL; None where they leave it to the site."""
        origin, path, query = place(url)
        if upgrade := self._upgrades.get(origin):
            return Reply(upgrade.target + path + query, upgrade.status)
        if found := self._exact(origin, path, query):
            return found
        alias = self._aliases.get(origin)
        at = alias.target if alias else origin
        if alias and (found := self._exact(at, path, query)):
            return found
        for pattern in self._patterns.get(at, ()):
            target = pattern.move(path)
            if target is not None:
                return Reply(target + query, pattern.status)
        return Reply(alias.target + path + query, alias.status) if alias else None

    def _exact(self, origin: str, path: str, query: str) -> Reply | None:
        if found := self._by_source.get((origin + path + query, False)):
            return Reply(found.target, found.status)
        if found := self._by_source.get((origin + path, True)):
            return Reply(found.target + query, found.status)
        return None

    @cached_property
    def _by_source(self) -> dict[tuple[str, bool], Exact]:
        return {(exact.source, exact.any_query): exact for exact in self.exacts}

    @cached_property
    def _upgrades(self) -> dict[str, OriginMove]:
        return {move.source: move for move in self.upgrades}

    @cached_property
    def _aliases(self) -> dict[str, OriginMove]:
        return {move.source: move for move in self.aliases}

    @cached_property
    def _patterns(self) -> dict[str, list[Pattern]]:
        found: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            found.setdefault(pattern.origin, []).append(pattern)
        return found

    @property
    def alias_of(self) -> dict[str, str]:
        """Each alias, and the origin that it stands for."""
        return {move.source: move.target for move in self.aliases}

    def origins_at(self, origin: str) -> tuple[str, ...]:
        """The origins at which a rule of `origin` is asked: itself, and its aliases."""
        return (origin, *(move.source for move in self.aliases if move.target == origin))

    def unfolded(self, which: tuple[Pattern, ...]) -> Ruleset:
        """The same without these patterns, each entry that they stand for written out; for servers that cannot express them."""
        known = {exact.source for exact in self.exacts}
        more = [exact for pattern in which for exact in pattern.covers if exact.source not in known]
        kept = tuple(pattern for pattern in self.patterns if pattern not in which)
        return replace(self, exacts=(*self.exacts, *more), patterns=kept)
