"""The recorded site on loopback: each known URL answers as it did in the run, without its body."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.fix.recorded import Recorded

ADDRESS = "127.0.0.1"

ASKED = "X-Seoaudit-Url"
"""The request field that names the URL: a server in front may write the path in another way before it asks here."""

REPLAYED = "X-Seoaudit-Replay"
"""The response field that tells an answer of the recorded site from one of the server in front of it."""


@contextmanager
def replaying(recorded: Recorded) -> Iterator[int]:
    """Serve the recorded site until the block ends; yields its port. Listens on 127.0.0.1 and nowhere else."""
    with _Replay((ADDRESS, 0), _Answer) as server:
        server.recorded = recorded
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="replay")
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class _Replay(ThreadingHTTPServer):
    recorded: Recorded
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False  # a front that keeps its connections open is not waited for


class _Answer(BaseHTTPRequestHandler):
    server: _Replay
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        told = self.server.recorded.answers.get(self.headers.get(ASKED, ""))
        status = 404 if told is None else told.status or 502
        self.send_response(status)
        self.send_header(REPLAYED, "1")
        if told and told.target:
            by_location = told.mechanism == "location"
            self.send_header(*(("Location", told.target) if by_location else ("Refresh", f"0;url={told.target}")))
        if status not in (204, 304):
            self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: a proof is no access log."""
