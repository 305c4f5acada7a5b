"""The servers of this folder as processes on loopback, each as its makers start it, and what must be installed for it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from nginx import Block, Nginx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = Path(__file__).parent
PATIENCE_S = 60
BUILD_PATIENCE_S = 600
NEXT_SOURCES = ("*.json", "*.js", "app/**/*.js")

NGINX_NAMES = {"example.com": "enforced", "prefix.example": "prefix", "appended.example": "appended"}
"""The hosts that nginx serves, and the file with the directives of each; the first is also asked for by any other name."""


@dataclass(frozen=True)
class Server:
    """How to start one of them, given a private folder; what else than its program is missing, as a command to type.

    `build` makes from a folder that is kept between runs the private one.
    """

    start: Callable[[Path], AbstractContextManager[int]]
    program: str | None = None
    missing: Callable[[], str | None] = lambda: None
    build: Callable[[Path], Path] | None = None


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of 127.0.0.1 that nobody is given meanwhile and nothing listens on, until a program that is told of it does.

    The socket is bound and does not listen: connections are refused, and with SO_REUSEADDR a program may bind beside it.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class Program:
    """Runs a command while its `with` lasts, which begins once it has said on stdout or stderr that it is `ready`."""

    def __init__(
        self, *command: str | Path, ready: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = command
        self._ready = ready
        self._folder = folder
        self._environment = {**os.environ, **(environment or {})}
        self._said: list[str] = []
        self._news = threading.Event()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,))
        self._reader.start()
        self._news.wait(PATIENCE_S)
        if not self._is_ready():
            self.__exit__()
            raise RuntimeError(f"{self._command[0]} did not start: {self._said}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self._process.kill()
            self._process.wait()
            self._reader.join()

    def _read(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self._said.append(line)
                if self._is_ready():
                    self._news.set()
        self._news.set()

    def _is_ready(self) -> bool:
        return any(re.search(self._ready, line) for line in self._said)


@contextmanager
def _nginx(folder: Path) -> Iterator[int]:
    blocks = [Block(host, (HERE / f"nginx/{name}.conf").read_text(), http2=False) for host, name in NGINX_NAMES.items()]
    with Nginx(folder / "nginx", *blocks) as nginx:
        yield nginx.ports[0]


@contextmanager
def _apache(folder: Path) -> Iterator[int]:
    """Apache gives up root, and then reads only what everybody may: its site lies in a folder that is open to all."""
    program = shutil.which("apache2", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program
    with reserved_port() as port, tempfile.TemporaryDirectory() as site:
        Path(site).chmod(0o755)
        shutil.copy(HERE / "apache/.htaccess", site)
        given = [f"Listen 127.0.0.1:{port}", f"PidFile {folder}/apache.pid", f"Mutex file:{folder} default"]
        if os.geteuid() == 0:
            given += ["User nobody", "Group nogroup"]
        options = [word for directive in given for word in ("-c", directive)]
        command = (program, "-DFOREGROUND", "-f", HERE / "apache/apache.conf", *options)
        with Program(*command, ready="resuming normal operations", folder=folder, environment={"SITE": site}):
            yield port


@contextmanager
def _php(folder: Path) -> Iterator[int]:
    with (
        reserved_port() as port,
        Program("php", "-S", f"127.0.0.1:{port}", "-t", HERE / "php", ready=r"\) started", folder=folder),
    ):
        yield port


def _express(*words: str) -> Callable[[Path], AbstractContextManager[int]]:
    @contextmanager
    def start(folder: Path) -> Iterator[int]:
        with (
            reserved_port() as port,
            Program("node", HERE / "express/app.js", str(port), *words, ready="^listening", folder=folder),
        ):
            yield port

    return start


@contextmanager
def _flask(folder: Path) -> Iterator[int]:
    app = HERE / "flask/app.py"
    with reserved_port() as port:
        command = (sys.executable, "-B", "-m", "flask", "--app", app, "run", "--host", "127.0.0.1", "--port", str(port))
        with Program(*command, ready="Running on", folder=folder):
            yield port


@contextmanager
def _next(folder: Path) -> Iterator[int]:
    with reserved_port() as port:
        command = (*_next_command(folder), "start", "-H", "127.0.0.1", "-p", str(port))
        with Program(*command, ready="Ready in", folder=folder, environment={"NEXT_TELEMETRY_DISABLED": "1"}):
            yield port


def built_next(builds: Path) -> Path:
    """The folder with the built application, built below `builds` unless a build of the same files is there already.

    The sources are copied, the libraries linked; whoever builds beside us makes the same. Raises CalledProcessError.
    """
    sources = sorted(path for name in NEXT_SOURCES for path in (HERE / "next").glob(name))
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    built = builds / digest
    if not built.exists():
        with tempfile.TemporaryDirectory(dir=builds) as scratch:
            fresh = Path(scratch, "next")
            _build_next(fresh)
            try:
                fresh.rename(built)
            except OSError:  # somebody else was first
                if not built.exists():
                    raise
    return built


def _build_next(folder: Path) -> None:
    shutil.copytree(HERE / "next", folder, ignore=shutil.ignore_patterns("node_modules", ".next", "package-lock.json"))
    (folder / "node_modules").symlink_to(HERE / "next/node_modules")
    subprocess.run(
        (*_next_command(folder), "build"),
        cwd=folder,
        env={**os.environ, "NEXT_TELEMETRY_DISABLED": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=BUILD_PATIENCE_S,
    )


def _next_command(built: Path) -> tuple[str | Path, ...]:
    return "node", built / "node_modules/next/dist/bin/next"


def _libraries_missing(name: str) -> Callable[[], str | None]:
    command = f"npm ci --prefix tests/servers/{name}"
    return lambda: None if (HERE / name / "node_modules" / name).is_dir() else command


def _flask_missing() -> str | None:
    """The installed distribution counts: the folder `flask` beside this file would pass for a package."""
    return None if any(distributions(name="flask")) else "pip install -e '.[test]'"


SERVERS = {
    "nginx": Server(_nginx, "nginx"),
    "apache": Server(_apache, "apache2"),
    "php": Server(_php, "php"),
    "express": Server(_express(), "node", _libraries_missing("express")),
    "express-https": Server(_express("https"), "node", _libraries_missing("express")),
    "flask": Server(_flask, missing=_flask_missing),
    "next": Server(_next, "node", _libraries_missing("next"), built_next),
}
"""By the names in expected.txt."""
