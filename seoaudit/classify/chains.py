"""Redirects become chains: every redirecting URL at once, by following pointers through the graph of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.classify import frames, graph, url_columns
from seoaudit.classify.outcomes import answers_of, chain_permanence, outcomes
from seoaudit.classify.redirect_graph import build_graph
from seoaudit.store.schema import CHAINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seoaudit.classify.graph import Listing, Paths
    from seoaudit.classify.outcomes import Answers
    from seoaudit.classify.redirect_graph import RedirectGraph
    from seoaudit.classify.url_columns import Scope

MAX_LISTED = 100
"""Redirects that `url_list` names at most, so that a path of 100,000 does not become 5,000,000,000 names."""

MAX_LISTED_BYTES = 128 * 2**20
"""Where all lists together would be longer, each names fewer redirects."""

_HOPS: dict[str, pa.DataType] = {
    "requested_url": pa.string(),
    "position": pa.int32(),
    "url": pa.string(),
    "status": pa.int16(),
    "mechanism": pa.string(),
    "location_url": pa.string(),
    "latency_ms": pa.float64(),
}
HOPS = pa.schema(_HOPS)


def build_chains(responses: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The chain of every URL that redirects, in the order of `responses`, and the hops of each.

    Chains have the columns of chains.parquet, `inlinks` still missing. `redirect_count` is exact at any length. `url_list`
    runs from `requested_url` to `final_url`, but names `MAX_LISTED` redirects at most; `statuses` has one entry a URL of it,
    `mechanisms` one a redirect. In a loop it ends with the URL that it names twice, and that is `final_url`. No URL here has
    a fragment. A redirect status without a usable location is a chain of no redirects. `latency_ms` adds up what is known.

    Hops have the columns of `HOPS`, one row a redirect that `url_list` names; their `location_url` keeps its fragment.
    """
    nodes = build_graph(responses)
    answers = answers_of(responses, nodes, scope)
    moves = nodes.successor >= 0
    costs = [moves & (answers.permanence == "permanent"), moves & (answers.permanence == "temporary")]
    latency = [np.nan_to_num(answers.latency_ms), ~np.isnan(answers.latency_ms)]
    paths = graph.follow(nodes.successor, np.column_stack([*costs, *latency]).astype(np.float64))
    paths = paths.of(np.arange(nodes.chains))
    listing = _listing(nodes, paths)
    columns = {**_ends(nodes, answers, paths), **_lists(nodes, answers, listing)}
    chains = frames.conform(frames.to_frame(pa.table(columns)), CHAINS)
    return chains, _hops(responses, nodes, listing)


def _ends(nodes: RedirectGraph, answers: Answers, paths: Paths) -> dict[str, pa.Array[Any]]:
    permanent, temporary, latency, timed = paths.sums.T
    start, end = slice(nodes.chains), paths.end
    return {
        "requested_url": nodes.url[start],
        "redirect_count": pa.array(paths.steps),
        "final_url": nodes.url.take(end),
        "final_status": _whole(answers.status[end]),
        "final_error": pa.array(answers.error[end], pa.string()),
        "outcome": pa.array(outcomes(paths, answers, nodes.successor >= 0), pa.string()),
        "permanence": pa.array(
            chain_permanence(paths.steps, permanent, temporary, answers.permanence[start]), pa.string()
        ),
        "latency_ms": pa.array(np.where(timed > 0, latency, np.nan), from_pandas=True),
        "loop_length": _whole(np.where(paths.cycle_length > 0, paths.cycle_length, np.nan)),
    }


def _listing(nodes: RedirectGraph, paths: Paths) -> Listing:
    lengths = pc.binary_length(nodes.url).to_numpy()
    for longest in (MAX_LISTED, MAX_LISTED // 5, MAX_LISTED // 20, 1):
        listing = graph.write_out(nodes.successor, np.minimum(paths.steps, longest))
        if lengths[listing.nodes].sum() <= MAX_LISTED_BYTES:
            break
    return listing


def _lists(nodes: RedirectGraph, answers: Answers, listing: Listing) -> dict[str, pa.Array[Any]]:
    hosts = url_columns.codes(url_columns.hosts(url_columns.parts(nodes.url)["netloc"]))
    return {
        "url_list": _list(nodes.url.cast(pa.string()), listing),
        "statuses": _list(_whole(answers.status).cast(pa.int16()), listing),
        "mechanisms": _list(pa.array(answers.mechanism, pa.string()), listing.without_last()),
        "host_count": pa.array(listing.distinct(hosts)),
    }


def _list(values: pa.Array[Any], listing: Listing) -> pa.Array[Any]:
    return pa.ListArray.from_arrays(pa.array(listing.offsets, pa.int32()), values.take(listing.nodes))


def _whole(values: NDArray[np.float64]) -> pa.Array[Any]:
    return pa.array(values, from_pandas=True).cast(pa.int64())


def _hops(responses: pd.DataFrame, nodes: RedirectGraph, listing: Listing) -> pd.DataFrame:
    hops = listing.without_last()
    answers = responses[["url", "status", "mechanism", "location_url", "latency_ms"]].iloc[nodes.row[hops.nodes]]
    position = np.arange(len(hops.nodes)) - hops.offsets[hops.path]
    requested = frames.to_frame(pa.table({"requested_url": nodes.url.take(hops.path)}))
    return frames.conform(
        pd.concat([requested, answers.reset_index(drop=True)], axis=1).assign(position=position), HOPS
    )
