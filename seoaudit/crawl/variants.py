"""In which other ways a URL is asked once more, and what becomes of the answer (pure)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from seoaudit import urls
from seoaudit.store.journal import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.records import Response, VariantKind

GOOGLEBOT = (
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)
"""Googlebot Smartphone (Google Search Central, "Google's common crawlers"; the version follows Chrome's)."""

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
)
"""Chrome on a desktop computer, with the reduced user agent that it sends (Chromium, "User-Agent Reduction")."""

MARKER = "seoaudit-redirect-marker"
"""A path that no site has: a redirect that leads there took it from the URL."""

Headers = tuple[tuple[str, str], ...]

_VISITORS: dict[VariantKind, Headers] = {
    "googlebot": (("User-Agent", GOOGLEBOT),),
    "browser": (("User-Agent", BROWSER),),
    "language-de": (("Accept-Language", "de"),),
    "language-fr": (("Accept-Language", "fr"),),
    "language-ja": (("Accept-Language", "ja"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One URL to be asked in another way; `of` is the one that it is held against."""

    of: str
    variant: VariantKind
    url: str
    method: str = "GET"
    headers: Headers = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return (self.of, self.variant, self.url)

    def record(self, row: Response) -> Variant:
        """Its answer, of which `row` was read."""
        return Variant(
            of=self.of,
            variant=self.variant,
            url=self.url,
            method=self.method,
            status=row.status,
            error=row.error,
            location=row.location,
            location_url=row.location_url,
            allow=row.allow,
            vary=row.vary,
            cache_control=row.cache_control,
            set_cookie_names=row.set_cookie_names,
            media_type=row.media_type,
            body_bytes=row.body_bytes,
            asked_at=row.fetched_at or time.time(),
        )


def options(url: str) -> Variation:
    """To hear which methods are allowed."""
    return Variation(of=url, variant="options", url=url, method="OPTIONS")


def post(url: str) -> Variation:
    """A form sent without any field."""
    return Variation(of=url, variant="post", url=url, method="POST")


def visitors(url: str) -> Iterator[Variation]:
    """As other clients and in other languages."""
    for variant, headers in _VISITORS.items():
        yield Variation(of=url, variant=variant, url=url, headers=headers)


def markers(url: str, target: str) -> Iterator[Variation]:
    """The URL with each parameter that its redirect's target repeats replaced by an address of the same site."""
    address, _, query = url.partition("?")
    fields = query.split("&")
    marker = f"{urls.origin(url)}/{MARKER}"
    for place, given in enumerate(fields):
        name, equals, value = given.partition("=")
        if equals and _leads_to(unquote_plus(value), url, target):
            changed = [*fields[:place], f"{name}={_escaped(marker)}", *fields[place + 1 :]]
            yield Variation(of=url, variant="marker", url=f"{address}?{'&'.join(changed)}")


def _leads_to(value: str, url: str, target: str) -> bool:
    """Whether a parameter's value looks like a URL, and the target is that URL or holds it."""
    if not value.startswith(("http:", "https:", "/", "\\")) or len(value) < 2:
        return False
    meant = urls.parse(value, url)
    return (meant is not None and urls.without_fragment(meant) == target) or value in unquote_plus(target)


def _escaped(url: str) -> str:
    return url.replace("%", "%25").replace(":", "%3A").replace("/", "%2F").replace("&", "%26")
