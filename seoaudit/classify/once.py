"""What several rules ask of one run is worked out once."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from seoaudit.classify.facts import Facts


def once(work: Callable[[Facts], pd.DataFrame]) -> Callable[[Facts], pd.DataFrame]:
    """The same function, that keeps its answer with the facts; whoever asks may change what it is given."""

    @wraps(work)
    def known(facts: Facts) -> pd.DataFrame:
        if work not in facts.known:
            facts.known[work] = work(facts)
        return facts.known[work].copy(deep=False)  # pandas copies what is written to, and no more

    return known
