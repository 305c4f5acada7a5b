"""The runs of a site folded into its ledger: what each run answered, run after run in order of start.

While runs are folded, URLs and answers are known by their hashes: comparing numbers is what makes a year of runs a matter of
seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.store.hashing import hashes, mixed
from seoaudit.store.ledger import ANSWERS, KEY, FoldedRun, Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seoaudit.store.folder import RunFolder
    from seoaudit.store.hashing import Hashes
    from seoaudit.store.sightings import Codes, Flags

MEGABYTES = 400

# A status of 500 or more, or 429, says nothing of a redirect: the server was in trouble, and the redirect may stand.
_ANSWERS = """
with answers as (
    select url, status, mechanism, location_url, split_part(location_url, '#', 1) as bare from read_parquet($responses)
    where status between 100 and 499 and status <> 429
), told as (
    select *, coalesce(mechanism is not null and regexp_matches(location_url, '^https?://')
        and (mechanism = 'location' or bare <> url), false) as leads
    from answers
), kept as (
    select url, if(leads, mechanism, null) as mechanism, status, if(leads, location_url, null) as target, bare, leads from told
)
select url, mechanism, status, target, leads, if(bare <> target, bare, null) as bare from kept
"""


class RunToFold(NamedTuple):
    """A run on disk."""

    folder: RunFolder
    run: FoldedRun


class Answered(NamedTuple):
    """What a run got: the answers that are evidence, and whether each leads elsewhere.

    Hashes: `page` of its URL, `target_page` of the URL that its target asks for, `answer` of all of it.
    """

    answers: pa.Table
    leads: Flags
    page: Hashes
    target_page: Hashes
    answer: Hashes

    @classmethod
    def of(cls, answers: pa.Table, leads: Flags, bare: Any) -> Answered:
        """Answers with the columns of `ledger.KEY`; `bare` are the targets without fragment, missing where they have none."""
        page, target, cut = hashes(answers["url"]), hashes(answers["target"]), hashes(bare)
        status = answers["status"].to_numpy().astype(np.uint64)
        answer = mixed(mixed(page, target), status ^ hashes(answers["mechanism"]))
        return cls(answers, leads, page, np.where(cut == 0, target, cut), answer)

    def subjects(self) -> Hashes:
        """The URLs that redirect, and those that they lead to; one may be there several times."""
        return np.concatenate([self.page[self.leads], self.target_page[self.leads]])


class _Known:
    """Hashes and the number of each, from 0 in the order in which they came."""

    def __init__(self) -> None:
        self._sorted: Hashes = np.zeros(0, np.uint64)
        self._numbers: Codes = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._sorted)

    def find(self, wanted: Hashes) -> Codes:
        """The number of each, -1 for one that is not known."""
        if not len(self):
            return np.full(len(wanted), -1, np.int64)
        order = np.argsort(wanted)  # neighbours are found faster
        place = np.minimum(np.searchsorted(self._sorted, wanted[order]), len(self) - 1)
        found = np.full(len(wanted), -1, np.int64)
        found[order] = np.where(self._sorted[place] == wanted[order], self._numbers[place], -1)
        return found

    def add(self, new: Hashes) -> None:
        """Some that are not known yet, no two alike."""
        order = np.argsort(new)
        place = np.searchsorted(self._sorted, new[order])
        self._numbers = np.insert(self._numbers, place, len(self) + order)
        self._sorted = np.insert(self._sorted, place, new[order])


class Folding:
    """A ledger that takes in runs: all redirects of each, and what else redirecting URLs and their targets answered.

    Of a URL that redirects, or is a target, for the first time, also what it answered in the finished run before.
    """

    def __init__(self, ledger: Ledger, runs: Sequence[FoldedRun], database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._runs = tuple(sorted([*ledger.runs, *runs], key=lambda run: run.order))
        self._numbers = {run.name: number for number, run in enumerate(self._runs)}
        self._parts = [ledger.answers]
        self._seen: dict[int, list[Codes]] = {
            self._numbers[run.name]: [np.flatnonzero(row)] for run, row in zip(ledger.runs, ledger.seen, strict=True)
        }
        self._answers, self._subjects = _Known(), _Known()
        self._later = self._take(ledger)
        self._before: tuple[int, Answered] | None = None

    def _take(self, ledger: Ledger) -> dict[int, Hashes]:
        """Learn what the ledger holds; gives the URLs that its runs, by number, were the first to follow."""
        targets: Any = ledger.answers["target"]
        bare = pc.list_element(pc.split_pattern(targets, "#", max_splits=1), 0)
        found = Answered.of(ledger.answers, np.asarray(targets.is_valid()), bare)
        self._answers.add(found.answer)
        places = np.array([self._numbers[run.name] for run in ledger.runs], np.int64)
        first = places[ledger.seen.argmax(axis=0)] if len(places) else np.zeros(0, np.int64)
        subjects = np.concatenate([found.page, found.target_page[found.leads]])
        since = np.concatenate([first, first[found.leads]])
        return {number: subjects[since == number] for number in np.unique(since).tolist()}

    def add(self, one: RunToFold) -> None:
        """Fold a run that is later than those before it; raises OSError or duckdb.Error when its answers cannot be read."""
        number = self._numbers[one.run.name]
        found = self._read(one.folder)
        for early in [early for early in self._later if early < number]:
            self._follow(self._later.pop(early))
        new = self._follow(found.subjects())
        wanted = found.leads | (self._subjects.find(found.page) >= 0)
        self._see(number, found, wanted)
        earlier = next((back for back in range(number - 1, -1, -1) if self._runs[back].state == "finished"), None)
        if earlier is not None and len(new) and (told := self._earlier(earlier, one.folder)) is not None:
            pages = _Known()
            pages.add(new)
            self._see(earlier, told, ~told.leads & (pages.find(told.page) >= 0))
        if one.run.state == "finished":
            self._before = number, found

    def _read(self, folder: RunFolder) -> Answered:
        found: Any = self._database.sql(_ANSWERS, params={"responses": str(folder.table("responses"))}).to_arrow_table()
        return Answered.of(found.select(KEY).cast(ANSWERS), found["leads"].to_numpy(), found["bare"])

    def _earlier(self, number: int, beside: RunFolder) -> Answered | None:
        if self._before is not None and self._before[0] == number:
            return self._before[1]
        folder = type(beside)(beside.path.parent / self._runs[number].name)
        try:
            return self._read(folder)
        except (OSError, duckdb.Error):  # deleted since: then nobody knows any more
            return None

    def _follow(self, pages: Hashes) -> Hashes:
        """Follow these URLs from now on; gives those that were not followed yet."""
        new: Hashes = np.sort(pages[self._subjects.find(pages) < 0])
        new = new[np.append(new[:1] >= 0, new[1:] != new[:-1])]  # np.unique takes twenty times as long
        self._subjects.add(new)
        return new

    def _see(self, number: int, found: Answered, wanted: Flags) -> None:
        rows = np.flatnonzero(wanted)
        known = self._answers.find(found.answer[rows])
        unknown = rows[known < 0]
        known[known < 0] = len(self._answers) + np.arange(len(unknown))
        self._answers.add(found.answer[unknown])
        self._parts.append(found.answers.take(unknown))
        self._seen.setdefault(number, []).append(known)

    def ledger(self, folded: set[str]) -> Ledger:
        """What came of it, with the runs of the ledger and those named."""
        runs = [(number, run) for number, run in enumerate(self._runs) if number in self._seen or run.name in folded]
        seen = np.zeros((len(runs), len(self._answers)), np.bool_)
        for row, (number, _) in enumerate(runs):
            for columns in self._seen.get(number, []):
                seen[row, columns] = True
        return Ledger(tuple(run for _, run in runs), pa.concat_tables(self._parts), seen)


def fold(ledger: Ledger, runs: Sequence[RunToFold], passed_over: Callable[[RunToFold, Exception], None]) -> Ledger:
    """The ledger with these runs, in order of start, that it does not know yet.

    `passed_over` is told of a run whose tables cannot be read.
    """
    config: dict[str, str | bool | int | float | list[str]] = {"memory_limit": f"{MEGABYTES}MB", "threads": 1}
    folded: set[str] = set()
    with duckdb.connect(config=config) as database:
        database.execute("set enable_progress_bar = false")
        folding = Folding(ledger, [one.run for one in runs], database)
        for one in runs:
            try:
                folding.add(one)
            except (OSError, duckdb.Error) as error:
                passed_over(one, error)
            else:
                folded.add(one.run.name)
    return folding.ledger(folded)
