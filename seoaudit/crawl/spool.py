"""Waiting tasks: first in, first out, and on disk before they fill the memory."""

from __future__ import annotations

import tempfile
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Self

import orjson

from seoaudit.crawl.task import Task

if TYPE_CHECKING:
    from pathlib import Path

BLOCK_TASKS = 4096
"""Tasks that go to disk together; a queue holds at most three blocks in memory."""


class Spool:
    """One nameless file for the blocks of all queues; it is gone with the process, for the journal is the truth.

    `size` is what it takes on disk, in bytes; what was taken out again is not handed back before the end.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self.size = 0

    def put(self, tasks: list[Task]) -> tuple[int, int]:
        """Where the block lies now; raises OSError when the disk is full."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - it lives as long as the crawl
        data = zlib.compress(orjson.dumps(tasks, default=tuple), 1)
        place = (self.size, len(data))
        self._file.seek(self.size)
        self._file.write(data)
        self._file.flush()
        self.size += len(data)
        return place

    def take(self, place: tuple[int, int]) -> list[Task]:
        """The block again."""
        assert self._file is not None
        self._file.seek(place[0])
        return [Task(*fields) for fields in orjson.loads(zlib.decompress(self._file.read(place[1])))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hand the disk space back; safe to call twice."""
        if self._file is not None:
            self._file.close()


@dataclass(slots=True)
class TaskQueue:
    """First in, first out. What is neither near the head nor near the end lies in the spool."""

    spool: Spool
    _head: deque[Task] = field(default_factory=deque)
    _blocks: deque[tuple[int, int]] = field(default_factory=deque)
    _tail: list[Task] = field(default_factory=list)

    def push(self, task: Task) -> None:
        """Put a task at the end."""
        if not self._blocks and len(self._head) < BLOCK_TASKS and not self._tail:
            self._head.append(task)
            return
        self._tail.append(task)
        if len(self._tail) == BLOCK_TASKS:
            self._blocks.append(self.spool.put(self._tail))
            self._tail = []

    def pop(self) -> Task:
        """The task at the head; raises IndexError when there is none."""
        if not self._head:
            if self._blocks:
                self._head.extend(self.spool.take(self._blocks.popleft()))
            else:
                self._head.extend(self._tail)
                self._tail = []
        return self._head.popleft()

    def __len__(self) -> int:
        return len(self._head) + BLOCK_TASKS * len(self._blocks) + len(self._tail)
