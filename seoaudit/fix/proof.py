"""Before and after: every known URL followed through the site as it was, and with the rules in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.fix.ways import ENDLESS, LOOP, Walk, Ways, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seoaudit.fix.plan import Plan
    from seoaudit.fix.recorded import Recorded
    from seoaudit.fix.ruleset import Reply

NAMED = 20
"""URLs that each list of the proof names; a number stands for the rest."""


class Count(NamedTuple):
    """All known URLs together: how many redirect, redirects on all their ways, URLs with more than one, loops, ways that end in an error."""

    redirecting: int
    hops: int
    chains: int
    loops: int
    breaks: int


class Changed(NamedTuple):
    """A URL whose end is another than before, and whether the plan wants that."""

    url: str
    before: str
    after: str
    intended: bool


@dataclass(frozen=True)
class Proof:
    """What the rules change. `by` asked: a server's name, or "simulated". `refused`: URLs that the server itself turned away, whatever the rules."""

    by: str
    urls: int
    before: Count
    after: Count
    changed: tuple[Changed, ...]
    longer: tuple[str, ...]
    remaining: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """No URL ends where it should not, no loop or break is new, no way is longer, and the server answers as the rules say."""
        worse = self.after.loops > self.before.loops or self.after.breaks > self.before.breaks
        return not (worse or self.longer or self.wrong or any(not one.intended for one in self.changed))

    def lines(self) -> list[str]:
        """The proof as text, for a person."""
        words = ("URLs that redirect", "redirects on all ways", "URLs with more than one", "loops", "ends that fail")
        lines = [f"{self.by}: {self.urls:,} URLs asked again", f"{'':26}{'before':>10}{'after':>10}"]
        lines += [
            f"{word:26}{one:>10,}{other:>10,}" for word, one, other in zip(words, self.before, self.after, strict=True)
        ]
        lines.append(f"{self.before.hops - self.after.hops:,} redirects saved")
        meant = [f"{one.url}: {one.before} -> {one.after}" for one in self.changed if one.intended]
        other = [f"{one.url}: {one.before} -> {one.after}" for one in self.changed if not one.intended]
        lines += _list("another end, as intended", meant) + _list("ANOTHER END, NOT INTENDED", other)
        lines += _list("MORE REDIRECTS THAN BEFORE", self.longer) + _list("NOT AS THE RULES SAY", self.wrong)
        lines += _list("still more than one redirect (see the proposals)", self.remaining)
        lines += _list("turned away by the server itself, with and without rules", self.refused)
        return [*lines, "The proof holds." if self.holds else "THE PROOF FAILS: do not deploy these rules."]


def _list(title: str, urls: Iterable[str]) -> list[str]:
    urls = list(urls)
    if not urls:
        return []
    more = [f"    and {len(urls) - NAMED:,} more"] if len(urls) > NAMED else []
    return [f"{title}: {len(urls):,}", *(f"    {url}" for url in urls[:NAMED]), *more]


def prove(
    plan: Plan, recorded: Recorded, reply: Callable[[str], Reply | None], by: str, upgraded: frozenset[str]
) -> Proof:
    """Follow every answered URL of the site, as it was and with `reply` in front; `upgraded` are the origins that take one redirect more on purpose."""
    ways = Ways(recorded)
    asked: dict[str, Reply | None] = {}

    def step(url: str) -> str | None:
        if url not in asked:
            asked[url] = reply(url)
        answer = asked[url]
        return answer.target if answer else recorded.target(url)

    before = {url: ways.whole(url) for url, told in recorded.answers.items() if told.in_scope}
    after = {url: walk(url, step) for url in before}
    changed = [
        Changed(url, _end(before[url]), _end(way), plan.ends.get(url) == way.page)
        for url, way in after.items()
        if _end(way) != _end(before[url])
    ]
    longer = [
        url
        for url, way in after.items()
        if way.redirects > max(1, before[url].redirects) and not url.startswith(tuple(f"{one}/" for one in upgraded))
    ]
    return Proof(
        by=by,
        urls=len(before),
        before=_count(before.values(), recorded),
        after=_count(after.values(), recorded),
        changed=tuple(changed),
        longer=tuple(longer),
        remaining=tuple(url for url, way in after.items() if way.redirects > 1 and way.end != LOOP),
    )


def _end(way: Walk) -> str:
    return way.end if way.end in (LOOP, ENDLESS) else way.page


def _count(ways: Iterable[Walk], recorded: Recorded) -> Count:
    ways = list(ways)
    return Count(
        redirecting=sum(way.redirects > 0 for way in ways),
        hops=sum(way.redirects for way in ways),
        chains=sum(way.redirects > 1 and way.end != LOOP for way in ways),
        loops=sum(way.end == LOOP for way in ways),
        breaks=sum(_fails(way, recorded) for way in ways),
    )


def _fails(way: Walk, recorded: Recorded) -> bool:
    told = recorded.answers.get(way.page)
    return way.end != LOOP and told is not None and (told.error not in (None, "robots") or (told.status or 0) >= 400)
