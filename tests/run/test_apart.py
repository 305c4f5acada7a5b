"""Work in a process of its own gives back what it gives, raises what it raises, and its end is told."""

from __future__ import annotations

import os

import pytest

from seoaudit.run.apart import Ended, apart


def test_what_the_work_returns_comes_back_from_another_process() -> None:
    assert apart(os.getpid) != os.getpid()


def test_what_the_work_raises_is_raised_here() -> None:
    with pytest.raises(FileNotFoundError):
        apart(os.stat, "/there is no such file")


def test_a_process_that_is_ended_is_told_in_one_line() -> None:
    with pytest.raises(Ended, match="was ended"):
        apart(os._exit, 3)
