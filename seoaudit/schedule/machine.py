"""The loop's machine: the clock, processes and signals."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seoaudit.config.sites import Site

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Child:
    """An audit's process, in a session of its own: a Ctrl-C in the terminal reaches it once, through the loop."""

    popen: subprocess.Popen[bytes]

    def ended(self) -> int | None:
        """Its exit code; None while it runs."""
        return self.popen.poll()

    def stop(self) -> None:
        """Ask it to end."""
        self.popen.terminate()


@dataclass
class Machine:
    """This machine; `file` is the settings file that each audit reads again. Use it within `listening`."""

    file: Path
    note: Callable[[str], None]
    stops: int = 0
    _woken: socket.socket = field(init=False)

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def start(self, site: Site) -> Child:
        """`seoaudit schedule --site=NAME`."""
        command = [sys.executable, "-m", "seoaudit", "schedule", f"--site={site.name}", f"--config={self.file}"]
        return Child(subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True))  # noqa: S603 - our own command

    def wait(self, seconds: float) -> None:
        """Until a signal comes, SIGCHLD included, or the time is over."""
        if select.select([self._woken], [], [], seconds)[0]:
            os.read(self._woken.fileno(), 4096)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While it lasts, signals are counted and end a wait, and nothing else."""
        self._woken, waker = socket.socketpair()
        for end in (self._woken, waker):
            end.setblocking(False)
        woken_before = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, self._count) for number in STOP_SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken_before)
            self._woken.close()
            waker.close()

    def _count(self, *_: object) -> None:
        self.stops += 1
