"""What to change: each redirect of a run that needs it, as an edit from source to final target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from seoaudit.fix.nearest import Nearest
from seoaudit.fix.origins import KEPT, Origins
from seoaudit.fix.ruleset import Help, Proposal, place
from seoaudit.fix.ways import ENDLESS, LOOP, Walk, Ways, bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.fix.recorded import Recorded

Confidence = Literal["sure", "proposal"]

MENDED = KEPT | {
    "chain-across-hosts",
    "chain-through-http",
    "doubled-slash-location",
    "form-action-chain",
    "form-body-lost",
    "https-downgrade",
    "instant-refresh",
    "malformed-location",
    "mixed-mechanisms",
    "mixed-permanence",
    "non-ascii-location",
    "redirect-chain",
    "redirect-through-other-site",
    "scheme-then-host-hops",
    "slow-chain",
    "temporary-canonicalisation",
    "temporary-https-redirect",
}
"""Findings that one redirect, straight to the end and with the right status, repairs."""

WRITTEN = frozenset({"instant-refresh", "malformed-location", "non-ascii-location"})
"""Findings of how a redirect is written: the same redirect, written anew, repairs them."""

CHOICES = frozenset({"both-hosts-answer", "opposite-host-redirects"})
"""Findings of which somebody must say first what is right."""

FORGETFUL = frozenset({"growing-path", "home-page-only-redirect", "path-lost", "redirect-funnel"})
"""Findings of redirects that arrive, but not where they should."""

ENDLESSLY = frozenset({"cookie-dependent-loop", "redirect-loop", "self-redirect"})

BROKEN = frozenset({"client-error", "server-error", "unreachable"})


class Edit(NamedTuple):
    """One change. `sure` becomes a rule, `proposal` a comment; there `target` is missing where a person must find one."""

    source: str
    target: str | None
    status: int
    findings: tuple[str, ...]
    urls: int
    links: int
    confidence: Confidence
    note: str = ""

    @property
    def help(self) -> Help:
        """The reason for the rule, as its comment tells it."""
        return Help(self.findings, self.urls, self.links, self.note)


@dataclass(frozen=True)
class Plan:
    """The edits of one run, moves of whole origins, and where each known URL should end (`ends`, without fragment; loops and what breaks have none)."""

    edits: tuple[Edit, ...]
    origins: Origins
    ends: dict[str, str]


def make_plan(recorded: Recorded) -> Plan:
    """What to change on the server; pure, from what the run knows.

    Left alone: single redirects that are permanent, and temporary ones that are more than another spelling; ends that nobody knows.
    """
    ways = Ways(recorded)
    origins = Origins(recorded, ways)
    planner = _Planner(recorded, ways, origins)
    edits = tuple(planner.edits())
    return Plan(edits, origins, planner.ends())


class _Planner:
    def __init__(self, recorded: Recorded, ways: Ways, origins: Origins) -> None:
        self._recorded, self._ways, self._origins = recorded, ways, origins
        self._nearest = Nearest(recorded)
        self._upgraded = {move.source for move in origins.upgrades}
        self._loops: set[frozenset[str]] = set()

    def ends(self) -> dict[str, str]:
        """Where each answered URL of the site should end."""
        found = {}
        for url, told in self._recorded.answers.items():
            if told.in_scope:
                way = self._ways.whole(url)
                if way.end not in (LOOP, ENDLESS):
                    found[url] = bare(self._settled(self._kept(url) or way.end))
        return found

    def edits(self) -> Iterator[Edit]:
        """Every edit, in the order of the run; first the questions that come before any rule, once each."""
        asked = {
            noted.fix: Edit(url, None, 301, (noted.rule,), 1, self._recorded.links.get(url, 0), "proposal", noted.fix)
            for url, all_noted in self._recorded.findings.items()
            for noted in all_noted
            if noted.rule in CHOICES
        }
        yield from asked.values()
        for url, told in self._recorded.answers.items():
            if told.in_scope and (told.target or self._recorded.outcomes.get(url) == "invalid-location"):
                yield from self._edit(url)

    def _edit(self, url: str) -> Iterator[Edit]:
        outcome = self._recorded.outcomes.get(url, "ok")
        if outcome == "invalid-location" and self._recorded.target(url) is None:
            yield self._proposed(
                url, self._nearest.in_brackets(url), "the redirect names no target that clients can follow"
            )
        elif self._ways.whole(url).end == LOOP:
            yield from self._loop(url)
        elif outcome in BROKEN or self._dead(url):
            if self._ways.only_respelled(url):
                return  # the redirect is right, and the page is gone
            target, note = self._nearest.page(url, self._ways.whole(url).page)
            yield self._proposed(url, target, note)
        elif outcome in ("robots", "unfinished"):
            return
        elif place(url).origin not in self._upgraded:
            yield from self._straightened(url)

    def _dead(self, url: str) -> bool:
        told = self._recorded.answers.get(self._ways.whole(url).page)
        return told is not None and (told.error not in (None, "robots") or (told.status or 0) >= 400)

    def _straightened(self, url: str) -> Iterator[Edit]:
        way = self._ways.straight(url)
        kept = self._kept(url)
        target = self._settled(kept or way.end)
        reasons = self._recorded.named(url) & (MENDED if kept else MENDED - KEPT)
        if not kept:
            yield from self._forgetful(url, target)
        whole = self._ways.whole(url)
        if whole.page != way.page and whole.redirects > 1 and not self._doubt(url):
            text = f"{way.page} redirects temporarily; when that is for good, straight to {whole.page}"
            yield self._proposed(url, whole.end, text)
        if not self._needs(url, way, target):
            return
        if way.end == ENDLESS:
            yield self._proposed(url, None, "it never ends in sight")
        elif why := self._doubt(url):
            yield self._proposed(url, target, why)
        else:
            words = "" if reasons else f"{way.redirects} redirects in a row" if way.redirects > 1 else "written anew"
            yield Edit(url, target, self._ways.status(way), *self._counts(url, reasons), "sure", words)

    def _forgetful(self, url: str, target: str) -> Iterator[Edit]:
        """Redirects that lose a part of what was asked, and where the run does not say what it would lead to."""
        named = self._recorded.named(url)
        if "query-lost" in named and "?" not in target:
            text = "the redirect forgets the query; this keeps it"
            yield self._proposed(url, bare(target) + place(url).query, text, {"query-lost"})
        for noted in self._recorded.findings.get(url, ()):
            if noted.rule in FORGETFUL:
                yield self._proposed(url, None, noted.fix, {noted.rule})

    def _needs(self, url: str, way: Walk, target: str) -> bool:
        told = self._recorded.answers[url]
        wrong_status = self._ways.lasts(url) and (told.mechanism != "location" or told.status not in (301, 308))
        written = self._recorded.named(url) & WRITTEN
        return way.redirects > 1 or wrong_status or bool(written) or bare(target) != way.page

    def _doubt(self, url: str) -> str | None:
        """Why nobody should write this rule without a look."""
        if self._recorded.answers[url].mechanism == "javascript":
            return "a script redirects here, which was read and not run"
        if self._ways.depends(url):
            return "this redirect seems to depend on the visitor"
        if url in self._recorded.posts and not self._ways.lasts(url):
            return "a form posts here, and the answer to GET says nothing about that"
        return None

    def _kept(self, url: str) -> str | None:
        """The URL with its own path and query, where a redirect forgot one of them and that page lives."""
        twin = self._origins.twin(url)
        if twin and self._recorded.named(url) & KEPT and (told := self._recorded.answers.get(twin)) and told.living:
            return twin
        return None

    def _settled(self, target: str) -> str:
        """The target at the origin that its own stands for, where the page lives, so that no second redirect follows."""
        twin = self._origins.twin(target)
        if not twin:
            return target
        _, mark, fragment = target.partition("#")
        way = self._ways.whole(twin)
        return target if way.end in (LOOP, ENDLESS) else way.end if "#" in way.end else way.end + mark + fragment

    def _loop(self, url: str) -> Iterator[Edit]:
        """One comment a circle, at the redirect to remove: the one that leaves HTTPS, else the one back to the lowest URL."""
        urls = self._ways.whole(url).urls
        circle = urls[urls.index(urls[-1]) : -1]
        if frozenset(circle) in self._loops:
            return
        self._loops.add(frozenset(circle))
        start = circle.index(min(circle))
        turned = [*circle[start:], *circle[:start]]
        hops = list(zip(turned, [*turned[1:], turned[0]], strict=True))
        downgrades = [hop for hop in hops if hop[0].startswith("https:") and hop[1].startswith("http:")]
        source, target = (downgrades or hops[-1:])[0]
        text = f"{len(circle)} URLs redirect in a circle; remove the redirect from {source} to {target}, or choose which of them is to live"
        told = [
            noted for one in (source, url) for noted in self._recorded.findings.get(one, ()) if noted.rule in ENDLESSLY
        ]
        text = told[0].fix if told and told[0].rule != "redirect-loop" else text
        reasons = {noted.rule for noted in told}
        yield self._proposed(source, None, text, reasons)

    def _proposed(self, url: str, target: str | None, note: str, reasons: set[str] | None = None) -> Edit:
        named = self._recorded.named(url) if reasons is None else reasons
        return Edit(url, target, 301, *self._counts(url, named), "proposal", note)

    def _counts(self, url: str, reasons: set[str]) -> tuple[tuple[str, ...], int, int]:
        return tuple(sorted(reasons)), 1, self._recorded.links.get(url, 0)


def proposal(edit: Edit) -> Proposal:
    """An edit that is not sure, as a ruleset has it."""
    return Proposal(edit.source, edit.target, edit.note, edit.help)
