"""One answer, or one failure, becomes one row (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.answer import Answer, header_text
from seoaudit.crawl.encoding import decode
from seoaudit.crawl.page import Page, read_page
from seoaudit.http.link_header import parse_link_header
from seoaudit.http.location import read_location
from seoaudit.http.refresh import Refresh, parse_refresh, refresh_url
from seoaudit.http.robots import read_robots
from seoaudit.http.sitemap import read_sitemap
from seoaudit.records import HTML_TYPES, REDIRECT_STATUSES, Mention, Response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.crawl.resolver import Resolver
    from seoaudit.crawl.task import Task

_SITEMAP_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*+<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.DOTALL
)
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_MOST_FIELDS = 1000
"""More fields of one name than this are counted as this."""
_HEADER_COLUMNS = {
    "x_robots_tag": b"X-Robots-Tag",
    "cache_control": b"Cache-Control",
    "expires": b"Expires",
    "age": b"Age",
    "date": b"Date",
    "last_modified": b"Last-Modified",
    "vary": b"Vary",
    "hsts": b"Strict-Transport-Security",
    "allow": b"Allow",
    "content_encoding": b"Content-Encoding",
    "retry_after": b"Retry-After",
    "server": b"Server",
}


def read_row(task: Task, answer: Answer, *, in_scope: bool, resolver: Resolver) -> Response:
    """The row of one URL; a page in scope brings its mentions along, unless the audit asked it of its own accord."""
    location = read_location(answer.values(b"Location"), task.url)
    row = Response(
        url=task.url,
        method=answer.method,
        status=answer.status,
        error=answer.error,
        error_detail=answer.error_detail,
        location=location.raw,
        location_count=min(location.count, _MOST_FIELDS),
        in_scope=in_scope,
        probe=task.probe,
        depth=task.depth,
        hops=task.hops,
        retries=task.retries,
        media_type=_media_type(answer.text(b"Content-Type")),
        body_bytes=answer.body_bytes,
        latency_ms=answer.latency_ms,
        fetched_at=answer.fetched_at,
        protocol=answer.protocol,
        ip_address=answer.ip_address,
        certificate_error=answer.certificate_error,
        set_cookie_names=_cookie_names(answer.values(b"Set-Cookie")),
        hsts_count=min(len(answer.values(b"Strict-Transport-Security")), _MOST_FIELDS),
    )
    for column, name in _HEADER_COLUMNS.items():
        setattr(row, column, answer.text(name))
    # A sitemap that robots.txt names may lie on another host (sitemaps.org, "Sitemaps & Cross Submits").
    page = _read_body(task, answer, row, resolver) if answer.body and (in_scope or task.role == "sitemap") else None
    if in_scope:
        _header_links(answer, row)
    if task.probe is not None:
        row.links = []
    if answer.status is None:
        return row
    if answer.status in REDIRECT_STATUSES and location.count:
        if location.url is not None:
            row.mechanism, row.location_url = "location", location.url
    elif answer.status < 400:
        _client_side(row, answer, page)
    return row


def unread_row(task: Task, answer: Answer, detail: str, *, in_scope: bool) -> Response:
    """The row of an answer of which only the status could be read."""
    return Response(
        url=task.url,
        method=answer.method,
        status=answer.status,
        error=answer.error,
        error_detail=detail,
        in_scope=in_scope,
        probe=task.probe,
        depth=task.depth,
        hops=task.hops,
        retries=task.retries,
        fetched_at=answer.fetched_at,
    )


def _read_body(task: Task, answer: Answer, row: Response, resolver: Resolver) -> Page | None:
    """Take the mentions in; the page, where the body is one. A redirect's body is never shown, and not read."""
    if answer.status in REDIRECT_STATUSES and row.location_count:
        return None
    if task.role == "robots":
        sitemaps = read_robots(answer.status, answer.body, "").sitemaps
        row.links = [Mention(urls.without_fragment(url), "sitemap-file") for url in sitemaps]
        return None
    if task.role == "sitemap":
        if answer.status != 200:
            return None
        _read_sitemap(answer, row, resolver)
    elif (row.media_type or "").endswith("xml") and _SITEMAP_START.match(answer.body[:4096]):
        _read_sitemap(answer, row, resolver)
        return None
    if row.links or not row.in_scope or not is_html(row.media_type, answer.body):
        return None
    text, codec = decode(answer.body, answer.text(b"Content-Type"))
    page = read_page(text, row.url, codec, resolver)
    row.title, row.canonical = page.title, page.canonical
    row.robots_meta = ", ".join(page.robots) or None
    row.links = page.mentions
    return page


def is_html(media_type: str | None, body: bytes) -> bool:
    """Whether a browser would read it as HTML; without a media type the first bytes decide."""
    return media_type in HTML_TYPES or (media_type is None and _HTML_START.search(body, 0, 1024) is not None)


def _read_sitemap(answer: Answer, row: Response, resolver: Resolver) -> None:
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
                row.links.append(
                    Mention(alternate, "hreflang", language, "sitemap", None if href == alternate else href)
                )


def _header_links(answer: Answer, row: Response) -> None:
    """The canonical and hreflang that a `Link` header names (RFC 8288)."""
    values = [header_text(value) for value in answer.values(b"Link")]
    for link in parse_link_header(values) if values else ():
        relations = link.params.get("rel", "").lower().split() if "anchor" not in link.params else ()
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
    """The last of several values counts (WHATWG Fetch, "extract a MIME type")."""
    return (content_type or "").rpartition(",")[2].partition(";")[0].strip().lower() or None


def _cookie_names(values: Sequence[bytes]) -> str | None:
    names = [header_text(value).partition(";")[0].partition("=")[0].strip() for value in values]
    return ", ".join(filter(None, names)) or None
