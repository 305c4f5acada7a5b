"""A real server on loopback with the new rules in front of the recorded site, and what it answers."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from seoaudit.fix.replay import ADDRESS, ASKED, REPLAYED, replaying
from seoaudit.fix.ruleset import Reply, place
from seoaudit.http.location import read_location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seoaudit.fix.recorded import Recorded
    from seoaudit.fix.servers import Front, Server, Written

PATIENCE_S = 60


class BenchError(Exception):
    """The server did not start with these rules; the text is what it said."""


@dataclass(frozen=True)
class Bench:
    """Where a server works: a folder of its own, its two ports, certificate and key in one file, and the port of the recorded site behind it."""

    folder: Path
    plain: int
    secure: int
    certificate: Path
    behind: int


def find_program(front: Front) -> str | None:
    """The path of the server's program; None where it is not installed."""
    return shutil.which(front.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@contextmanager
def serving(server: Server, written: Written, recorded: Recorded) -> Iterator[Asker]:
    """The server with what was written for it until the block ends; yields what asks it. Raises BenchError where it does not start."""
    assert server.front
    program = find_program(server.front)
    if program is None:
        raise BenchError(f"{server.front.program} is not installed: apt-get install {server.front.package}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seoaudit-fix-")))
        folder.chmod(0o755)  # a server that gives up root must read it
        behind = stack.enter_context(replaying(recorded))
        plain, secure = (stack.enter_context(_reserved()) for _ in range(2))
        bench = Bench(folder, plain, secure, _certificate(folder), behind)
        command = server.front.prepare(bench, written)
        stack.enter_context(_running([program, *command], bench))
        yield stack.enter_context(Asker(bench))


@contextmanager
def _reserved() -> Iterator[int]:
    """A port that nobody is given meanwhile: bound, so that a program that is told of it may listen beside."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((ADDRESS, 0))
        yield held.getsockname()[1]


@contextmanager
def _running(command: Sequence[str], bench: Bench) -> Iterator[None]:
    said = bench.folder / "said.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a server that we looked for by its name, with a configuration of ours
            command, cwd=bench.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + PATIENCE_S
        while not (_answers(bench.plain) and _answers(bench.secure)):
            if process.poll() is not None or time.monotonic() > until:
                raise BenchError(" ".join(said.read_text(errors="replace").split())[:500] or f"{command[0]} ended")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((ADDRESS, port)) == 0


def _certificate(folder: Path) -> Path:
    """A certificate that nobody trusts, and its key: what asks here does not look at it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seoaudit proof")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "proof.pem"
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(*form) + signed.public_bytes(serialization.Encoding.PEM))
    return file


class Asker:
    """Asks the server for URLs under their own names, one connection a scheme. `refused`: what the server itself turned away."""

    def __init__(self, bench: Bench) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._connections = {
            "http": http.client.HTTPConnection(ADDRESS, bench.plain, timeout=PATIENCE_S),
            "https": http.client.HTTPSConnection(ADDRESS, bench.secure, timeout=PATIENCE_S, context=context),
        }
        self.refused: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections.values():
            connection.close()

    def reply(self, url: str) -> Reply | None:
        """What the rules answer, None where the recorded site did; raises OSError or HTTPException."""
        origin, path, query = place(url)
        scheme, _, netloc = origin.partition("://")
        answer = self._ask(scheme, netloc, path + query, url)
        locations = [value.encode("latin-1") for value in answer.headers.get_all("Location", [])]
        replayed = answer.headers.get(REPLAYED)
        if replayed is None and locations and (target := read_location(locations, url).url):
            return Reply(target, answer.status)
        if replayed is None:
            self.refused.append(url)
        return None

    def _ask(self, scheme: str, netloc: str, target: str, url: str) -> http.client.HTTPResponse:
        connection = self._connections[scheme]
        for again in (True, False):
            try:
                connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
                connection.putheader("Host", netloc)
                connection.putheader(ASKED, url)
                connection.endheaders()
                answer = connection.getresponse()
                answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):  # a server ends a connection after many requests
                connection.close()
                if not again:
                    raise
            else:
                return answer
        raise AssertionError("unreachable")
