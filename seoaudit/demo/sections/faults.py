"""Answers that are broken on purpose: an audit makes a row of each and goes on."""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

from seoaudit.demo.answers import WWW, Answer, Section, Truth, at

if TYPE_CHECKING:
    from seoaudit.records import FetchError

TARGET = f"{WWW}/products/clock/"
MEBIBYTE = 2**20


@cache
def gzip_bomb() -> bytes:
    """64 MiB of zeros, packed a thousandfold."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([packer.compress(bytes(MEBIBYTE)) for _ in range(64)] + [packer.flush()])


def _redirect(name: str, title: str, raw: bytes) -> Answer:
    """A redirect that is understood in spite of its fault."""
    truth = Truth(mechanism="location", location_url=TARGET, hops=1, outcome="ok", permanence="permanent")
    return Answer(url=at(f"/faults/{name}"), title=title, status=301, raw=raw, truth=truth)


def _broken(name: str, title: str, raw: bytes, error: FetchError, *, stalls: bool = False) -> Answer:
    """An answer that cannot be read to its end."""
    return Answer(url=at(f"/faults/{name}"), title=title, raw=raw, stalls=stalls, truth=Truth(error=error))


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_MOVED = b"HTTP/1.1 301 Moved Permanently\r\nLocation: " + TARGET.encode() + b"\r\n"

SECTION = Section(
    path="/faults/",
    title="Broken answers",
    intro="Servers fail in the middle of a sentence. No audit may stop at that.",
    answers=(
        _redirect("no-colon", "A header line without a colon", _MOVED + b"X-Broken\r\nContent-Length: 0\r\n\r\n"),
        _redirect(
            "no-reason", "A status line without words", b"HTTP/1.1 301\r\n" + _MOVED.partition(b"\r\n")[2] + b"\r\n"
        ),
        _redirect("bare-line-feeds", "Line feeds without carriage returns", _MOVED.replace(b"\r\n", b"\n") + b"\n"),
        _redirect(
            "not-gzip",
            "A redirect that says gzip and is not",
            _MOVED + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nMoved\n",
        ),
        _redirect("short-redirect", "A redirect with a shortened body", _MOVED + b"Content-Length: 999\r\n\r\nMoved\n"),
        _broken("empty", "No answer at all", b"", "reset"),
        _broken("not-http", "Another protocol", b"SSH-2.0-OpenSSH_9.2\r\n", "malformed"),
        _broken("short-body", "A page cut short", _OK + b"Content-Length: 9999\r\n\r\n<p>And then", "reset"),
        _broken(
            "chunk-garbage",
            "Garbage where a chunk should begin",
            _OK + b"Transfer-Encoding: chunked\r\n\r\nzebra\r\n",
            "malformed",
        ),
        _broken(
            "stalls",
            "A page that stops in the middle",
            _OK + b"Content-Length: 9999\r\n\r\n<p>And then",
            "timeout",
            stalls=True,
        ),
        Answer(
            url=at("/faults/gzip-bomb"),
            title="64 MiB packed into 64 KiB",
            headers=(("Content-Type", b"text/html"), ("Content-Encoding", b"gzip")),
            body=gzip_bomb,
            truth=Truth(error="too-large"),
        ),
        Answer(
            url=at("/faults/huge"),
            title="A page of 50 MiB",
            headers=(("Content-Type", b"text/html"),),
            body=b"<p>more</p>\n".ljust(MEBIBYTE // 16, b" "),
            repeat=50 * 16,
            truth=Truth(error="too-large"),
        ),
    ),
)
