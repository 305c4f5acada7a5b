"""One HTML document: every URL it mentions, its title, canonical and robots words, and where it sends its reader."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from seoaudit import urls
from seoaudit.http.javascript import script_redirect
from seoaudit.http.refresh import Refresh, parse_refresh
from seoaudit.records import Mention

MAX_TEXT = 300
"""Characters of an anchor text or title that are kept; more is not evidence."""

_SELECTOR = (
    "title,meta[http-equiv],meta[name],link[href],a[href],area[href],iframe[src],frame[src],img,script,source,"
    "video,audio[src],form,button[formaction],input[formaction]"
)
_SOURCES = {"iframe": "iframe", "frame": "frame", "script": "script", "audio": "video", "img": "img", "source": "source", "video": "video"}
_RELS = {"canonical": "canonical", "next": "next", "prev": "prev", "previous": "prev", "amphtml": "amphtml", "stylesheet": "stylesheet",
         "icon": "icon", "apple-touch-icon": "icon", "preload": "preload", "modulepreload": "preload"}  # fmt: skip
_SRCSET = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)")
_SPACE = re.compile(r"\s+")
_ROBOTS_NAMES = ("robots", "googlebot", "bingbot")


@dataclass(slots=True)
class Page:
    """What one document says."""

    title: str | None = None
    canonical: str | None = None
    robots: list[str] = field(default_factory=list)
    refresh: Refresh | None = None
    noscript_refresh: Refresh | None = None
    javascript: str | None = None
    base: str = ""
    mentions: list[Mention] = field(default_factory=list)


class Resolver:
    """Resolves hrefs; most repeat on every page of a site, so an answer is kept for its directory or origin."""

    def __init__(self) -> None:
        self._memo: dict[tuple[str, str], str | None] = {}

    def resolve(self, href: str, base: str) -> str | None:
        """The absolute http(s) URL without fragment; None for another scheme or text that is no URL."""
        if not href or href[0] in "?#":
            return _absolute(href, base)
        key = (base.rpartition("/")[0] if "?" not in base else base, href)
        if key in self._memo:
            return self._memo[key]
        if len(self._memo) > 200_000:
            self._memo.clear()
        self._memo[key] = found = _absolute(href, base)
        return found


def _absolute(href: str, base: str) -> str | None:
    url = urls.parse(href, base)
    if url is None or not urls.is_web(url):
        return None
    return url.partition("#")[0]


def decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    """The document's text and the name of its encoding: byte order mark, header, declaration, else UTF-8; bad bytes become U+FFFD."""
    bom_encoding, bom = read_bom(body)
    encoding = bom_encoding or http_content_type_encoding(content_type) or html_body_declared_encoding(body) or "utf-8"
    codec = resolve_encoding(encoding) or "utf-8"
    try:
        return body[len(bom) if bom else 0 :].decode(codec, "replace"), codec
    except (LookupError, ValueError):  # a codec that is no text encoding
        return body.decode("utf-8", "replace"), "utf-8"


class _Reader:
    """Walks one document; the state is what earlier elements said (the base URL, the page so far)."""

    def __init__(self, url: str, base: str, encoding: str, resolver: Resolver) -> None:
        self.page = Page(base=base)
        self._url = url
        self._legacy = None if encoding in ("utf-8", "ascii") else encoding
        self._resolver = resolver

    def add(self, href: str | None, element: str, text: str | None = None, rel: str | None = None) -> None:
        if href is None:
            return
        if self._legacy and not href.isascii():
            href = _legacy_query(href, self._legacy)
        target = self._resolver.resolve(href, self.page.base)
        if target is not None:
            self.page.mentions.append(Mention(target, element, text, rel, None if href == target else href))

    def visit(self, node: Any) -> None:
        """Read one element."""
        tag: str = node.tag
        attributes: dict[str, str | None] = node.attributes
        if tag in ("a", "area"):
            self._anchor(node, tag, attributes)
        elif tag == "link":
            self._link(attributes)
        elif tag in _SOURCES:
            self._source(node, tag, attributes)
        elif tag == "meta":
            self._meta(node, attributes)
        elif tag == "title":
            if self.page.title is None and node.parent is not None and node.parent.tag == "head":
                self.page.title = _text(node.text())
        elif tag == "form":
            self._form(attributes)
        else:
            self._submit(node, attributes)

    def _anchor(self, node: Any, tag: str, attributes: dict[str, str | None]) -> None:
        href = (attributes.get("href") or "").strip()
        if href.startswith("#"):  # a place on the same page
            return
        text = _text(node.text()) or _text(attributes.get("aria-label") or attributes.get("alt") or "") or _image_text(node)
        self.add(href, tag, text, attributes.get("rel"))

    def _link(self, attributes: dict[str, str | None]) -> None:
        rel = (attributes.get("rel") or "").lower()
        words = rel.split()
        href = attributes.get("href")
        if "alternate" in words and "stylesheet" not in words:
            if language := attributes.get("hreflang"):
                self.add(href, "hreflang", language, rel)
            return
        for word in words:
            if element := _RELS.get(word):
                self.add(href, element, None, rel)
                if element == "canonical" and self.page.canonical is None and href:
                    self.page.canonical = self._resolver.resolve(href, self.page.base)
                return

    def _source(self, node: Any, tag: str, attributes: dict[str, str | None]) -> None:
        element = _SOURCES[tag]
        text = _text(attributes.get("alt") or "") if tag == "img" else None
        self.add(attributes.get("src") or None, element, text)
        if tag == "video":
            self.add(attributes.get("poster") or None, "img")
        for match in _SRCSET.finditer(attributes.get("srcset") or ""):
            self.add(match[1], element, text)
        if tag == "script" and "src" not in attributes and self.page.javascript is None and _is_classic(attributes):
            self.page.javascript = script_redirect(node.text())

    def _meta(self, node: Any, attributes: dict[str, str | None]) -> None:
        content = attributes.get("content") or ""
        name = (attributes.get("name") or "").strip().lower()
        if name in _ROBOTS_NAMES and content:
            self.page.robots.append(content.strip() if name == "robots" else f"{name}: {content.strip()}")
        if (attributes.get("http-equiv") or "").strip().lower() != "refresh":
            return
        refresh = parse_refresh(content)
        if refresh is None:
            return
        if _in_noscript(node):
            self.page.noscript_refresh = self.page.noscript_refresh or refresh
        else:
            self.page.refresh = self.page.refresh or refresh

    def _form(self, attributes: dict[str, str | None]) -> None:
        method = (attributes.get("method") or "get").strip().lower()
        if method != "dialog":
            self.add(attributes.get("action") or self._url, "form-post" if method == "post" else "form-get")

    def _submit(self, node: Any, attributes: dict[str, str | None]) -> None:
        method = (attributes.get("formmethod") or _form_method(node)).strip().lower()
        if method != "dialog":
            text = _text(node.text()) or attributes.get("value")
            self.add(attributes.get("formaction") or self._url, "form-post" if method == "post" else "form-get", text)


def read_page(text: str, url: str, encoding: str, resolver: Resolver) -> Page:
    """Everything one document says, in document order; never raises for what a site wrote."""
    tree = LexborHTMLParser(text)
    reader = _Reader(url, _base_url(tree, url), encoding, resolver)
    for node in tree.css(_SELECTOR):
        reader.visit(node)
    return reader.page


def _base_url(tree: LexborHTMLParser, url: str) -> str:
    """The document base URL (HTML, 2.4.3): the first `base` with an href counts for the whole document."""
    element = tree.css_first("base[href]")
    base = urls.parse(element.attributes.get("href") or "", url) if element is not None else None
    return base if base is not None and urls.is_web(base) else url


def _text(text: str | None) -> str | None:
    cleaned = _SPACE.sub(" ", text or "").strip()
    return cleaned[:MAX_TEXT] or None


def _image_text(node: Any) -> str | None:
    image = node.css_first("img[alt]")
    return _text(image.attributes.get("alt")) if image is not None else None


def _in_noscript(node: Any) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == "noscript":
            return True
        parent = parent.parent
    return False


def _form_method(node: Any) -> str:
    """The method of the form that owns a submit button; `form=` ids are rare enough to count as get."""
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return parent.attributes.get("method") or "get"
        parent = parent.parent
    return "get"


def _is_classic(attributes: dict[str, str | None]) -> bool:
    """Whether the browser runs it at once (HTML, "prepare the script element")."""
    kind = (attributes.get("type") or "").strip().lower()
    return kind in ("", "text/javascript", "application/javascript", "module")


def _legacy_query(href: str, encoding: str) -> str:
    """A query's non-ASCII characters in the document's own encoding (WHATWG URL, query state)."""
    path, mark, query = href.partition("?")
    if not mark:
        return href
    return path + mark + "".join(c if c.isascii() else quote(c.encode(encoding, "xmlcharrefreplace")) for c in query)
