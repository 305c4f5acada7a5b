"""The ledger of a site: which answers its redirecting URLs and their targets gave, and which runs saw each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seoaudit.store.schema import LEDGER
from seoaudit.store.sightings import told_by
from seoaudit.store.tables import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from seoaudit.store.sightings import Codes, Flags, Sightings

KEY = ("url", "mechanism", "status", "target")
ANSWERS = pa.schema([LEDGER.field(name) for name in KEY])

_RUNS = b"seoaudit.runs"
_BETWEEN = "\x1f"  # no serialised URL has one


class FoldedRun(NamedTuple):
    """A run that the ledger knows: `mark` tells whether its tables are still those that were folded."""

    started_at: str
    name: str
    state: str
    mark: str

    @property
    def start(self) -> datetime:
        """When the run began; raises ValueError for text that is no time."""
        start = datetime.fromisoformat(self.started_at)
        return start if start.tzinfo else start.replace(tzinfo=UTC)

    @property
    def order(self) -> tuple[datetime, str]:
        """Runs stand in order of their start, however they were folded."""
        return self.start, self.name


@dataclass(frozen=True)
class Ledger:
    """Answers and sightings.

    `runs` in order of start; `answers`: the columns `KEY`, no two rows alike, `mechanism` and `target` null where an answer
    does not redirect; `seen`: a row a run, a column an answer.
    """

    runs: tuple[FoldedRun, ...] = ()
    answers: pa.Table = field(default_factory=ANSWERS.empty_table)
    seen: Flags = field(default_factory=lambda: np.zeros((0, 0), np.bool_))

    def position(self, name: str) -> int | None:
        """The number of the run of this name, None where it was not folded."""
        return next((number for number, run in enumerate(self.runs) if run.name == name), None)

    def finished(self) -> Flags:
        """Which runs may end a streak."""
        return np.array([run.state == "finished" for run in self.runs], np.bool_)

    def until(self, count: int) -> Self:
        """The ledger as it stood after its first `count` runs."""
        seen = self.seen[:count]
        return self._of(self.runs[:count], seen)

    def without(self, names: set[str]) -> Self:
        """The ledger as if it had never met these runs: nor is kept what was noted of URLs only because they redirect there."""
        kept = [number for number, run in enumerate(self.runs) if run.name not in names]
        left = self._of(tuple(self.runs[number] for number in kept), self.seen[kept])
        redirects = left.answers.filter(left.answers["mechanism"].is_valid())
        targets: Any = redirects["target"]
        bare: Any = pc.list_element(pc.split_pattern(targets, "#", max_splits=1), 0)
        subjects = pa.chunked_array([*redirects["url"].chunks, *bare.chunks], pa.string())
        wanted = pc.or_(left.answers["mechanism"].is_valid(), pc.is_in(left.answers["url"], subjects))
        return replace(left, answers=left.answers.filter(wanted), seen=left.seen[:, np.asarray(wanted)])

    def _of(self, runs: tuple[FoldedRun, ...], seen: Flags) -> Self:
        met = np.asarray(seen.any(axis=0), np.bool_)
        return replace(self, runs=runs, answers=self.answers.filter(pa.array(met)), seen=seen[:, met])

    def taking(self, other: Self, names: set[str]) -> Self:
        """This ledger with the runs of these names as another one knew them."""
        runs = tuple(sorted([*self.runs, *(run for run in other.runs if run.name in names)], key=lambda run: run.order))
        found = pc.index_in(keys(other.answers), keys(self.answers))
        unknown = other.answers.filter(found.is_null())
        places = found.to_numpy().copy()
        places[np.asarray(found.is_null())] = len(self.answers) + np.arange(len(unknown))
        seen = np.zeros((len(runs), len(self.answers) + len(unknown)), np.bool_)
        for row, run in enumerate(runs):
            if run.name in names:
                seen[row, places[other.seen[other.runs.index(run)]].astype(np.int64)] = True
            else:
                seen[row, : len(self.answers)] = self.seen[self.runs.index(run)]
        return replace(self, runs=runs, answers=pa.concat_tables([self.answers, unknown]), seen=seen).until(len(runs))

    def in_order(self) -> Self:
        """The same, answers in the order of their keys: whatever came first, the file is the same."""
        order = pc.sort_indices(self.answers, sort_keys=[(name, "ascending") for name in KEY])
        return replace(self, answers=self.answers.take(order).combine_chunks(), seen=self.seen[:, order.to_numpy()])

    def sightings(self) -> Sightings:
        """What the sightings tell of each answer."""
        redirects = np.asarray(self.answers["mechanism"].is_valid())
        kinds = _codes(_joined(self.answers, "mechanism", "status"))
        started = np.array([int(run.start.timestamp() * 1e6) for run in self.runs], np.int64)
        urls = _codes(self.answers["url"])
        return told_by(self.seen, urls, np.where(redirects, kinds, -1), started, self.finished())

    def table(self) -> pa.Table:
        """All that is known, with the columns of ledger.parquet."""
        told = self.sightings()
        starts = pa.array([run.start for run in self.runs], LEDGER.field("since").type)
        before = self.answers.take(_numbers(told.before))
        columns: dict[str, Any] = {
            **{name: self.answers[name] for name in KEY},
            "first_seen": starts.take(_numbers(told.first)),
            "last_seen": starts.take(_numbers(told.last)),
            "sightings": told.total,
            "runs_missed": told.missed,
            "longest_streak": told.longest,
            "streak": told.streak,
            "streak_weeks": told.weeks,
            "since": starts.take(_numbers(told.since)),
            **{f"before_{name}": before[name] for name in KEY[1:]},
            "rotating": told.rotating,
            "seen": _packed(self.seen),
        }
        return pa.table([_column(columns[one.name]).cast(one.type) for one in LEDGER], schema=LEDGER)

    def write(self, path: Path) -> None:
        """Replace the file in one step; raises OSError."""
        table = self.in_order().table()
        runs = orjson.dumps([list(run) for run in self.runs])
        with replacing(path) as beside:
            pq.write_table(table.replace_schema_metadata({_RUNS: runs}), beside, compression="zstd")

    @classmethod
    def read(cls, path: Path) -> Self:
        """What the file holds; raises FileNotFoundError, other OSErrors, or ValueError (Arrow's are) where it is damaged."""
        table = pq.read_table(path, columns=[*KEY, "seen"])
        try:
            runs = tuple(FoldedRun(*run) for run in orjson.loads((table.schema.metadata or {})[_RUNS]))
            seen = _unpacked(table["seen"].combine_chunks(), len(runs))
            answers = table.select(KEY).cast(ANSWERS)
            assert [run.order for run in runs] == sorted(run.order for run in runs)
        except (KeyError, TypeError, AssertionError) as error:
            raise ValueError(f"{path} is no ledger") from error
        return cls(runs, answers, seen)


def keys(answers: pa.Table) -> pa.ChunkedArray[Any]:
    """Each answer as one text."""
    return _joined(answers, *KEY)


def _joined(answers: pa.Table, *names: str) -> pa.ChunkedArray[Any]:
    columns: list[Any] = [answers[name].cast(pa.large_string()) for name in names]
    texts: list[Any] = [pc.fill_null(column, "") for column in columns]
    joined: pa.ChunkedArray[Any] = pc.binary_join_element_wise(*texts, pa.scalar(_BETWEEN, pa.large_string()))
    return joined


def _codes(texts: pa.ChunkedArray[Any]) -> Codes:
    whole: Any = texts.combine_chunks()
    encoded = whole.dictionary_encode()
    return np.asarray(encoded.indices.to_numpy(), np.int64)


def _numbers(positions: Codes) -> pa.Array[Any]:
    """Positions to take from; -1 takes nothing."""
    return pa.array(positions, mask=positions < 0)


def _column(values: Any) -> pa.Array[Any] | pa.ChunkedArray[Any]:
    return pa.array(values) if isinstance(values, np.ndarray) else values


def _packed(seen: Flags) -> pa.Array[Any]:
    """One bit a run, the first run the lowest bit of the first byte."""
    packed = np.packbits(seen.T, axis=1, bitorder="little")
    rows, width = packed.shape
    offsets = (np.arange(rows + 1) * width).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), rows, [None, pa.py_buffer(offsets), pa.py_buffer(packed.tobytes())])


def _unpacked(column: Any, runs: int) -> Flags:
    width = (runs + 7) // 8
    lengths = pc.unique(pc.binary_length(column)).to_pylist()
    if len(column) and lengths != [width]:
        raise TypeError(f"sightings of {lengths} bytes for {runs} runs")
    data = column.buffers()[2]
    packed: NDArray[np.uint8] = np.frombuffer(data or b"", np.uint8, count=len(column) * width)
    bits = np.unpackbits(packed.reshape(len(column), width), axis=1, count=runs, bitorder="little")
    return np.ascontiguousarray(bits.T).astype(np.bool_)
