"""Pointer following: every node's path at once."""

from __future__ import annotations

import numpy as np

from seoaudit.classify.graph import follow, write_out


def test_weights_are_summed_over_every_edge_walked() -> None:
    successor = np.array([1, 2, -1, 4, 5, 4])  # 0 -> 1 -> 2, and 3 -> 4 <-> 5
    weights = np.array([[1.0], [10.0], [100.0], [1.0], [2.0], [4.0]])
    paths = follow(successor, weights)
    assert paths.sums[:, 0].tolist() == [11, 10, 0, 7, 6, 6]
    assert paths.steps.tolist() == [2, 1, 0, 3, 2, 2]
    assert paths.end.tolist() == [2, 2, 2, 4, 4, 5]
    assert paths.cycle_length.tolist() == [0, 0, 0, 2, 2, 2]


def test_a_graph_without_nodes_has_no_paths() -> None:
    paths = follow(np.array([], dtype=np.int64), np.zeros((0, 2)))
    assert len(paths.end) == len(paths.steps) == 0
    assert write_out(np.array([], dtype=np.int64), paths.steps).nodes.size == 0


def test_tails_that_share_an_end_are_each_written_out() -> None:
    successor = np.array([2, 2, 3, -1])
    listing = write_out(successor, np.array([2, 1, 1, 0]))
    assert listing.offsets.tolist() == [0, 3, 5, 7, 8]
    assert listing.nodes.tolist() == [0, 2, 3, 1, 2, 2, 3, 3]
    assert listing.without_last().nodes.tolist() == [0, 2, 1, 2]
    assert listing.without_last().offsets.tolist() == [0, 2, 3, 4, 4]
    assert listing.distinct(np.array([7, 7, 7, 8])).tolist() == [2, 1, 2, 1]
