"""A few lines at the bottom of a terminal, drawn anew once a second and gone at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from seoaudit.cli.watching import words
from seoaudit.cli.watching.plain import PlainWatcher

if TYPE_CHECKING:
    from rich.console import RenderableType

    from seoaudit.crawl.progress import Progress

_BAR_WIDTH = 30


class Terminal(Console):
    """A console whose cursor is always seen, so that even a kill leaves the terminal as it was."""

    def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002 - rich's signature
        """Leave it alone; Live would hide it."""
        return False


class LiveWatcher(PlainWatcher):
    """Draws where the crawl stands, and lets notes and log lines pass above it. Use it in a `with`.

    It draws when it is told something, and has no thread of its own.
    """

    def __init__(self, console: Terminal) -> None:
        super().__init__()
        self._console = console
        self._live = Live(Group(), console=console, auto_refresh=False, transient=True, redirect_stdout=False)

    def note(self, text: str) -> None:
        """One line above the rest."""
        self._console.print(f"seoaudit: {text}", markup=False, highlight=False, emoji=False, soft_wrap=True)

    def progress(self, progress: Progress) -> None:
        """Draw it."""
        self._live.update(drawing(progress), refresh=True)

    def stage(self, text: str) -> None:
        """One line instead of the crawl."""
        self._live.update(_line(f"{text} ..."), refresh=True)

    def close(self) -> None:
        """Wipe it off; safe to call twice."""
        self._live.stop()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def drawing(progress: Progress) -> RenderableType:
    """A bar with how much is done, how it goes, and what is special about this crawl."""
    bar = ProgressBar(total=max(1, progress.known), completed=progress.done, width=_BAR_WIDTH)
    done = Table.grid(padding=(0, 1))
    done.add_row(bar, _line(words.done(progress)))
    below = [", ".join(words.pace(progress)), ", ".join(words.circumstances(progress))]
    return Group(done, *(_line(text) for text in below if text))


def _line(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")
