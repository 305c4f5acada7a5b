"""Lines for a log, a pipe, or a terminal that can only write on."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from seoaudit.cli.watching import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.crawl.progress import Progress

EVERY_S = 30.0
"""Seconds from the begin of the crawl to the first line, and from each to the next."""


class PlainWatcher:
    """Writes a line for each note, and one every half minute where the crawl stands; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next: float | None = None
        self._said_anything = False

    def note(self, text: str) -> None:
        """One line."""
        print(f"seoaudit: {text}", file=sys.stderr, flush=True)

    def progress(self, progress: Progress) -> None:
        """One line every half minute."""
        now = self._clock()
        if self._next is None:
            self._next = now + EVERY_S
        if now >= self._next:
            self._next = now + EVERY_S
            self._said_anything = True
            self.note(words.line(progress))

    def stage(self, text: str) -> None:
        """A line after those of a long crawl; a short one needs none."""
        if self._said_anything:
            self.note(text)

    def signal(self, number: int) -> None:
        """The first signal is answered with patience, the second at once: the journal is whole at every moment."""
        if number == 1:
            self.note("stopping when what is on its way is answered; once more stops at once")
        else:
            self.close()
            self.note("stopped; -a resume=1 goes on")
            os._exit(2)

    def close(self) -> None:
        """Leave things as they were found."""


class QuietWatcher(PlainWatcher):
    """Says nothing; a second signal stops it all the same."""

    def note(self, text: str) -> None:
        """Nothing."""

    def progress(self, progress: Progress) -> None:
        """Nothing."""
