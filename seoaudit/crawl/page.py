"""One HTML document: every URL it mentions, its title, canonical and robots words, and where it sends its reader."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from seoaudit import urls
from seoaudit.crawl.encoding import encode_query, is_unicode
from seoaudit.crawl.forms import FORM_PARTS, Form, Forms, is_submission, method_of, parts_in_template
from seoaudit.crawl.nesting import MAX_DEPTH, simplify
from seoaudit.http.javascript import script_redirect
from seoaudit.http.refresh import Refresh, parse_refresh
from seoaudit.records import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seoaudit.crawl.resolver import Resolver

MAX_TEXT = 300
"""Characters of an anchor text or title that are kept; more is not evidence."""

MAX_ACTION = 300
"""Characters of a form's action that is no web address; a script may be long."""

_MAX_NODES = 200
"""Nodes of an anchor that are read for its text: anchors can be made to nest, and each would read all those inside it."""

# Every element matches one of these only, because lexbor would hand it over once for each.
_SELECTOR = (
    "title,meta,link[href],a[href],area[href],iframe[src],frame[src],img,script,source,"
    f"video,audio[src],template,{FORM_PARTS}"
)
_SOURCES = {
    "iframe": "iframe",
    "frame": "frame",
    "script": "script",
    "audio": "video",
    "img": "img",
    "source": "source",
    "video": "video",
}
_RELS = {
    "canonical": "canonical",
    "next": "next",
    "prev": "prev",
    "previous": "prev",
    "amphtml": "amphtml",
    "stylesheet": "stylesheet",
    "icon": "icon",
    "apple-touch-icon": "icon",
    "preload": "preload",
    "modulepreload": "preload",
}
_SRCSET = re.compile(r"[\s,]*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[^,]*)?(?:,|$)", re.ASCII)
_ROBOTS_NAMES = ("robots", "googlebot", "bingbot")
_JAVASCRIPT_TYPES = frozenset(
    """
    module application/ecmascript application/javascript application/x-ecmascript application/x-javascript text/ecmascript
    text/javascript text/jscript text/livescript text/x-ecmascript text/x-javascript
    """.split()  # noqa: SIM905 - words read best so
)
_URL_SPACE = "".join(map(chr, range(0x21)))
"""What the URL parser strips (WHATWG URL, "C0 control or space")."""


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


class _Reader:
    """Walks one document; the state is what earlier elements said."""

    def __init__(self, tree: LexborHTMLParser, url: str, codec: str, resolver: Resolver) -> None:
        self._url = url
        self._legacy = None if is_unicode(codec) else codec
        self._resolver = resolver
        self._parts: list[Any] = []
        self._places: list[tuple[int, Any]] = []
        self.page = Page(base=_base_url(tree, url))
        self._resolved: Mapping[str, str | None] = {} if self._legacy else resolver.resolved(self.page.base)

    def add(self, href: str | None, element: str, text: str | None = None, rel: str | None = None) -> None:
        """Take one mention in, where its target is on the web."""
        if href is None:
            return
        target = self._resolve(href)
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
        elif tag == "template":
            self._template(node, attributes)
        else:
            self._parts.append(node)
            if is_submission(node):
                self._places.append((len(self.page.mentions), node))

    def _resolve(self, href: str) -> str | None:
        if self._legacy and not href.isascii():
            href = encode_query(href, self._legacy)
        return self._resolver.resolve(href, self.page.base)

    def _anchor(self, node: Any, tag: str, attributes: dict[str, str | None]) -> None:
        href = (attributes.get("href") or "").strip(_URL_SPACE)
        if href.startswith("#") and self.page.base == self._url:  # a place on the same page
            return
        target = self._resolved[href] if href in self._resolved else self._resolve(href)  # nearly always there
        if target is None:
            return
        child = node.first_child
        text: str | None
        image_text = None
        if child is not None and child.is_text_node and child.next is None:  # nearly always
            text = " ".join(child.text_content.split())[:MAX_TEXT]
        else:
            text, image_text = _inner_texts(node)
        label = text or _text(attributes.get("aria-label") or attributes.get("alt")) or image_text
        self.page.mentions.append(Mention(target, tag, label, attributes.get("rel"), None if href == target else href))

    def _link(self, attributes: dict[str, str | None]) -> None:
        rel = (attributes.get("rel") or "").lower()
        words = rel.split()
        href = attributes.get("href")
        if not href:  # by the standard no link at all
            return
        if "alternate" in words and "stylesheet" not in words:
            if language := attributes.get("hreflang"):
                self.add(href, "hreflang", language, rel)
            return
        for word in words:
            if element := _RELS.get(word):
                self.add(href, element, None, rel)
                if element == "canonical" and self.page.canonical is None:
                    self.page.canonical = self._resolve(href)
                return

    def _source(self, node: Any, tag: str, attributes: dict[str, str | None]) -> None:
        element = _SOURCES[tag]
        text = _text(attributes.get("alt")) if tag == "img" else None
        self.add(attributes.get("src") or None, element, text)
        if tag == "video":
            self.add(attributes.get("poster") or None, "img")
        # Commas at the end would be looked at again from each of them.
        for match in _SRCSET.finditer((attributes.get("srcset") or "").rstrip(", \t\n\f\r")):
            self.add(match[1], element, text)
        if tag == "script" and "src" not in attributes and self.page.javascript is None and _is_run(attributes):
            target = script_redirect(node.text())
            self.page.javascript = None if target is None or _in_noscript(node) else target

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

    def _template(self, node: Any, attributes: dict[str, str | None]) -> None:
        """Its forms are inert, but for those of a shadow root."""
        words = [] if "shadowrootmode" in attributes else ["template"]
        parts = parts_in_template(node)
        forms = Forms(parts)
        for part in filter(is_submission, parts):
            self._submission(forms, part, words)

    def finish(self) -> None:
        """Put the mentions of forms in their places: which fields belong to which is known only at the end of the document."""
        if not self._places:
            return
        before = self.page.mentions
        self.page.mentions = []
        forms = Forms(self._parts)
        done = 0
        for place, node in self._places:
            self.page.mentions += before[done:place]
            done = place
            self._submission(forms, node, [])
        self.page.mentions += before[done:]

    def _submission(self, forms: Forms, node: Any, words: list[str]) -> None:
        """Where a form's data goes, by the form itself or by a button with an action of its own."""
        attributes: dict[str, str | None] = node.attributes
        if node.tag == "form":
            form = forms.of(node)
            self._send(attributes.get("action"), attributes.get("method"), form, _text(form.label), words)
            return
        form = forms.owner(node) or Form()
        method = attributes.get("formmethod") or form.attributes.get("method")
        text = _inner_texts(node)[0] or _text(attributes.get("value"))
        self._send(attributes.get("formaction"), method, form, text, ["formaction", *words])

    def _send(self, action: str | None, method: str | None, form: Form, text: str | None, words: list[str]) -> None:
        """No action is the document itself (HTML, 4.10.22.3, steps 12 and 13); one that is no web address is kept as it is."""
        sent, unknown = method_of(method)
        if sent == "dialog":
            return
        element = "form-post" if sent == "post" else "form-get"
        rel = " ".join([*form.words, *words, *unknown]) or None
        action = (action or "").strip(_URL_SPACE)
        if not action:
            self.page.mentions.append(Mention(self._url, element, text, rel))
        elif self._resolve(action) is not None:
            self.add(action, element, text, rel)
        elif (target := urls.parse(action, self.page.base)) is not None and not urls.is_web(target):
            target, action = target[:MAX_ACTION], action[:MAX_ACTION]
            self.page.mentions.append(Mention(target, element, text, rel, None if action == target else action))


def read_page(text: str, url: str, codec: str, resolver: Resolver) -> Page:
    """Everything one document says, in document order; never raises for what a site wrote."""
    tree = LexborHTMLParser(simplify(text))
    reader = _Reader(tree, url, codec, resolver)
    for node in tree.css(_SELECTOR):
        reader.visit(node)
    reader.finish()
    return reader.page


def _base_url(tree: LexborHTMLParser, url: str) -> str:
    """The document base URL (HTML, 2.4.3): the first `base` with an href counts for the whole document."""
    element = tree.css_first("base[href]")
    base = urls.parse(element.attributes.get("href") or "", url) if element is not None else None
    return base if base is not None and urls.is_web(base) else url


def _text(text: str | None) -> str | None:
    return " ".join((text or "").split())[:MAX_TEXT] or None


def _inner_texts(node: Any) -> tuple[str | None, str | None]:
    """The text inside an element, and the alternative text of its first image that has one."""
    child = node.first_child
    if child is None:
        return None, None
    parts: list[str] = []
    image_text = None
    for inner in _nodes_inside(child):
        if inner.is_text_node:
            parts.append(inner.text_content)
        elif inner.tag == "img" and image_text is None:
            image_text = _text(inner.attributes.get("alt"))
    return _text("".join(parts)), image_text


def _nodes_inside(first: Any) -> Iterator[Any]:
    """A node, its followers, and what is inside them but scripts and styles, in document order."""
    waiting = [first]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        yield node
        if node.next is not None:
            waiting.append(node.next)
        if node.tag not in ("script", "style") and node.first_child is not None:
            waiting.append(node.first_child)


def _ancestors(node: Any) -> Iterator[Any]:
    """The elements around one, the nearest first; as many as a browser would have."""
    parent = node.parent
    for _ in range(2 * MAX_DEPTH):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def _in_noscript(node: Any) -> bool:
    return any(parent.tag == "noscript" for parent in _ancestors(node))


def _is_run(attributes: dict[str, str | None]) -> bool:
    """Whether a browser runs the script (HTML, "prepare the script element")."""
    kind = (attributes.get("type") or "").strip().lower()
    return (not kind or kind in _JAVASCRIPT_TYPES) and "nomodule" not in attributes
