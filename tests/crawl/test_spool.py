"""Waiting tasks come out in the order in which they went in, however many they are, and few of them take memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.crawl import spool
from seoaudit.crawl.spool import BLOCK_TASKS, Spool, TaskQueue
from seoaudit.crawl.task import Task

if TYPE_CHECKING:
    from pathlib import Path


def task(number: int) -> Task:
    return Task(
        f"https://example.com/{number}", "asset", number % 7, 2, start=number == 0, streak=3, retries=1, number=4
    )


def test_what_went_to_disk_comes_back_whole_and_in_order(tmp_path: Path) -> None:
    count = 5 * BLOCK_TASKS + 17
    with Spool(tmp_path) as made:
        queue = TaskQueue(made)
        for number in range(count):
            queue.push(task(number))
        assert len(queue) == count
        assert [queue.pop() for _ in range(count)] == [task(number) for number in range(count)]
        assert not queue


def test_the_file_has_no_name_and_leaves_nothing_behind(tmp_path: Path) -> None:
    made = Spool(tmp_path)
    queue = TaskQueue(made)
    for number in range(3 * BLOCK_TASKS):
        queue.push(task(number))
    assert list(tmp_path.iterdir()) == []
    made.close()
    made.close()


def test_nothing_is_written_for_a_small_crawl(tmp_path: Path) -> None:
    made = Spool(tmp_path / "not there")
    queue = TaskQueue(made)
    for number in range(BLOCK_TASKS):
        queue.push(task(number))
    assert len(queue) == BLOCK_TASKS


def test_an_empty_queue_says_so() -> None:
    with pytest.raises(IndexError):
        TaskQueue(Spool()).pop()


@given(st.lists(st.sampled_from(["push", "push", "pop"]), max_size=200))
def test_pushes_and_pops_in_any_order_keep_the_order(steps: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch, Spool() as made:
        patch.setattr(spool, "BLOCK_TASKS", 3)
        queue, model, pushed = TaskQueue(made), [], 0
        for step in steps:
            if step == "push":
                queue.push(task(pushed))
                model.append(task(pushed))
                pushed += 1
            elif model:
                assert queue.pop() == model.pop(0)
            assert len(queue) == len(model)
