"""Records of a run that no friendly site makes: odd URLs and texts, impossible numbers, and every nullable column missing."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from seoaudit.records import ERRORS, MECHANISMS, OUTCOMES, Mention, Response
from seoaudit.store.journal import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

URLS = (
    "https://example.com/{url}%7Burl%7D",
    "https://example.com/?a=1?b=2&&",
    "https://example.com/%00%ff",
    "https://example.com/a%0d%0aSet-Cookie:x",
    "https://example.com//a//",
    "https://example.com/;/../",
    "https://example.com/<script>alert(1)</script>",
    "https://example.com/" + "a" * 5000,
    "https://example.com:65535/",
    "https://xn--bcher-kva.example/",
    "http://[::1]:8080/",
    "http://user:pw@example.com/",
    "http://127.0.0.1/",
    "http://a/",
)
TEXTS = (
    "{0}{url}{",
    "=1+1",
    "\x00\x07",
    "\ud800",
    "nan",
    "%s%n",
    "\u202e",
    "x" * 5000,
    "",
    "noindex,none",
    "max-age=-1, max-age=9e99",
    "\n\r",
)
STATUSES = (0, 99, 200, 301, 302, 304, 404, 599, 999)
ELEMENTS = ("a", "img", "canonical", "hreflang", "form-post", "sitemap", "robots-txt", "odd")
TEXT_FIELDS = [field.name for field in dataclasses.fields(Response) if field.type == "str | None"]


def responses() -> Iterator[Response]:
    """Each text column odd in some rows and missing in others; the same URLs again and again, leading to each other."""
    for number, (url, mechanism) in enumerate(itertools.product(URLS, (None, *MECHANISMS))):
        odd: dict[str, Any] = {name: TEXTS[(number + place) % len(TEXTS)] for place, name in enumerate(TEXT_FIELDS)}
        odd |= dict.fromkeys(TEXT_FIELDS[number % 3 :: 3])
        target = URLS[(number * 7 + 3) % len(URLS)]
        odd |= {"location_url": target if mechanism and number % 5 else None, "location_count": number % 3}
        if number % 4:
            odd |= {"status": STATUSES[number % 9], "latency_ms": 1e9, "refresh_delay": 1e9, "fetched_at": 0.0}
        else:
            odd |= {"error": ERRORS[number % len(ERRORS)]}
        links = [Mention(target, element, odd["title"], None, "#") for element in ELEMENTS]
        yield Response(**{**odd, "url": url, "mechanism": mechanism, "in_scope": bool(number % 3)}, links=links)


def bare_responses() -> Iterator[Response]:
    """Rows of which nothing is known but the URL, how it redirects, and where to."""
    for url, mechanism in zip(URLS, itertools.cycle((None, *MECHANISMS)), strict=False):
        yield Response(url=url, mechanism=mechanism, location_url=url if mechanism else None)


def walks() -> Iterator[Walk]:
    """Second walks that ended in every way before they got anywhere."""
    for url, outcome in itertools.product(URLS, OUTCOMES):
        yield Walk(
            requested_url=url,
            url_list=[],
            statuses=[],
            redirect_count=0,
            final_url=url,
            final_status=None,
            error=None,
            outcome=outcome,
            cookie_names=None,
            walked_at=0.0,
        )
