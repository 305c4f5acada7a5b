"""How a chain ends, in one word, and whether it moves for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from seoaudit.classify import frames, url_columns
from seoaudit.http.status import permanence_of
from seoaudit.records import MAX_REDIRECTS, OUTCOMES, REDIRECT_STATUSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seoaudit.classify.graph import Codes, Paths
    from seoaudit.classify.redirect_graph import RedirectGraph
    from seoaudit.classify.url_columns import Scope

    Flags = NDArray[np.bool_]
    Words = NDArray[np.object_]


class Answers(NamedTuple):
    """What each node of a graph answered; NaN, None and False where it was not asked."""

    status: NDArray[np.float64]
    error: Words
    mechanism: Words
    permanence: Words
    latency_ms: NDArray[np.float64]
    asked: Flags
    outside: Flags


def answers_of(responses: pd.DataFrame, graph: RedirectGraph, scope: Scope) -> Answers:
    """The answer at each node; a URL that was not asked lies outside when its host does."""
    asked = graph.row >= 0
    columns = ["status", "error", "mechanism", "refresh_delay", "latency_ms", "in_scope"]
    known = responses[columns].iloc[graph.row[asked]]
    outside = url_columns.outside(graph.url, scope)
    outside[asked] = ~known["in_scope"].to_numpy(np.bool_, na_value=True)

    def spread(values: NDArray[Any], missing: float | None) -> NDArray[Any]:
        column = np.full(len(asked), missing, dtype=values.dtype)
        column[asked] = values
        return column

    return Answers(
        status=spread(frames.numbers(known["status"]), np.nan),
        error=spread(frames.words(known["error"]), None),
        mechanism=spread(frames.words(known["mechanism"]), None),
        permanence=spread(permanences(known), None),
        latency_ms=spread(frames.numbers(known["latency_ms"]), np.nan),
        asked=asked,
        outside=outside,
    )


def is_stuck(status: NDArray[np.float64], moves: Flags) -> Flags:
    """Whether a redirect status came without a location that a client can use."""
    return np.isin(status, sorted(REDIRECT_STATUSES)) & ~moves


def outcomes(paths: Paths, answers: Answers, moves: Flags) -> Words:
    """The word for how each path ends: the first of these that holds.

    * `loop`
    * `too-many`: more than `MAX_REDIRECTS`, whatever stands at the end, since no browser gets there
    * `invalid-location`: the last answer has a redirect status without a usable location
    * `external`: the end lies outside the scope, whatever it answered
    * `unfinished`: the end lies in scope and was not asked
    * `robots`: robots.txt forbids the end
    * `unreachable`: the end gave no status; where only the body broke or was too large, the status counts
    * `client-error`: 4xx
    * `server-error`: 5xx, and what is no status at all (RFC 9110, 15: a status outside 100 to 599 is treated as 5xx)
    * `ok`: the rest
    """
    end = paths.end
    status, error = answers.status[end], answers.error[end]
    tests: dict[str, Flags] = {
        "loop": paths.cycle_length > 0,
        "too-many": paths.steps > MAX_REDIRECTS,
        "invalid-location": is_stuck(status, moves[end]),
        "external": answers.outside[end],
        "unfinished": ~answers.asked[end],
        "robots": error == "robots",
        "unreachable": np.isnan(status),
        "client-error": (status >= 400) & (status < 500),
        "server-error": (status >= 500) | (status < 100),
        "ok": np.ones(len(end), dtype=np.bool_),
    }
    assert set(tests) == set(OUTCOMES)
    return _first(tests)


def permanences(responses: pd.DataFrame) -> Words:
    """`permanent` or `temporary` for each answer by `http.status`, None where neither holds; without a mechanism the status counts."""
    keys = pd.DataFrame(
        {
            "mechanism": responses["mechanism"].fillna("location").to_numpy(np.object_),
            "status": frames.numbers(responses["status"]),
            "waits": frames.numbers(responses["refresh_delay"]) > 0,
        }
    )
    codes = keys.groupby(["mechanism", "status", "waits"], dropna=False, sort=False).ngroup().to_numpy(np.int64)
    kinds = keys.drop_duplicates().to_numpy(np.object_).tolist()
    words = [
        permanence_of(name, None if np.isnan(status) else int(status), float(waits)) for name, status, waits in kinds
    ]
    return np.array([*words, None], dtype=np.object_)[codes]


def chain_permanence(steps: Codes, permanent: NDArray[np.float64], temporary: NDArray[np.float64], own: Words) -> Words:
    """`permanent` or `temporary` when every redirect is, else `mixed`; a chain without redirects has its answer's own."""
    tests = {"permanent": permanent == steps, "temporary": temporary == steps, "mixed": steps >= 0}
    return np.where(steps == 0, own, _first(tests))


def _first(tests: dict[str, Flags]) -> Words:
    return np.select(list(tests.values()), [np.array(word, dtype=np.object_) for word in tests])
