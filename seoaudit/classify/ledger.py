"""The site's history as one run may know it: nothing that a later run saw is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from seoaudit.classify import frames
from seoaudit.store.schema import LEDGER

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from numpy.typing import NDArray

    from seoaudit.store.ledger import Ledger

_FLAGS: dict[str, pa.DataType] = {"now": pa.bool_(), "earlier": pa.bool_()}
HISTORY = pa.schema([*(field for field in LEDGER if field.name != "seen"), *pa.schema(_FLAGS)])


class History(NamedTuple):
    """`ledger`: see `Facts.ledger`; `earlier_at`: the start of the last finished run before this one, None where none was."""

    ledger: pd.DataFrame
    earlier_at: datetime | None


def history_of(ledger: Ledger | None, run: str) -> History:
    """What the ledger says as of the run of this name; nothing where the run is not in it."""
    number = None if ledger is None else ledger.position(run)
    if ledger is None or number is None:
        return History(frames.to_frame(HISTORY.empty_table()), None)
    known = ledger.until(number + 1)
    before = np.flatnonzero(known.finished()[:number])
    nothing: NDArray[np.bool_] = np.zeros(len(known.answers), np.bool_)
    rows = frames.to_frame(known.table().drop_columns(["seen"]))
    rows["now"] = known.seen[number]
    rows["earlier"] = known.seen[before[-1]] if len(before) else nothing
    return History(frames.conform(rows, HISTORY), known.runs[before[-1]].start if len(before) else None)
