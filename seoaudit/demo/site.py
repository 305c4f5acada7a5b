"""The sample site as data: every URL with its answer and the truth about it."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seoaudit.demo import pages
from seoaudit.demo.answers import APEX, APEX_HOST, OLD, PLAIN_WWW, WWW, WWW_HOST, Answer, Section, at, moved, page
from seoaudit.demo.sections import (
    archive,
    caching,
    chains,
    client_side,
    embedded,
    endings,
    faults,
    hosts,
    location,
    loops,
    signals,
    spellings,
    status_codes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

START = f"http://{APEX_HOST}/"

SECTIONS: tuple[Section, ...] = (
    status_codes.SECTION,
    chains.SECTION,
    loops.SECTION,
    endings.SECTION,
    location.SECTION,
    client_side.SECTION,
    hosts.SECTION,
    spellings.SECTION,
    caching.SECTION,
    signals.SECTION,
    embedded.SECTION,
    archive.SECTION,
    faults.SECTION,
)

PRODUCTS = ("lamp", "chair", "desk", "shelf", "rug", "clock")

HSTS = (("Strict-Transport-Security", b"max-age=86400; preload"),)
"""What the shop sends over https: a day is short, and preload asks for more than it keeps. Its apex, which only redirects, forgot it."""

WITHOUT_HSTS = frozenset({"/hosts/without-hsts"})
"""Pages of the shop that do not send it."""

SITEMAP_INDEX = "/sitemaps/index.xml"
_SITEMAP = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES = b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


class Site(NamedTuple):
    """Every URL that has an answer of its own, and what servers say of all the others."""

    answers: dict[str, Answer]

    def answer(self, url: str) -> Answer:
        """The answer to a URL as asked: its own, else by the server's rules for its host."""
        if url in self.answers:
            return self.answers[url]
        for origin, onward in ((f"http://{APEX_HOST}", APEX), (PLAIN_WWW, WWW), (APEX, WWW)):
            if url.startswith(f"{origin}/"):
                return moved(url, 301, onward + url.removeprefix(origin))
        return page(url, status=404)


def build(seed: int = 0) -> Site:
    """The site; another seed lists every page's links and every sitemap's entries in another order."""
    shuffled = random.Random(seed)  # noqa: S311 - an order, not a secret
    sections = shuffled.sample(SECTIONS, len(SECTIONS)) if seed else list(SECTIONS)
    sections = [_shuffled(section, shuffled) if seed else section for section in sections]
    answers = [answer for section in sections for answer in section.answers]
    answers += [page("/", "Every redirect under one roof", content=pages.home(sections))]
    answers += [
        page(section.path, section.title, head=section.head, content=pages.section(section)) for section in sections
    ]
    answers += [
        page("/products/", "Products", content=pages.products(PRODUCTS)),
        moved("/catalogue", 301, "/products/"),
    ]
    answers += [page(f"/products/{name}/", f"The {name}") for name in PRODUCTS]
    answers += [
        _text(
            "/robots.txt",
            f"User-agent: *\nDisallow: /private/\nSitemap: {at('/sitemap.xml')}\nSitemap: {at('/sitemaps/plain.txt')}\n",
        )
    ]
    answers += _sitemaps(shuffled)
    navigation = pages.navigation(sections, PRODUCTS)
    site = {answer.url: _protected(_rendered(answer, navigation)) for answer in answers}
    assert len(site) == len(answers), "a URL is described twice"
    return Site(site)


def _shuffled(section: Section, order: random.Random) -> Section:
    return replace(section, answers=order.sample(section.answers, len(section.answers)))


def _rendered(answer: Answer, navigation: str) -> Answer:
    """The answer with its page made; a redirect, a file and a broken answer stay as they are."""
    if answer.body is not None or answer.raw is not None:
        return answer
    other = answer.with_cookie and _rendered(answer.with_cookie, navigation)
    return replace(answer, body=pages.document(answer, navigation), with_cookie=other)


def _protected(answer: Answer) -> Answer:
    """The answer with the shop's HSTS policy, where it is one of the shop's over https."""
    if not answer.url.startswith(f"https://{WWW_HOST}/") or answer.href in WITHOUT_HSTS:
        return answer
    other = answer.with_cookie and _protected(answer.with_cookie)
    return replace(answer, headers=(*answer.headers, *HSTS), with_cookie=other)


def _text(path: str, text: str) -> Answer:
    return Answer(url=at(path), headers=(("Content-Type", b"text/plain; charset=utf-8"),), body=text.encode())


def _xml(path: str, body: bytes) -> Answer:
    return Answer(url=at(path), headers=(("Content-Type", b"application/xml"),), body=_SITEMAP + body)


def _sitemaps(order: random.Random) -> list[Answer]:
    """An index that names an XML sitemap and a gzip one, and a plain text sitemap; each lists something that redirects."""
    listed = [section.path for section in SECTIONS] + ["/", "/signals/in-sitemap", "/status/301", "/chains/2/1"]
    listed += [f"{PLAIN_WWW}/products/lamp/", f"{OLD}/sale", "/private/report", "/endings/404/end"]
    order.shuffle(listed)
    english = f'<xhtml:link rel="alternate" hreflang="en" href="{at("/signals/in-sitemap-hreflang")}"/>'
    packed = gzip.compress(_SITEMAP + _urlset(["/signals/in-gzip-sitemap", "/products/lamp/"]), mtime=0)
    parts = b"".join(
        b"<sitemap><loc>%s</loc></sitemap>" % at(path).encode()
        for path in ("/sitemaps/pages.xml", "/sitemaps/more.xml.gz")
    )
    return [
        moved("/sitemap.xml", 301, SITEMAP_INDEX),
        _xml(SITEMAP_INDEX, b"<sitemapindex %s>%s</sitemapindex>" % (_NAMESPACES, parts)),
        _xml("/sitemaps/pages.xml", _urlset(listed, english)),
        Answer(url=at("/sitemaps/more.xml.gz"), headers=(("Content-Type", b"application/gzip"),), body=packed),
        _text("/sitemaps/plain.txt", f"{at('/signals/in-text-sitemap')}\n{at('/products/')}\n"),
    ]


def _urlset(paths: Sequence[str] | Iterable[str], markup: str = "") -> bytes:
    entries = "\n".join(f"<url><loc>{at(path)}</loc>{markup if path == '/' else ''}</url>" for path in paths)
    return b"<urlset %s>\n%s\n</urlset>" % (_NAMESPACES, entries.encode())
