"""Paths in a graph where every node has at most one successor, by pointer doubling: no loop over nodes (Wyllie 1979)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]


class Paths(NamedTuple):
    """Where the path from each node leads.

    `end`: the node without successor, or, for a path into a cycle, the first node that it meets twice. `steps`: edges walked
    until then. `cycle_length`: nodes in that cycle, 0 if there is none. `sums`: each column of the weights, added up over
    the edges walked.
    """

    end: Codes
    steps: Codes
    cycle_length: Codes
    sums: NDArray[np.float64]

    def of(self, nodes: Codes) -> Paths:
        """The paths that begin at these nodes."""
        return Paths(self.end[nodes], self.steps[nodes], self.cycle_length[nodes], self.sums[nodes])


def follow(successor: Codes, weights: NDArray[np.float64]) -> Paths:
    """Follow every node at once; `successor` is -1 where a path ends, `weights` has a row a node: what leaving it costs."""
    here = np.arange(len(successor))
    label, cyclic = _cycles(successor, here)
    leaves = (successor >= 0) & ~cyclic
    jump = np.where(leaves, successor, here)
    steps = leaves.astype(np.int64)
    sums = weights * leaves[:, None]
    for _ in range(_rounds(len(here))):
        steps += steps[jump]
        sums += sums[jump]
        jump = jump[jump]
    length = np.bincount(label[cyclic], minlength=len(here))
    around = np.zeros_like(sums)
    np.add.at(around, label[cyclic], weights[cyclic])
    met = label[jump]
    cycle_length = np.where(cyclic[jump], length[met], 0)
    return Paths(jump, steps + cycle_length, cycle_length, sums + np.where(cyclic[jump, None], around[met], 0.0))


def _cycles(successor: Codes, here: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """For each node the lowest node of its cycle (itself if it has none), and whether it lies on one."""
    jump = np.where(successor < 0, here, successor)
    for _ in range(_rounds(len(here))):
        jump = jump[jump]
    # After more steps than there are nodes, whoever has not ended stands on a cycle, and every cycle's node is stood on.
    cyclic = np.zeros(len(here), dtype=np.bool_)
    cyclic[jump[successor[jump] >= 0]] = True
    label, step = here.copy(), np.where(cyclic, successor, here)
    for _ in range(_rounds(len(here))):
        label = np.minimum(label, label[step])
        step = step[step]
    return label, cyclic


def _rounds(nodes: int) -> int:
    return nodes.bit_length()


class Listing(NamedTuple):
    """Paths written out: `nodes[offsets[i]:offsets[i + 1]]` is the path from node i."""

    nodes: Codes
    offsets: Codes

    @property
    def path(self) -> Codes:
        """For each entry of `nodes` the path that it belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def without_last(self) -> Listing:
        """Each path without its last node: the nodes that are left by an edge."""
        kept = np.ones(len(self.nodes), dtype=np.bool_)
        kept[self.offsets[1:] - 1] = False
        return Listing(self.nodes[kept], self.offsets - np.arange(len(self.offsets)))

    def distinct(self, codes: Codes) -> Codes:
        """How many different codes the nodes of each path have."""
        kinds = int(codes.max(initial=0)) + 1
        pairs = np.unique(self.path * kinds + codes[self.nodes])
        return np.bincount(pairs // kinds, minlength=len(self.offsets) - 1)


def write_out(successor: Codes, steps: Codes) -> Listing:
    """The path from each of the first nodes, `steps[i]` edges long; the loop runs over positions, not over nodes."""
    offsets = np.concatenate([[0], np.cumsum(steps + 1)])
    nodes = np.empty(int(offsets[-1]), dtype=np.int64)
    paths = current = np.arange(len(steps))
    for position in range(int(steps.max(initial=-1)) + 1):
        nodes[offsets[paths] + position] = current
        longer = steps[paths] > position
        paths, current = paths[longer], successor[current[longer]]
    return Listing(nodes, offsets)
