"""A terminal that remembers what is to be seen on it."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

CHECKOUT = Path(__file__).parents[1]
PATIENCE_S = 60

_CONTROL = re.compile(r"\x1b\[(?P<number>\??\d*)(?:;\d+)*(?P<kind>[A-Za-z])|(?P<plain>.)", re.DOTALL)


def screen(said: str) -> list[str]:
    """The lines on a terminal after it was sent this text, without empty ones at the end."""
    lines, row, column = [""], 0, 0
    for found in _CONTROL.finditer(said):
        plain, kind, number = found["plain"], found["kind"], found["number"]
        if plain == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif plain == "\r":
            column = 0
        elif plain is not None:
            lines[row] = lines[row][:column].ljust(column) + plain + lines[row][column + 1 :]
            column += 1
        elif kind == "A":
            row -= int(number or 1)
        elif kind == "K":
            assert number == "2", "the whole line"
            lines[row] = ""
        else:
            assert kind in "mhl", f"unknown control sequence {found[0]!r}"
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").split("\n")


class Terminal:
    """What a program writes to standard error, which is a terminal of 100 columns; its standard output is a pipe."""

    def __init__(self, words: tuple[str, ...], environment: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
            env={**_sober(), "TERM": "xterm-256color", **environment},
        )
        os.close(slave)
        self._said = ""
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def said(self) -> str:
        """Everything so far, control sequences included."""
        with self._changed:
            return self._said

    def wait_for(self, pattern: str) -> bool:
        """Whether the pattern was to be seen on the screen, or is in time."""
        return self._wait(lambda: re.search(pattern, "\n".join(screen(self._said))) is not None)

    def end(self) -> tuple[int, str]:
        """Wait for the program's end; its exit code and what it wrote to standard output."""
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        self._reader.join(PATIENCE_S)
        return self.process.returncode, out

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self._reader.join(PATIENCE_S)
        os.close(self._master)

    def _wait(self, is_so: Callable[[], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(is_so, PATIENCE_S)

    def _read(self) -> None:
        while data := self._read_some():
            with self._changed:
                self._said += data.decode()
                self._changed.notify_all()

    def _read_some(self) -> bytes:
        try:
            return os.read(self._master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # the program has ended, and with it its side of the terminal
                raise
            return b""


def _sober() -> dict[str, str]:
    """The environment without what changes how programs write to terminals."""
    changing = {"NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES"}
    return {name: value for name, value in os.environ.items() if name not in changing}


@contextmanager
def terminal(*words: str, **environment: str) -> Generator[Terminal]:
    """`python -m` with these words, on a terminal."""
    made = Terminal(words, environment)
    try:
        yield made
    finally:
        made.close()
