"""`seoaudit schedule`: the audits of many sites, each when it is due."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit.cli.audit import CLEAN, FAILED, audit, exit_code, refuse, tell, tell_post
from seoaudit.cli.fail_on import FailOn
from seoaudit.cli.mail import post_run
from seoaudit.cli.report import judged_again
from seoaudit.config import ConfigError
from seoaudit.store.folder import InUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.config.sites import Site, Sites
    from seoaudit.store.folder import RunFolder


def command(
    once: Annotated[bool, typer.Option("--once", help="Audit what is due now, and end; for cron.")] = False,
    print_unit: Annotated[
        str | None,
        typer.Option("--print", metavar="KIND", help="Write a unit for systemd, cron, github, kubernetes or windows."),
    ] = None,
    site: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this site, in this process, if it is due.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The settings file instead of ./seoaudit.toml.")] = None,
) -> None:
    """Audit the sites of seoaudit.toml when they are due, until a signal says stop."""
    try:
        sites = load(config)
        if print_unit is not None:
            print(unit(print_unit, sites), end="")
            return
        code = one(sites.named(site)) if site is not None else many(sites, once=once)
    except (ConfigError, InUse) as error:
        refuse(error)
    except OSError as error:
        refuse(f"cannot read or write {error.filename} ({error.strerror}); mend that, and the next start goes on")
    raise typer.Exit(code)


def load(config: Path | None) -> Sites:
    """All sites, every value checked; raises ConfigError."""
    from seoaudit.config.sites import read_sites  # noqa: PLC0415 - a crawl loads the commands, and has no use for it

    sites = read_sites(config)
    for site in sites.sites:
        try:
            FailOn.read(site.fail_on)
        except ConfigError as error:
            line = str(error).replace("--fail-on", "fail_on", 1)
            raise ConfigError(f"config: {sites.file}: site {site.name!r}: {line}") from error
    return sites


def unit(kind: str, sites: Sites) -> str:
    """The unit that --print names; raises ConfigError."""
    from seoaudit.schedule.units import KINDS, units  # noqa: PLC0415 - jinja2 is slow to load

    if kind not in KINDS:
        raise ConfigError(f"--print: {kind!r} is not known; write one of {', '.join(KINDS)}")
    return units(kind, sites)


def many(sites: Sites, *, once: bool) -> int:
    """Start what is due, for ever or once; the exit code is the worst of the sites where it ends by itself."""
    from seoaudit.schedule.loop import Loop  # noqa: PLC0415 - see load
    from seoaudit.schedule.machine import Machine  # noqa: PLC0415

    machine = Machine(sites.file, note)
    loop = Loop(sites, machine)
    with machine.listening():
        if once:
            return loop.once()
        loop.for_ever()
    return CLEAN


def one(site: Site) -> int:
    """What is due for one site, in this process."""
    from seoaudit.schedule.work import work  # noqa: PLC0415 - see load

    auditor = Auditor()
    # Outside of the crawl, which ends in good order by itself, the process may end anywhere: what is on disk is whole.
    signal.signal(signal.SIGTERM, auditor.stop)
    signal.signal(signal.SIGINT, auditor.stop)
    try:
        return work(site, auditor)
    except KeyboardInterrupt:
        note(f"{site.name}: stopped; the next start of the schedule goes on")
        return FAILED


@dataclass
class Auditor:
    """The commands `audit` and `report`, for the schedule."""

    stopped: bool = False

    def stop(self, *_: object) -> None:
        """At a signal."""
        self.stopped = True
        raise KeyboardInterrupt

    def audit(self, site: Site, given: Mapping[str, str]) -> int:
        """`seoaudit audit`."""
        from seoaudit.crawl.run import project_settings  # noqa: PLC0415 - Scrapy is slow to load

        settings = project_settings({"LOG_LEVEL": "WARNING"})
        return audit(given, settings, FailOn.read(site.fail_on), quiet=True)

    def report(self, site: Site, run: RunFolder) -> int:
        """`seoaudit report`, and the letter that the audit did not get to."""
        view = judged_again(run, site.arguments.config, site.arguments.hsts_list)
        tell(run, view)
        unsent = self.mail(site, run)
        return unsent or exit_code(view, FailOn.read(site.fail_on))

    def mail(self, site: Site, run: RunFolder) -> int:
        """`seoaudit mail`, where the site has recipients."""
        mail = site.arguments.mail
        if not mail.to:
            return CLEAN
        with run.claimed():
            return tell_post(post_run(run, mail, again=False))

    def note(self, text: str) -> None:
        """One line."""
        note(text)


def note(text: str) -> None:
    """One line to standard error, at once."""
    print(f"seoaudit: {text}", file=sys.stderr, flush=True)
