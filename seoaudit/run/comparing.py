"""Two runs read from their folders and compared; each report compares with the run before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from seoaudit.classify import frames
from seoaudit.classify.comparison import GONE, REDIRECT_CHANGES, Comparison, Seen, compare, rewriter
from seoaudit.classify.contracts import kept
from seoaudit.config import ConfigError
from seoaudit.run.status import run_at
from seoaudit.store.folder import RunFolder
from seoaudit.store.history import earlier_runs
from seoaudit.store.runs import runs_of
from seoaudit.store.schema import CHAINS, CHANGES, CONTRACTS, FINDINGS, RESPONSES
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seoaudit.store.folder import RunInfo

REMEMBERED = 52
"""Earlier runs of which it is asked whether they saw a finding fixed: a year of weeks."""


class Pair(NamedTuple):
    """Two runs, the one to compare with first."""

    older: RunFolder
    newer: RunFolder


def compare_runs(pair: Pair, maps: Sequence[tuple[re.Pattern[str], str]] = ()) -> Comparison:
    """Compare two judged runs; `maps` rewrite URLs and texts of the older. Raises ConfigError with one line where a table is broken."""
    # What earlier runs fixed is known by their own URLs: it says nothing where those are rewritten.
    was = None if maps else _what_was(pair.older)
    return compare(_seen(pair.older), _seen(pair.newer), was, rewriter(maps) if maps else None)


def write_changes(folder: RunFolder) -> None:
    """Compare a judged run with the one before and write changes.parquet; run.json says with which, or why with none."""
    info = folder.read_info()
    before, why_not = run_before(folder)
    empty = Comparison(
        changes=frames.conform(pd.DataFrame(), CHANGES), redirects=frames.conform(pd.DataFrame(), REDIRECT_CHANGES)
    )
    if info.state == "failed":
        before, why_not = None, "This audit failed: there is nothing to compare."
    try:
        found = empty if before is None else compare_runs(Pair(before, folder))
    except ConfigError as error:
        found, before, why_not = empty, None, str(error)
    write_table(folder.table("changes"), pa.Table.from_pandas(found.changes, schema=CHANGES, preserve_index=False))
    told = {
        "compared_with": before.path.name if before else None,
        "not_compared": None if before else why_not,
        "redirect_changes": found.redirect_counts if before else {},
    }
    folder.write_info(info.model_copy(update=told))


def run_before(folder: RunFolder) -> tuple[RunFolder | None, str]:
    """The newest earlier run of the site that is finished and judged; or None and one line that says why there is none."""
    site = _info(folder).site
    passed = 0
    for run in earlier_runs(folder):
        try:
            info = run.read_info()
        except (OSError, ValidationError):
            continue
        passed += 1
        if info.site == site and info.state == "finished" and run.table("findings").is_file():
            return run, ""
    if passed:
        return None, "No earlier run of this site is both finished and judged: there is nothing to compare with."
    return None, "This is the first run of this site: there is nothing to compare with."


def pair_of(paths: Sequence[Path], *, mapped: bool = False) -> Pair:
    """The two runs that the command line means; raises ConfigError.

    None: the last two of the site whose newest run is newest below ./runs. A site's folder, or a folder of sites: its last
    two. One run: it and the one before. Two: as given, each a run or a site, of one site unless URLs are `mapped`.
    """
    if len(paths) > 2:
        raise ConfigError(f"RUN: {len(paths)} are given; compare takes two, the older first")
    if len(paths) == 2:
        older, newer = (run_at(path)[0] for path in paths)
    elif paths[0].is_dir() and not RunFolder(paths[0]).info_file.is_file():
        older, newer = _last_two(paths[0])
    else:
        newer = run_at(paths[0])[0]
        before, why_not = run_before(newer)
        if before is None:
            raise ConfigError(f"RUN: {newer.path}: {why_not[0].lower()}{why_not[1:]} Name two runs to compare them")
        older = before
    _check(older, newer, mapped=mapped)
    return Pair(older, newer)


def _last_two(path: Path) -> Pair:
    sites = [path] if next(runs_of(path), None) else sorted(one for one in path.iterdir() if one.is_dir())
    newest = max(sites, key=lambda site: max((info.started_at for _, info in runs_of(site)), default=""), default=path)
    judged = [folder for folder, _ in runs_of(newest) if folder.table("findings").is_file()]
    if len(judged) < 2:
        raise ConfigError(
            f"RUN: {newest} holds {len(judged) or 'no'} judged run{'' if len(judged) == 1 else 's'}, and two are needed; "
            "audit the site again, or name two runs"
        )
    return Pair(judged[1], judged[0])


def _check(older: RunFolder, newer: RunFolder, *, mapped: bool) -> None:
    if older.path.resolve() == newer.path.resolve():
        raise ConfigError(f"RUN: {newer.path} is given twice; name two different runs")
    for run in (older, newer):
        if not run.table("findings").is_file():
            raise ConfigError(f"RUN: {run.path} was never judged; seoaudit report {run.path} does that")
    sites = [_info(run).site for run in (older, newer)]
    if sites[0] != sites[1] and not mapped:
        raise ConfigError(
            f"RUN: {older.path} is an audit of {sites[0]}, {newer.path} of {sites[1]}; "
            f"say which URLs are the same, such as --map '//{sites[0]}=//{sites[1]}'"
        )


def _info(run: RunFolder) -> RunInfo:
    try:
        return run.read_info()
    except (OSError, ValidationError) as error:
        raise ConfigError(f"RUN: {run.info_file} cannot be read; audit the site again") from error


def _seen(run: RunFolder) -> Seen:
    info = _info(run)
    findings = _columns(run, "findings", FINDINGS, "rule", "severity", "url", "detail", "group")
    answers = _columns(run, "responses", RESPONSES, "url", "status", "mechanism", "location_url")
    ends = _columns(run, "chains", CHAINS, "requested_url", "final_url")
    meant = kept(_columns(run, "contracts", CONTRACTS, "url", "state")) if run.table("contracts").is_file() else ()
    return Seen(
        findings=findings,
        redirects=answers[answers["mechanism"].notna()],
        ends=ends,
        answered=answers.loc[answers["status"].notna(), "url"],
        whole=info.state == "finished",
        unjudged=frozenset(info.failed_rules),
        excused=frozenset(meant),
    )


def _columns(run: RunFolder, table: str, schema: pa.Schema, *names: str) -> pd.DataFrame:
    try:
        return frames.read_table(run.table(table), pa.schema([schema.field(name) for name in names]))
    except (OSError, pa.ArrowException) as error:
        raise ConfigError(
            f"RUN: {run.table(table)} cannot be read; seoaudit report {run.path} writes it again"
        ) from error


def _what_was(older: RunFolder) -> pd.DataFrame:
    """What this run and earlier ones saw go: rule, url and kind, oldest first, from their small tables of changes."""
    return pd.concat([*reversed(list(_seen_go(older)))], ignore_index=True)


def _seen_go(older: RunFolder) -> Iterator[pd.DataFrame]:
    yield frames.conform(pd.DataFrame(), pa.schema([CHANGES.field(name) for name in ("rule", "url", "kind")]))
    for _, run in zip(range(REMEMBERED), [older, *earlier_runs(older)], strict=False):
        try:
            table = pq.read_table(run.table("changes"), columns=["rule", "url", "kind"], filters=[("kind", "in", GONE)])
        except (OSError, pa.ArrowException):  # a run from before there were changes, or a damaged one: less is known
            continue
        yield frames.to_frame(table)
