"""The answers of a run as a graph: URLs are nodes, redirects are edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.classify import frames
from seoaudit.classify.outcomes import is_stuck
from seoaudit.classify.url_columns import is_web, positions, truth, without_fragments

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from seoaudit.classify.graph import Codes


class RedirectGraph(NamedTuple):
    """Every URL that redirects, should redirect, or is redirected to.

    `url` of each node; `row`: its row in `responses`, -1 where it was not asked; `successor`: the node that it redirects to,
    -1 where it does not; the first `chains` nodes redirect, or have a redirect status without a usable location.
    """

    url: pa.LargeStringArray
    row: Codes
    successor: Codes
    chains: int


def redirecting(responses: pd.DataFrame) -> NDArray[np.bool_]:
    """Which answers send a client elsewhere.

    A refresh or script that names the page itself is polling, or a jump within the page: no redirect. A Location that does
    so is one, and a loop.
    """
    mechanism = responses["mechanism"]
    target = without_fragments(frames.as_arrow(responses["location_url"]))
    itself = truth(pc.equal(target, frames.as_arrow(responses["url"])))
    polling = itself & (mechanism != "location").to_numpy(np.bool_)
    return mechanism.notna().to_numpy() & is_web(target) & ~polling


def build_graph(responses: pd.DataFrame) -> RedirectGraph:
    """The graph of answers to different URLs; nodes that redirect keep the order of `responses`."""
    moves = redirecting(responses)
    rows = np.flatnonzero(moves | is_stuck(frames.numbers(responses["status"]), moves))
    sources = frames.as_arrow(responses["url"].iloc[rows])
    targets = without_fragments(frames.as_arrow(responses["location_url"].iloc[rows]))
    targets = pc.if_else(pa.array(moves[rows]), targets, None)
    ends = pc.drop_null(pc.unique(targets))
    ends = ends.filter(pc.invert(pc.is_in(ends, sources)))
    url = pa.concat_arrays([sources, ends])
    successor = np.full(len(url), -1, dtype=np.int64)
    successor[: len(rows)] = positions(targets, url)
    asked = positions(ends, frames.as_arrow(responses["url"]))
    return RedirectGraph(url, np.concatenate([rows, asked]), successor, len(rows))
