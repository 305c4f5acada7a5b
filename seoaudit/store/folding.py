"""The runs of a site folded into its ledger: what each run answered, run after run in order of start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seoaudit.store.ledger import ANSWERS, FoldedRun, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seoaudit.store.folder import RunFolder

_READ = ["url", "status", "mechanism", "location_url"]
_TROUBLE = 429
"""Too Many Requests says as little of a URL as a server error does: the server was in trouble, the redirect may stand."""


class RunToFold(NamedTuple):
    """A run on disk."""

    folder: RunFolder
    run: FoldedRun


class Answered(NamedTuple):
    """What a run got, with the columns of `ledger.KEY`: redirects, and answers that lead nowhere else."""

    redirects: pa.Table
    plain: pa.Table


def answered(folder: RunFolder) -> Answered:
    """The answers that are evidence: a status from 100 to 499 other than 429. Raises OSError or ArrowInvalid."""
    table: Any = pq.read_table(folder.table("responses"), columns=_READ)
    table = table.filter((pc.field("status") >= 100) & (pc.field("status") < 500) & (pc.field("status") != _TROUBLE))
    leads = _leads(table["url"], table["mechanism"], table["location_url"])
    redirects, rest = table.filter(leads), table.filter(pc.invert(leads))
    nothing = pa.nulls(len(rest), pa.string())
    return Answered(
        pa.table(
            [redirects["url"], redirects["mechanism"], redirects["status"], redirects["location_url"]], schema=ANSWERS
        ),
        pa.table([rest["url"], nothing, rest["status"], nothing], schema=ANSWERS),
    )


def _leads(url: Any, mechanism: Any, target: Any) -> Any:
    """Which answers send a client elsewhere: not by a refresh or script that names the page itself, nor to what is no web URL."""
    known: Any = pc  # its stubs know no columns of a table
    itself = known.and_(known.not_equal(mechanism, "location"), known.equal(_bare(target), url))
    web = known.match_substring_regex(target, "^https?://")
    return known.fill_null(
        known.and_(known.is_valid(mechanism), known.and_not(web, known.fill_null(itself, False))), False
    )


def fold(ledger: Ledger, runs: Iterable[RunToFold], passed_over: Callable[[RunToFold, Exception], None]) -> Ledger:
    """The ledger with these runs, in order of start, that it does not know yet.

    All redirects of a run are folded, and what redirecting URLs and their targets answered when they did not redirect; of
    a URL that redirects for the first time also what it answered in the finished run before. `passed_over` is told of a
    run whose tables cannot be read.
    """
    before: tuple[str, Answered] | None = None
    for one in runs:
        try:
            found = answered(one.folder)
        except (OSError, pa.ArrowException) as error:
            passed_over(one, error)
            continue
        ledger = ledger.adding(one.run)
        number = ledger.position(one.run.name)
        assert number is not None
        known = _subjects(ledger.until(number).answers)
        new = _subjects(found.redirects)
        new = new.filter(pc.invert(pc.is_in(new, known)))
        wanted = pa.concat_arrays([known, new])
        ledger = ledger.seeing(number, pa.concat_tables([found.redirects, _of(found.plain, wanted)]))
        earlier = next((back for back in range(number - 1, -1, -1) if ledger.runs[back].state == "finished"), None)
        if earlier is not None and len(new):
            name = ledger.runs[earlier].name
            told = before[1] if before and before[0] == name else _on_disk(one, name)
            if told is not None:
                ledger = ledger.seeing(earlier, _of(told.plain, new))
        if one.run.state == "finished":
            before = (one.run.name, found)
    return ledger


def _on_disk(beside: RunToFold, name: str) -> Answered | None:
    folder = type(beside.folder)(beside.folder.path.parent / name)
    try:
        return answered(folder)
    except (OSError, pa.ArrowException):  # deleted since: then nobody knows any more
        return None


def _subjects(answers: pa.Table) -> Any:
    """The URLs that the ledger follows: those that redirect or did, and those that they lead to."""
    leads = _bare(answers["target"].drop_null())
    urls: Any = pa.chunked_array([*answers["url"].chunks, *leads.chunks], pa.string())
    return pc.unique(urls)


def _of(answers: pa.Table, urls: Any) -> pa.Table:
    return answers.filter(pc.is_in(answers["url"], urls))


def _bare(urls: Any) -> Any:
    """URLs as one asks for them: without fragments."""
    return pc.list_element(pc.split_pattern(urls, "#", max_splits=1), 0)
