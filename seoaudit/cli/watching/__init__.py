"""What a person sees while an audit runs: notes, and where the crawl stands. All of it goes to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seoaudit.cli.watching.live import LiveWatcher, Terminal
from seoaudit.cli.watching.plain import PlainWatcher, QuietWatcher

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LiveWatcher", "PlainWatcher", "QuietWatcher", "watching"]


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[PlainWatcher]:
    """Whoever watches one audit: a terminal, a log, or with `quiet` nobody."""
    if quiet:
        yield QuietWatcher()
        return
    console = Terminal(stderr=True)
    if not sys.stderr.isatty() or console.is_dumb_terminal:
        yield PlainWatcher()
        return
    with LiveWatcher(console) as watcher:
        yield watcher
