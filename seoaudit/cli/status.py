"""`seoaudit status RUN`: how far a run is, also while it runs; without a run, how the sites of the schedule stand."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer evaluates the annotations
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from seoaudit.cli import sites
from seoaudit.cli.audit import refuse
from seoaudit.cli.watching import words
from seoaudit.config import ConfigError
from seoaudit.run.status import status_of

if TYPE_CHECKING:
    from seoaudit.crawl.standing import Standing
    from seoaudit.run.status import Status
    from seoaudit.schedule.standing import SiteStanding


def command(
    folder: Annotated[
        Path | None, typer.Argument(metavar="RUN", help="A run folder; or a site's, then its newest run.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object, or a list of the sites, for programs.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="Without RUN: the settings file instead of ./seoaudit.toml.")
    ] = None,
) -> None:
    """Say how far a run is: one that runs now, was stopped or killed, or is finished. Nothing of it is touched.

    Without RUN: the sites of the schedule, each with its last run, what came of it, and its next.
    """
    try:
        if folder is None:
            _tell_sites(sites.standings(config), as_json=as_json)
            return
        status = status_of(folder)
    except ConfigError as error:
        refuse(error)
    if as_json:
        print(orjson.dumps(fields_of(status), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(lines_of(status, time.time())))


def _tell_sites(standings: list[SiteStanding], *, as_json: bool) -> None:
    if as_json:
        print(orjson.dumps([sites.fields_of(one) for one in standings], option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(sites.table_of(standings)))


def fields_of(status: Status) -> dict[str, Any]:
    """All of it for `--json`; counts are null where there is no journal."""
    standing = status.standing
    numbers = (
        dict.fromkeys(("done", "waiting", "known", "redirects", "errors", "last_answer_at", "urls_a_minute"))
        if standing is None
        else {
            "done": standing.done,
            "waiting": standing.waiting,
            "known": standing.known,
            "redirects": standing.redirects,
            "errors": standing.errors,
            "last_answer_at": None if standing.last_at is None else _moment(standing.last_at).isoformat(),
            "urls_a_minute": standing.a_minute,
        }
    )
    return {
        "run": str(status.folder.path),
        "start": status.info.start,
        "started_at": status.info.started_at,
        "resumed_at": status.info.resumed_at,
        "finished_at": status.info.finished_at,
        "state": status.state,
        "process": status.process,
        **numbers,
        "limits": [asdict(limit) for limit in status.limits],
    }


def lines_of(status: Status, now: float) -> list[str]:
    """All of it for a person; `now` in seconds since the epoch."""
    info = status.info
    resumed = f", resumed {', '.join(info.resumed_at)}" if info.resumed_at else ""
    rows = [("run", str(status.folder.path)), ("site", info.start), ("begun", f"{info.started_at}{resumed}")]
    rows.append(("state", state_of(status)))
    rows += [("URLs", "no journal, so nothing is known of them")] if status.standing is None else _counts(status, now)
    rows += [("limit", f"{limit.name}: {_counted(limit.count)}{limit.detail}") for limit in status.limits]
    return [f"{name:<11}{text}" for name, text in rows]


def state_of(status: Status) -> str:
    """The state in words, and what goes on from there."""
    info, process = status.info, f"process {status.process}" if status.process else "a process"
    go_on = f"seoaudit audit -a resume={status.folder.path}"
    if status.state == "running":
        return f"running ({process})"
    if status.state == "reporting":
        return f"the crawl is over; {process} judges it and writes the reports"
    if status.state == "failed":
        return f"failed: {info.failure}"
    if status.state == "finished":
        more = f"; {info.urls_left:,} known URLs were not asked" if info.urls_left else ""
        return f"finished {info.finished_at}{more}"
    why = f" ({info.finish_reason})" if info.finish_reason else ""
    return f"stopped{why}: {go_on} goes on"


def _counts(status: Status, now: float) -> list[tuple[str, str]]:
    standing = status.standing
    assert standing is not None
    errors = ", ".join(f"{count:,} {kind}" for kind, count in standing.errors.items())
    return [
        ("URLs", f"{standing.done:,} done, {standing.waiting:,} waiting, {standing.known:,} known"),
        ("redirects", f"{standing.redirects:,}"),
        ("errors", errors or "0"),
        ("rate", _rate(standing, live=status.state == "running")),
        ("last", _last(standing, now)),
    ]


def _rate(standing: Standing, *, live: bool) -> str:
    if standing.a_minute is None:
        return "not known yet" if live else "too few URLs to tell"
    when = "the last minutes" if live else "the minutes before its last answer"
    return f"{words.rate(standing.a_minute)} URLs a minute over {when}"


def _last(standing: Standing, now: float) -> str:
    if standing.last_at is None:
        return "no answer yet"
    return f"answer {_moment(standing.last_at).isoformat(timespec='seconds')}, {_ago(now - standing.last_at)}"


def _ago(seconds: float) -> str:
    return f"{words.span(seconds)} ago" if seconds >= 10 else "just now"


def _counted(count: int) -> str:
    return f"{words.count(count, 'URL')}, " if count else ""


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
