"""Where an answer sends a reader by itself: Refresh field, meta refresh, and what its inline scripts seem to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from seoaudit import urls
from seoaudit.http.refresh import Refresh, parse_refresh, refresh_url

if TYPE_CHECKING:
    from seoaudit.crawl.page import Page
    from seoaudit.crawl.single import Answered


class Lead(NamedTuple):
    """Where a page leads: by which mechanism, to which URL, as written, after how many seconds."""

    mechanism: Literal["refresh-header", "meta-refresh", "javascript"]
    url: str
    raw: str
    delay: float | None = None


def lead_of(answered: Answered, url: str) -> Lead | None:
    """The Refresh field, then a meta refresh, then an inline script; None where the page stays, or reloads itself."""
    url = urls.without_fragment(url)
    fields = answered.values("Refresh")
    refresh = parse_refresh(fields[0].decode("latin-1")) if fields else None
    lead = _refresh("refresh-header", refresh, url)
    page = _page(answered, url) if lead is None else None
    if page is None:
        return lead
    return _refresh("meta-refresh", page.refresh, page.base) or _script(page, url)


def _refresh(mechanism: Literal["refresh-header", "meta-refresh"], refresh: Refresh | None, base: str) -> Lead | None:
    target = refresh_url(refresh, base) if refresh is not None else None
    if refresh is None or target is None:
        return None
    return Lead(mechanism, target, refresh.url or "", refresh.delay)


def _script(page: Page, url: str) -> Lead | None:
    target = urls.parse(page.javascript, page.base) if page.javascript is not None else None
    if target is None or not urls.is_web(target) or urls.without_fragment(target) == url:
        return None
    return Lead("javascript", target, page.javascript or "")


def _page(answered: Answered, url: str) -> Page | None:
    from seoaudit.crawl.encoding import decode  # noqa: PLC0415 - most traces meet no page, and the parsers load slowly
    from seoaudit.crawl.page import read_page  # noqa: PLC0415
    from seoaudit.crawl.resolver import Resolver  # noqa: PLC0415

    content_type = answered.text("Content-Type")
    media_type = (content_type or "text/html").rpartition(",")[2].partition(";")[0].strip().lower()
    if not answered.body or media_type not in ("text/html", "application/xhtml+xml"):
        return None
    text, codec = decode(answered.body, content_type)
    return read_page(text, url, codec, Resolver())
