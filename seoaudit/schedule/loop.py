"""The loop: starts what is due, some at a time, each in a process of its own, and waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from seoaudit.schedule.due import to_do, when_to_look
from seoaudit.schedule.state import is_claimed, read_record

if TYPE_CHECKING:
    from datetime import datetime

    from seoaudit.config.sites import Site, Sites
    from seoaudit.schedule.state import Record

LONGEST_WAIT_S = 60.0
"""A clock that is set, or a machine that slept, is noticed within a minute."""

BUSY_WAIT_S = 5.0
"""Between two looks at a site that another process works on."""

LONGEST_PAUSE_S = 3600.0
"""Between two tries of a site that is still due after one; it begins with none, then a minute, and doubles."""


class Process(Protocol):
    """One audit at work."""

    def ended(self) -> int | None:
        """Its exit code; None while it runs."""

    def stop(self) -> None:
        """Ask it to end."""


class World(Protocol):
    """What the loop needs of the machine; tests have one with a clock of their own."""

    stops: int
    """How often somebody asked for the end."""

    def now(self) -> datetime:
        """The time, which may be set back or forward."""

    def elapsed(self) -> float:
        """Seconds since some moment, which nobody sets."""

    def start(self, site: Site) -> Process:
        """Work on what is due for the site, in a process of its own."""

    def wait(self, seconds: float) -> None:
        """Until then, or until a process ended or somebody asked for the end."""

    def note(self, text: str) -> None:
        """One line for the log."""


@dataclass
class _Try:
    """How often a site was tried for one due time, and from when on it may be again."""

    due: datetime
    count: int = 0
    after: float = 0.0


@dataclass
class Loop:
    """What runs now, and what was tried in vain."""

    sites: Sites
    world: World
    running: dict[str, Process] = field(default_factory=dict)
    worst: int = 0
    _tries: dict[str, _Try] = field(default_factory=dict)
    _stops: int = 0
    _told: set[str] = field(default_factory=set)

    def for_ever(self) -> None:
        """Start what is due until somebody asks for the end; then wait for what runs."""
        self._tell_next()
        while not (self.world.stops and not self.running):
            if not self.world.stops:
                self._start([site for site in self._due() if self._may(site)])
            self._wait(self._pause())

    def once(self) -> int:
        """Start what is due now, each site once, and wait for it; returns the worst exit code."""
        left = self._due()
        for site in [site for site in left if is_claimed(site)]:
            self.world.note(f"{site.name}: is being audited by another process, which sees to it")
            left.remove(site)
        while self.running or (left and not self.world.stops):
            if not self.world.stops:
                self._start(left)
                left = [site for site in left if site.name not in self._tries]
            self._wait(LONGEST_WAIT_S)
        return self.worst

    def _record(self, site: Site) -> Record:
        return read_record(site, self._note_once)

    def _note_once(self, text: str) -> None:
        """What is wrong for long is told once."""
        if text not in self._told:
            self._told.add(text)
            self.world.note(text)

    def _due(self) -> list[Site]:
        """What waits, the longest first."""
        now = self.world.now()
        found = [(to_do(site, self._record(site), now), site) for site in self.sites.sites]
        waiting = [(due, site) for due, site in found if due is not None and site.name not in self.running]
        return [site for _, site in sorted(waiting, key=lambda one: one[0])]

    def _may(self, site: Site) -> bool:
        """Whether the site may be started now: nobody works on it, and it was not tried in vain a moment ago."""
        known = self._tries.get(site.name)
        due = to_do(site, self._record(site), self.world.now())
        return (known is None or known.due != due or self.world.elapsed() >= known.after) and not is_claimed(site)

    def _start(self, sites: list[Site]) -> None:
        for site in sites[: max(0, self.sites.at_once - len(self.running))]:
            due = to_do(site, self._record(site), self.world.now())
            assert due is not None
            known = self._tries.get(site.name)
            self._tries[site.name] = _Try(due, known.count + 1 if known is not None and known.due == due else 1)
            self.world.note(f"{site.name}: due {said(site, due)}, begins")
            self.running[site.name] = self.world.start(site)

    def _wait(self, seconds: float) -> None:
        """Until something happened; what ended is told, and a wish to stop is passed on."""
        self.world.wait(seconds)
        for name, process in list(self.running.items()):
            code = process.ended()
            if code is not None:
                del self.running[name]
                self._over(self.sites.named(name), code)
        while self._stops < self.world.stops:
            self._stops += 1
            for process in self.running.values():
                process.stop()
            if self.running:
                self.world.note(f"stopping when {', '.join(self.running)} can be gone on with; once more stops at once")

    def _over(self, site: Site, code: int) -> None:
        if code not in (0, 1, 2):
            code = self._code_of_the_dead(site, code)
        tried = self._tries[site.name]
        pause = 0.0 if tried.count == 1 else min(LONGEST_PAUSE_S, 60.0 * 2 ** min(tried.count - 2, 10))
        tried.after = self.world.elapsed() + pause
        self.worst = max(self.worst, code)
        self._tell_next(site)

    def _code_of_the_dead(self, site: Site, code: int) -> int:
        """The exit code of an audit whose process was killed: after the end was written down, that is as good as any."""
        record = self._record(site)
        if record.due == self._tries[site.name].due and record.verdict is not None:
            return {"clean": 0, "findings": 1}.get(record.verdict, 2)
        self.world.note(f"{site.name}: the audit's process died ({code}); it will be gone on with")
        return 2

    def _pause(self) -> float:
        """Seconds until there is something to do by itself."""
        if self.world.stops or len(self.running) >= self.sites.at_once:
            return LONGEST_WAIT_S
        now, elapsed, first = self.world.now(), self.world.elapsed(), LONGEST_WAIT_S
        for site in self.sites.sites:
            if site.name in self.running:
                continue
            at = when_to_look(site, self._record(site), now)
            if at is None:
                continue
            wait = (at - now).total_seconds()
            if wait <= 0:
                known = self._tries.get(site.name)
                wait = max(0.0, known.after - elapsed) if known is not None else 0.0
                wait = max(wait, BUSY_WAIT_S) if is_claimed(site) else wait
            first = min(first, wait)
        return first

    def _tell_next(self, *sites: Site) -> None:
        for site in sites or self.sites.sites:
            now = self.world.now()
            at = when_to_look(site, self._record(site), now)
            when = "never" if at is None else "now" if at <= now else said(site, at)
            self.world.note(f"{site.name}: due {when}")


def said(site: Site, moment: datetime) -> str:
    """A moment as it is said where the site is."""
    return f"{moment.astimezone(site.time_zone):%a %Y-%m-%d %H:%M} {site.time_zone.key}"
