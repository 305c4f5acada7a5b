"""A real nginx on loopback, its own configuration and process, and what it writes in its logs while it serves."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE_S = 30

CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr notice; {user}
events {{ worker_connections 512; }}
http {{
  log_format asked '$pid\t$host\t$ssl_server_name\t$connection\t$connection_requests\t$server_protocol\t$ssl_protocol\t$status\t$request_uri';
  access_log /dev/stdout asked;
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  types {{ text/html html; text/plain txt; }}
  absolute_redirect off; server_names_hash_bucket_size 128;
  {http}
  {blocks}
}}
"""


@dataclass(frozen=True)
class Block:
    """One server block: its name, what it does, and which of the ports it listens on."""

    name: str
    directives: str
    certificate: Path | None = None
    http2: bool = True
    port: int = 0


@dataclass(frozen=True)
class Logged:
    """One request as nginx logged it; it was the `place`-th on its `connection`."""

    worker: int
    host: str
    server_name: str
    connection: int
    place: int
    protocol: str
    tls: str
    status: int
    path: str


class Nginx:
    """Serves the blocks on `ports` while its `with` lasts; `logged` is complete once that has ended.

    It inherits sockets that listen already, as it does when its program is exchanged: no port can be lost to somebody else,
    and whoever connects early waits.
    """

    def __init__(self, folder: Path, *blocks: Block, http: str = "") -> None:
        self.logged: list[Logged] = []
        self._notices: list[str] = []
        self._news = threading.Condition()
        self._blocks = blocks
        self._folder = folder
        self._http = http
        self.ports: list[int] = []

    def route(self) -> str:
        """`connect_to` that leads the name of every block here."""
        return ",".join(
            f"{block.name}:{443 if block.certificate else 80}:127.0.0.1:{self.ports[block.port]}"
            for block in self._blocks
        )

    def reload(self) -> None:
        """Have a new worker take over; back when the old one has heard that it shall end."""
        before = self._count_notices("gracefully shutting down")
        self._process.send_signal(signal.SIGHUP)
        assert self._wait(lambda: self._count_notices("gracefully shutting down") > before), self._notices

    def kill_worker(self) -> None:
        """End the worker as a crash would; back when another has begun."""
        before = self._workers()
        os.kill(before[-1], signal.SIGKILL)
        assert self._wait(lambda: len(self._workers()) > len(before)), self._notices

    def wait_for(self, condition: Callable[[Logged], bool]) -> bool:
        """Whether such a request was logged, or is in time."""
        return self._wait(lambda: any(map(condition, self.logged)))

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as ours:
            listeners = [
                ours.enter_context(socket.create_server(("127.0.0.1", 0), backlog=256))
                for _ in range(1 + max(block.port for block in self._blocks))
            ]
            self.ports = [listener.getsockname()[1] for listener in listeners]
            self._start([listener.fileno() for listener in listeners])
        if not self._wait(lambda: bool(self._workers() or self._count_notices("[emerg]"))) or not self._workers():
            self.__exit__()
            raise RuntimeError(f"nginx did not start: {self._notices}")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self._process.kill()
            self._process.wait()
            for reader in self._readers:
                reader.join()

    def _start(self, listening: list[int]) -> None:
        configuration = self._folder / "nginx.conf"
        configuration.write_text(self._configuration())
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program
        self._process = subprocess.Popen(
            [program, "-e", "stderr", "-p", str(self._folder), "-c", str(configuration)],
            env={**os.environ, "NGINX": "".join(f"{number};" for number in listening)},
            pass_fds=listening,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._readers = [
            threading.Thread(target=self._read, args=arguments)
            for arguments in (
                (self._process.stdout, lambda line: self.logged.append(_logged(line))),
                (self._process.stderr, self._notices.append),
            )
        ]
        for reader in self._readers:
            reader.start()

    def _configuration(self) -> str:
        return CONFIGURATION.format(
            folder=self._folder,
            user="user root;" if os.geteuid() == 0 else "",  # another could not read a test's folder
            http=self._http,
            blocks="\n".join(self._server(block) for block in self._blocks),
        )

    def _server(self, block: Block) -> str:
        listen, keys = f"listen 127.0.0.1:{self.ports[block.port]}", ""
        if block.certificate:
            listen += " ssl"
            keys = f"ssl_certificate {block.certificate}; ssl_certificate_key {block.certificate};"
        if block.http2:  # the directive of this name is newer than some that are installed; as a word all know it
            listen += " http2"
        return f"server {{ {listen}; server_name {block.name}; {keys} {block.directives} }}"

    def _read(self, lines: IO[str], take: Callable[[str], None]) -> None:
        with lines:
            for line in lines:
                with self._news:
                    take(line.rstrip("\n"))
                    self._news.notify_all()

    def _wait(self, condition: Callable[[], bool]) -> bool:
        with self._news:
            return self._news.wait_for(condition, PATIENCE_S)

    def _workers(self) -> list[int]:
        """The process ids of all workers so far."""
        return [int(notice.rpartition(" ")[2]) for notice in self._notices if "start worker process " in notice]

    def _count_notices(self, text: str) -> int:
        return sum(text in notice for notice in self._notices)


def _logged(line: str) -> Logged:
    worker, host, server_name, connection, place, protocol, tls, status, path = line.split("\t")
    return Logged(int(worker), host, server_name, int(connection), int(place), protocol, tls, int(status), path)
