"""What a person sees while an audit runs: notes, and where the crawl stands."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.crawl.progress import Progress


class PlainWatcher:
    """Lines on standard error."""

    def note(self, text: str) -> None:
        """One line."""
        print(f"seoaudit: {text}", file=sys.stderr, flush=True)

    def progress(self, progress: Progress) -> None:
        """Where the crawl stands."""

    def signal(self, number: int) -> None:
        """The first signal is answered with patience, the second at once: the journal is whole at every moment."""
        if number == 1:
            self.note("stopping when what is on its way is answered; once more stops at once")
        else:
            self.note("stopped; -a resume=1 goes on")
            os._exit(2)


@contextmanager
def watching() -> Iterator[PlainWatcher]:
    """Somebody who watches, for the time of one audit."""
    yield PlainWatcher()
