"""HTTPS and host canonicalisation: which origins are only other names of one, and lead there path by path."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seoaudit.classify.blame import METHOD_KEPT
from seoaudit.fix.ruleset import Help, OriginMove, Proposal, place

if TYPE_CHECKING:
    from seoaudit.fix.recorded import Recorded
    from seoaudit.fix.ways import Ways

KEPT = frozenset({"path-lost", "query-lost", "home-page-only-redirect"})
"""Findings of redirects that forget the path or the query: one rule for the origin keeps both."""

ORIGIN_FINDINGS = KEPT | {
    "both-hosts-answer",
    "chain-through-http",
    "entry-points-apart",
    "hsts-preload-unready",
    "http-page-without-redirect",
    "redirect-chain",
    "scheme-then-host-hops",
    "temporary-canonicalisation",
    "temporary-https-redirect",
}
"""Findings that a rule for the whole origin repairs."""


class Origins:
    """The moves of whole origins: `upgrades`, `aliases`, and as `proposals` what somebody must decide first."""

    def __init__(self, recorded: Recorded, ways: Ways) -> None:
        self._recorded = recorded
        self._ways = ways
        self._urls: dict[str, list[str]] = {}
        for url, told in recorded.answers.items():
            if told.in_scope and (told.status is not None or told.target):
                self._urls.setdefault(place(url).origin, []).append(url)
        self.proposals: list[Proposal] = []
        candidates = {origin: end for origin in self._urls if (end := self._twin_of(origin))}
        self._ends = {origin: _last(origin, candidates) for origin in candidates}
        self.upgrades = tuple(self._upgrades())
        upgraded = {move.source for move in self.upgrades}
        self.aliases = tuple(
            self._move(origin, end)
            for origin, end in self._ends.items()
            if origin not in upgraded and self._holds(origin, end)
        )
        self._alias_of = {move.source: move.target for move in self.aliases}
        self._alias_of |= {move.source: self._alias_of.get(move.target, move.target) for move in self.upgrades}

    def twin(self, url: str) -> str | None:
        """The same URL at the origin that its own stands for; None where its own stands for itself."""
        at = place(url)
        target = self._alias_of.get(at.origin)
        return target and target + at.path + at.query

    def needed(self, origin: str) -> bool:
        """Whether a redirect of the origin to its other name needs a mend, or is missing."""
        return any(self._needs(url) for url in self._urls[origin])

    def _needs(self, url: str) -> bool:
        told = self._recorded.answers[url]
        if told.living:
            return True
        if told.target is None:
            return False
        permanent = told.mechanism == "location" and told.status in (301, 308)
        return not permanent or self._ways.whole(url).redirects > 1 or bool(self._recorded.named(url) & KEPT)

    def _twin_of(self, origin: str) -> str | None:
        """Where most redirects of the origin lead that keep path and query; without one, an http origin's https twin."""
        votes: Counter[str] = Counter()
        for url in self._urls[origin]:
            if self._recorded.target(url):
                way = self._ways.straight(url)
                here, there = place(url), place(way.page)
                if way.end.startswith("http") and here[1:] == there[1:] and here.origin != there.origin:
                    votes[there.origin] += there.origin in self._urls
        best = votes.most_common(1)
        if best and best[0][1]:
            return best[0][0]
        secure = origin.replace("http://", "https://", 1)
        missing = any(self._recorded.named(url) & {"http-page-without-redirect"} for url in self._urls[origin])
        return secure if secure != origin and missing and secure in self._urls else None

    def _holds(self, origin: str, end: str) -> bool:
        """Whether nothing that lives at the origin would be lost: each page must live at the other one, too."""
        if not self.needed(origin):
            return False
        lost = []
        for url in self._urls[origin]:
            if self._recorded.answers[url].living:
                at = place(url)
                other = self._recorded.answers.get(end + at.path + at.query)
                if other is None or not (other.living or other.target):
                    lost.append(url)
        if lost:
            text = (
                f"{len(lost)} of its URLs answer, and are not known to live at {end}, such as {lost[0]}; "
                f"redirect all of {origin} there only when they do"
            )
            if all(known.source != f"{origin}/" for known in self.proposals):
                self.proposals.append(Proposal(f"{origin}/", f"{end}/", text, self._help(origin)))
        return not lost

    def _upgrades(self) -> list[OriginMove]:
        """Plain origins whose host asks for HSTS preload: the list wants https on the same host before anything else."""
        moves = []
        for origin in self._urls:
            secure = origin.replace("http://", "https://", 1)
            if origin == secure or origin.partition("://")[2] not in self._recorded.preload or secure not in self._urls:
                continue
            wrong = [url for url in self._urls[origin] if not self._upgraded(url)]
            if wrong and self._holds(origin, secure):
                moves.append(self._move(origin, secure, "first to https on the same host, as HSTS preload asks"))
        return moves

    def _upgraded(self, url: str) -> bool:
        told = self._recorded.answers[url]
        right = told.target == url.replace("http://", "https://", 1)
        return told.target is None or (right and told.status in (301, 308))

    def _move(self, origin: str, end: str, note: str = "") -> OriginMove:
        own = [url for url in self._urls[origin] if self._recorded.target(url)]
        kept = bool(own) and all(self._recorded.answers[url].status in METHOD_KEPT for url in own)
        posted = any(place(url).origin == origin for url in self._recorded.posts)
        return OriginMove(origin, end, 308 if kept or posted else 301, self._help(origin, note))

    def _help(self, origin: str, note: str = "") -> Help:
        urls = self._urls[origin]
        rules = {rule for url in urls for rule in self._recorded.named(url) & ORIGIN_FINDINGS}
        moved = [url for url in urls if not self._recorded.answers[url].error]
        return Help(tuple(sorted(rules)), len(moved), sum(self._recorded.links.get(url, 0) for url in urls), note)


def _last(origin: str, moves: dict[str, str]) -> str:
    """Where the moves of origins end; two that lead to each other leave the origin where it is."""
    seen = [origin]
    while (end := moves.get(seen[-1])) is not None and end not in seen:
        seen.append(end)
    return seen[-1]
