"""One answer, or one failure, becomes one row (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.page import Page, Resolver, decode, read_page
from seoaudit.http.link_header import parse_link_header
from seoaudit.http.location import read_location
from seoaudit.http.refresh import Refresh, parse_refresh, refresh_url
from seoaudit.http.robots import read_robots
from seoaudit.http.sitemap import read_sitemap
from seoaudit.records import REDIRECT_STATUSES, FetchError, Mention, Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seoaudit.crawl.frontier import Task

_HTML = ("text/html", "application/xhtml+xml")
_XML_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.DOTALL)
_HEADER_COLUMNS = {
    "x_robots_tag": b"X-Robots-Tag",
    "cache_control": b"Cache-Control",
    "expires": b"Expires",
    "age": b"Age",
    "date": b"Date",
    "last_modified": b"Last-Modified",
    "vary": b"Vary",
    "hsts": b"Strict-Transport-Security",
    "content_encoding": b"Content-Encoding",
    "retry_after": b"Retry-After",
    "server": b"Server",
}


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the client got: the first status and headers, the decoded body, and a fault that came after them."""

    status: int | None = None
    headers: Mapping[bytes, Sequence[bytes]] = field(default_factory=dict)
    body: bytes = b""
    body_bytes: int | None = None
    error: FetchError | None = None
    error_detail: str | None = None
    latency_ms: float | None = None
    protocol: str | None = None
    ip_address: str | None = None
    certificate_error: str | None = None
    fetched_at: float | None = None
    method: str = "GET"

    def values(self, name: bytes) -> Sequence[bytes]:
        """Every field line of this name."""
        return self.headers.get(name, ())

    def text(self, name: bytes) -> str | None:
        """The field lines joined as RFC 9110, 5.3 allows; None where there is none."""
        values = self.values(name)
        return ", ".join(header_text(value) for value in values) if values else None


def header_text(value: bytes) -> str:
    """A field value as text: UTF-8, else latin-1, so that no byte is lost."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def read_row(task: Task, answer: Answer, *, in_scope: bool, resolver: Resolver) -> Response:
    """The row of one URL; a page in scope brings its mentions along."""
    location = read_location(answer.values(b"Location"), task.url)
    row = Response(
        url=task.url,
        method=answer.method,
        status=answer.status,
        error=answer.error,
        error_detail=answer.error_detail,
        location=location.raw,
        location_count=location.count,
        in_scope=in_scope,
        depth=task.depth,
        hops=task.hops,
        media_type=_media_type(answer.text(b"Content-Type")),
        body_bytes=answer.body_bytes,
        latency_ms=answer.latency_ms,
        fetched_at=answer.fetched_at,
        protocol=answer.protocol,
        ip_address=answer.ip_address,
        certificate_error=answer.certificate_error,
        set_cookie_names=_cookie_names(answer.values(b"Set-Cookie")),
        **{column: answer.text(name) for column, name in _HEADER_COLUMNS.items()},
    )
    page = _read_body(task, answer, row, resolver) if in_scope and answer.body else None
    _header_links(answer, row)
    if answer.status is None:
        return row
    if answer.status in REDIRECT_STATUSES and location.count:
        if location.url is not None:
            row.mechanism, row.location_url = "location", location.url
    elif answer.status < 400:
        _client_side(row, answer, page)
    return row


def _read_body(task: Task, answer: Answer, row: Response, resolver: Resolver) -> Page | None:
    if answer.status is not None and 300 <= answer.status < 400:
        return None
    if task.role == "robots":
        sitemaps = read_robots(answer.status, answer.body, "").sitemaps
        row.links = [Mention(urls.without_fragment(url), "sitemap-file") for url in sitemaps]
        return None
    if task.role == "sitemap" or (row.media_type or "").endswith("xml") and _XML_START.match(answer.body[:4096]):
        _read_sitemap(answer, row, resolver)
        return None
    if row.media_type not in _HTML and not (row.media_type is None and b"<html" in answer.body[:1024].lower()):
        return None
    text, encoding = decode(answer.body, answer.text(b"Content-Type"))
    page = read_page(text, row.url, encoding, resolver)
    row.title, row.canonical = page.title, page.canonical
    row.robots_meta = ", ".join(page.robots) or None
    row.links = page.mentions
    return page


def _read_sitemap(answer: Answer, row: Response, resolver: Resolver) -> None:
    if answer.status != 200:
        return
    sitemap = read_sitemap(answer.body)
    element = "sitemap-file" if sitemap.kind == "index" else "sitemap"
    if sitemap.error:
        row.error_detail = f"sitemap: {sitemap.error}"
    for entry in sitemap.entries:
        target = resolver.resolve(entry.url, row.url)
        if target is not None:
            row.links.append(Mention(target, element, None, None, None if entry.url == target else entry.url))
        for language, href in entry.alternates:
            alternate = resolver.resolve(href, row.url)
            if alternate is not None:
                row.links.append(Mention(alternate, "hreflang", language, "sitemap", None if href == alternate else href))


def _header_links(answer: Answer, row: Response) -> None:
    """The canonical and hreflang that a `Link` header names (RFC 8288)."""
    values = [header_text(value) for value in answer.values(b"Link")]
    for link in parse_link_header(values) if values else ():
        relations = link.params.get("rel", "").lower().split()
        target = urls.parse(link.target, row.url)
        if target is None or not urls.is_web(target):
            continue
        target = urls.without_fragment(target)
        href = None if link.target == target else link.target
        if "canonical" in relations:
            row.canonical = row.canonical or target
            row.links.append(Mention(target, "canonical", None, "header", href))
        elif "alternate" in relations and (language := link.params.get("hreflang")):
            row.links.append(Mention(target, "hreflang", language, "header", href))


def _client_side(row: Response, answer: Answer, page: Page | None) -> None:
    """Refresh header, then meta refresh, then an inline script: the first that leads anywhere is the mechanism."""
    header = answer.values(b"Refresh")
    refresh = parse_refresh(header_text(header[0])) if header else None
    if refresh is not None:
        _refresh(row, "refresh-header", refresh, row.url)
    if page is None:
        return
    if page.noscript_refresh is not None:
        row.noscript_refresh_url = refresh_url(page.noscript_refresh, page.base)
    if row.mechanism is None and page.refresh is not None:
        _refresh(row, "meta-refresh", page.refresh, page.base)
    if row.mechanism is None and page.javascript is not None:
        target = urls.parse(page.javascript, page.base)
        if target is not None and urls.is_web(target) and urls.without_fragment(target) != row.url:
            row.mechanism, row.location, row.location_url = "javascript", page.javascript, target


def _refresh(row: Response, mechanism: str, refresh: Refresh, base: str) -> None:
    target = refresh_url(refresh, base) or (row.url if refresh.url is None else None)
    if target is None:
        return
    row.mechanism = "refresh-header" if mechanism == "refresh-header" else "meta-refresh"
    row.location, row.location_url, row.refresh_delay = refresh.url, target, refresh.delay


def _media_type(content_type: str | None) -> str | None:
    return (content_type or "").partition(";")[0].strip().lower() or None


def _cookie_names(values: Sequence[bytes]) -> str | None:
    names = [header_text(value).partition("=")[0].strip() for value in values]
    return ", ".join(names) or None
