"""Edits become rules: one pattern for many where every URL that the run knows bears it out, single entries elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.classify.moves import path_move
from seoaudit.fix.plan import proposal
from seoaudit.fix.ruleset import Exact, Help, Pattern, Ruleset, place
from seoaudit.fix.ways import Walk, bare, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seoaudit.fix.plan import Plan
    from seoaudit.fix.recorded import Recorded

MIN_SHARED = 3
"""Fewer URLs than this are written one by one."""


def make_rules(plan: Plan, recorded: Recorded) -> Ruleset:
    """The rules of a plan; pure.

    A pattern is written only where every URL it covers goes where it should, and no other URL that the run knows (answered
    or only mentioned) is caught: what redirects elsewhere gets an entry of its own before it. What any rule would still lead
    astray keeps its present target by an entry of its own.
    """
    origins = plan.origins
    proposals = (*origins.proposals, *(proposal(edit) for edit in plan.edits if edit.confidence == "proposal"))
    moves = Ruleset(recorded.site, upgrades=origins.upgrades, aliases=origins.aliases, proposals=tuple(proposals))
    known = _Known(plan, recorded, moves, _entries(plan, moves))
    entries = tuple(map(known.with_query, known.entries.values()))
    patterns = tuple(_patterns(entries, known))
    covered = {exact.source for pattern in patterns for exact in pattern.covers}
    exacts = tuple(exact for exact in entries if exact.source not in covered)
    return _guarded(replace(moves, exacts=exacts, patterns=patterns), plan, recorded)


def led(rules: Ruleset, recorded: Recorded, url: str) -> Walk:
    """Where a URL leads with the rules in front of the recorded site."""

    def step(at: str) -> str | None:
        reply = rules.reply(at)
        return reply.target if reply else recorded.target(at)

    return walk(url, step)


def _entries(plan: Plan, moves: Ruleset) -> dict[str, Exact]:
    """One entry an edit, by source; where the canonical twin of an alias is led to the same end, they share one there."""
    alias_of, found = moves.alias_of, dict[str, Exact]()
    for edit in plan.edits:
        if edit.confidence == "proposal" or edit.target is None:
            continue
        reply = moves.reply(edit.source)
        if reply and reply.target == bare(edit.target):
            continue
        at = place(edit.source)
        twin = alias_of.get(at.origin, at.origin) + at.path + at.query
        source = twin if plan.ends.get(twin) == bare(edit.target) else edit.source
        before = found.get(source)
        if before is None or source == edit.source:
            found[source] = Exact(source, edit.target, edit.status, help=edit.help)
        if before is not None:
            found[source] = replace(found[source], help=summed([before.help, edit.help]))
    return found


def summed(helps: Iterable[Help]) -> Help:
    """The reasons of several entries as one."""
    helps = list(helps)
    findings = {name for one in helps for name in one.findings}
    note = "" if findings else next((one.note for one in helps if one.note), "")
    return Help(tuple(sorted(findings)), sum(one.urls for one in helps), sum(one.links for one in helps), note)


class _Path(NamedTuple):
    path: str
    url: str


class _Known:
    """Every URL that the run knows, by path, at each origin together with its aliases."""

    def __init__(self, plan: Plan, recorded: Recorded, moves: Ruleset, entries: dict[str, Exact]) -> None:
        self._ends, self._recorded = plan.ends, recorded
        self.entries = entries
        self._alias_of = moves.alias_of
        self._upgraded = {move.source for move in moves.upgrades}
        self._paths: dict[str, list[_Path]] = {}
        self._queried: dict[str, list[str]] = {}
        for url in (*recorded.answers, *recorded.unasked):
            origin, path, query = place(url)
            at = self._alias_of.get(origin, origin)
            if origin not in self._upgraded:
                self._paths.setdefault(at, []).append(_Path(path, url))
                if query:
                    self._queried.setdefault(at + path, []).append(url)
        for paths in self._paths.values():
            paths.sort()

    def at(self, origin: str) -> str:
        """The origin that this one stands for."""
        return self._alias_of.get(origin, origin)

    def proves(self, pattern: Pattern, members: set[str]) -> bool:
        """Whether the pattern catches nothing that should not go there, but for fewer redirects than half its members."""
        elsewhere = 0
        for path, url in self._below(pattern):
            target = pattern.move(path)
            if target is None or url in members:
                continue
            end = self._ends.get(url)
            if end is None or not self._may_be_asked_first(url):
                return False
            elsewhere += end != target + place(url).query
            if elsewhere * 2 >= len(members):
                return False
        return True

    def _may_be_asked_first(self, url: str) -> bool:
        """Whether a rule may answer in place of the site: an edit is planned, or the redirect is permanent."""
        told = self._recorded.answers.get(url)
        if told is None or told.target is None:
            return False
        origin, path, query = place(url)
        planned = url in self.entries or self.at(origin) + path + query in self.entries
        return planned or (told.mechanism == "location" and told.status in (301, 308))

    def _below(self, pattern: Pattern) -> Iterator[_Path]:
        paths = self._paths.get(pattern.origin, [])
        for position in range(bisect_left(paths, _Path(pattern.start, "")), len(paths)):
            if not paths[position].path.startswith(pattern.start):
                return
            yield paths[position]

    def with_query(self, exact: Exact) -> Exact:
        """The entry for any query, where it has none of its own and no known URL says otherwise."""
        if "?" in exact.source or "?" in exact.target or "#" in exact.target:
            return exact
        at = place(exact.source)
        others = self._queried.get(self.at(at.origin) + at.path, [])
        right = all(self._ends.get(url) == exact.target + place(url).query for url in others)
        return replace(exact, any_query=right)


def _patterns(entries: tuple[Exact, ...], known: _Known) -> Iterator[Pattern]:
    groups: dict[Pattern, list[Exact]] = {}
    for exact in entries:
        if pattern := _candidate(exact):
            groups.setdefault(pattern, []).append(exact)
    found = [one for pattern, exacts in groups.items() for one in _proven(pattern, exacts, known)]
    # The narrowest first: the start of one may be the start of another.
    yield from sorted(
        found, key=lambda pattern: (-len(pattern.start), -len(pattern.end), pattern.origin, pattern.start)
    )


def _candidate(exact: Exact) -> Pattern | None:
    """The pattern that makes this redirect, and might make others."""
    source, target = place(exact.source), place(exact.target)
    if source.query != target.query or "#" in exact.target or source.path == target.path:
        return None
    move = path_move(source.path, target.path)
    start, star, end = move.source.partition("*")
    before, _, tail = move.target.partition("*")
    pages = " (not ending in " in end
    lower = move.words == ("path to lower case",)
    if not star or (move.change == "case" and not lower):
        return None
    if lower:
        start, end, before, tail = "/", "", "", ""
    pattern = Pattern(
        source.origin, start, "" if pages else end, target.origin + before, tail, exact.status, pages=pages, lower=lower
    )
    return pattern if pattern.move(source.path) == target.origin + target.path else None


def _proven(pattern: Pattern, exacts: list[Exact], known: _Known) -> Iterator[Pattern]:
    """The pattern where the run bears it out, else the same in each folder below it that has enough of its URLs."""
    if len(exacts) < MIN_SHARED:
        return
    pattern = _narrowed(pattern, exacts)
    members = {exact.source for exact in exacts}
    if known.proves(pattern, members):
        yield replace(pattern, help=summed(exact.help for exact in exacts), covers=tuple(exacts))
        return
    folders: dict[str, list[Exact]] = {}
    for exact in exacts:
        star = place(exact.source).path[len(pattern.start) :]
        folder, slash, rest = star.partition("/")
        if slash and len(rest) > len(pattern.end) and not pattern.lower:
            folders.setdefault(folder + slash, []).append(exact)
    for folder, inside in folders.items():
        narrower = replace(pattern, start=pattern.start + folder, target=pattern.target + folder)
        yield from _proven(narrower, inside, known)


def _narrowed(pattern: Pattern, exacts: list[Exact]) -> Pattern:
    """The pattern for the deepest folder that all these share: no more of the site than the run speaks of."""
    if pattern.lower:
        return pattern
    stars = [place(exact.source).path[len(pattern.start) :].removesuffix(pattern.end) for exact in exacts]
    shared = commonprefix(stars)  # noqa: RUF071 - by character, and cut at a slash below
    folder = shared[: shared.rfind("/") + 1]
    return replace(pattern, start=pattern.start + folder, target=pattern.target + folder)


def _guarded(rules: Ruleset, plan: Plan, recorded: Recorded) -> Ruleset:
    """The rules with an entry for each redirect that they would lead elsewhere than today."""
    upgraded = {move.source for move in rules.upgrades}
    more = []
    for url, end in plan.ends.items():
        if recorded.target(url) is None or led(rules, recorded, url).page == end:
            continue
        origin, path, query = place(url)
        source = origin.replace("http://", "https://", 1) + path + query if origin in upgraded else url
        more.append(Exact(source, end, recorded.answers[url].status or 301, help=Help(note="goes on as it does today")))
    known = {exact.source for exact in more}
    return replace(rules, exacts=(*(exact for exact in rules.exacts if exact.source not in known), *more))
