"""Work in a process of its own: a crawl and a report each need memory that the other has no use for."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")


class Ended(Exception):  # noqa: N818 - what became of the other process
    """The process that did the work is no more; the text is one line."""


def apart(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What `work` returns, or raises, when a new process does it; raises Ended when something ended that process.

    A Ctrl-C ends it, too, and raises KeyboardInterrupt here.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))
    try:
        return pool.submit(work, *arguments, **named).result()
    except BrokenExecutor as error:
        raise Ended("the process that writes tables and reports was ended, often for lack of memory") from error
    except BaseException:
        for process in list(pool._processes.values()):  # noqa: SLF001 - Python 3.14 has a public name for it
            process.terminate()
        raise
    finally:
        pool.shutdown()
