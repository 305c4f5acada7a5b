"""Sitemaps (sitemaps.org): URL sets, indexes, plain text, RSS and Atom, compressed or not, whole or broken."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 50 * 1024 * 1024
"""The largest uncompressed sitemap (sitemaps.org protocol; Google Search Central, "Build and submit a sitemap")."""

MAX_ENTRIES: Final = 50_000
"""The most URLs one sitemap may list (same sources)."""

SitemapKind = Literal["urlset", "index", "text"]
SitemapError = Literal[
    "too-large",  # more than max_bytes once uncompressed
    "compression",  # gzip data that is broken or cut off
    "malformed",  # XML that is not well-formed
    "not-a-sitemap",  # something else: an HTML page, an image, nothing
]


class SitemapEntry(NamedTuple):
    """One URL as written, and its language alternates as pairs of hreflang and href."""

    url: str
    alternates: tuple[tuple[str, str], ...] = ()


class Sitemap(NamedTuple):
    """What was read of one sitemap.

    `kind` is None where it is no sitemap; feeds are `urlset`. `entries` holds the first `max_entries`, `url_count` says how
    many there were, `truncated` that they differ. With an `error` (its place in `detail`) the entries are those before it.
    """

    kind: SitemapKind | None
    entries: list[SitemapEntry]
    url_count: int
    error: SitemapError | None = None
    detail: str | None = None

    @property
    def truncated(self) -> bool:
        """Whether there were more entries than were kept."""
        return self.url_count > len(self.entries)


def read_sitemap(body: bytes, *, max_bytes: int = MAX_BYTES, max_entries: int = MAX_ENTRIES) -> Sitemap:
    """Read a sitemap, sitemap index (its entries are sitemaps), text sitemap, RSS 2.0 or Atom feed; never raises.

    A gzip body is unpacked, at most `max_bytes` of it. URLs are neither resolved nor checked. No entity is ever expanded
    but XML's own five, nothing is fetched.
    """
    text, error = _unpack(body, max_bytes)
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    reader = _Reader(max_entries)
    stop = reader.read(text)
    if error is not None:  # where a cut-off text stops being well-formed says nothing
        return Sitemap(reader.kind, reader.entries, reader.url_count, error)
    if stop is None and reader.kind is None:
        return Sitemap(None, [], 0, "not-a-sitemap")
    return Sitemap(reader.kind, reader.entries, reader.url_count, "malformed" if stop else None, stop)


def _unpack(body: bytes, max_bytes: int) -> tuple[bytes, SitemapError | None]:
    if not body.startswith(b"\x1f\x8b"):
        return body[:max_bytes], "too-large" if len(body) > max_bytes else None
    chunks: list[bytes] = []
    left = max_bytes + 1
    with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
        try:
            while left and (chunk := file.read1(left)):
                chunks.append(chunk)
                left -= len(chunk)
        except (OSError, EOFError, zlib.error):
            return b"".join(chunks), "compression"
    text = b"".join(chunks)
    return text[:max_bytes], None if left else "too-large"


# What encloses a URL: the local names of parent and element; in an image's or video's own <loc> the parent differs.
_URL_ELEMENTS = frozenset({("url", "loc"), ("sitemap", "loc"), ("item", "link"), ("entry", "link")})
_KINDS: Mapping[str, SitemapKind] = {
    "urlset": "urlset",
    "sitemapindex": "index",
    "rss": "urlset",
    "feed": "urlset",
}
_TEXT_URL = re.compile(r"https?://\S+", re.IGNORECASE)


class _ReadingStoppedError(Exception):
    """Raised inside expat's callbacks to leave a document that has nothing for us, or declares entities."""


class _Reader:
    def __init__(self, max_entries: int) -> None:
        self.kind: SitemapKind | None = None
        self.entries: list[SitemapEntry] = []
        self.url_count = 0
        self._max_entries = max_entries
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._url = ""
        self._alternates: list[tuple[str, str]] = []

    def read(self, text: bytes) -> str | None:
        """Read XML or plain text; returns what stopped the reading, None at its proper end."""
        if text.startswith((b"<", b"\xff\xfe<\0", b"\xfe\xff\0<")):
            return self._read_xml(text)
        self._read_text(text)
        return None

    def _read_text(self, text: bytes) -> None:
        encoding = "utf-16" if text.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        for line in text.decode(encoding, "replace").splitlines():
            url = line.strip()
            if _TEXT_URL.fullmatch(url):
                self.kind = "text"
                self._add(url)
            elif url and self.kind is None:  # prose that mentions a URL further down is no sitemap
                return

    def _read_xml(self, text: bytes) -> str | None:
        # expat opens nothing, and a declared entity stops it. Without namespaces: an undeclared prefix costs a search engine the file, but us no URL.
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(text, True)
        except expat.ExpatError as error:
            return str(error) if self.kind else None
        except _ReadingStoppedError as stopped:
            return str(stopped) or None
        except (ValueError, LookupError) as error:  # an encoding that Python does not know, or cannot hand to expat
            return str(error)
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2].lower()
        parent = self._path[-1] if self._path else ""
        if not self._path:
            self.kind = _KINDS.get(element)
            if self.kind is None:
                raise _ReadingStoppedError
        self._path.append(element)
        if (parent, element) in _URL_ELEMENTS:
            self._text = []
            if parent == "entry" and attributes.get("rel", "alternate") == "alternate":
                self._url = self._url or attributes.get("href", "")
        elif (parent, element) == ("url", "link") and "alternate" in attributes.get("rel", "").lower().split():
            self._alternates.append((attributes.get("hreflang", ""), attributes.get("href", "").strip()))

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end(self, _name: str) -> None:
        element = self._path.pop()
        if self._text is not None:
            self._url = self._url or "".join(self._text).strip()
            self._text = None
        if element in ("url", "sitemap", "item", "entry"):
            self._add(self._url, tuple(self._alternates))
            self._url, self._alternates = "", []

    @staticmethod
    def _entity(*_declaration: object) -> None:
        raise _ReadingStoppedError("an entity is declared; a sitemap needs none")

    def _add(self, url: str, alternates: tuple[tuple[str, str], ...] = ()) -> None:
        if not url:
            return
        self.url_count += 1
        if len(self.entries) < self._max_entries:
            self.entries.append(SitemapEntry(url, alternates))
