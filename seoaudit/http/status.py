"""The 3xx status codes: what a browser does with method and body, what a cache may do, what Google Search does; `clients` has the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from seoaudit.records import Mechanism


class StatusFacts(NamedTuple):
    """One status code.

    `redirect`: followed by browsers when a Location is there (WHATWG Fetch, "redirect status"); `post_becomes_get` and
    `other_becomes_get` (methods that are neither POST, GET nor HEAD): HTTP-redirect fetch; `body_resent`: a POST's body
    reaches the target; `heuristically_cacheable`: a cache may keep it unasked (RFC 9110, 15.1). `google` is one sentence
    on Google Search, from the page `source`, as it stood on `date`.
    """

    name: str
    redirect: bool
    permanence: Literal["permanent", "temporary"] | None
    post_becomes_get: bool
    other_becomes_get: bool
    body_resent: bool
    heuristically_cacheable: bool
    google: str
    source: str
    date: str


HEURISTICALLY_CACHEABLE: Final = frozenset({200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501})
"""Statuses that a cache may store without being told to (RFC 9110, 15.1, June 2022)."""

REQUEST_BODY_HEADERS: Final = ("Content-Encoding", "Content-Language", "Content-Location", "Content-Type")
"""WHATWG Fetch, "request-body-header name"; Content-Length is written anew for every request."""

_REDIRECTS = "https://developers.google.com/search/docs/crawling-indexing/301-redirects"
_STATUS_PAGE = "https://developers.google.com/search/docs/crawling-indexing/http-network-errors"
_DATE = "2026-07-08"
_PERMANENT = "Google Search follows it and uses it as a signal that the target should be canonical."
_TEMPORARY = (
    "Google Search follows it but does not use it as a signal that the target should be canonical; "
    "the target may still be indexed when other signals name it."
)
_NOT_FOLLOWED = "Google Search does not document it as a redirect; that it is not followed is inferred from browsers."


def _facts(name: str, permanence: Literal["permanent", "temporary"], *, becomes_get: str) -> StatusFacts:
    return StatusFacts(
        name=name,
        redirect=True,
        permanence=permanence,
        post_becomes_get=becomes_get in ("post", "all"),
        other_becomes_get=becomes_get == "all",
        body_resent=becomes_get == "none",
        heuristically_cacheable=permanence == "permanent",
        google=_PERMANENT if permanence == "permanent" else _TEMPORARY,
        source=_REDIRECTS,
        date=_DATE,
    )


def _not_followed(name: str, *, cacheable: bool = False, google: str = _NOT_FOLLOWED) -> StatusFacts:
    return StatusFacts(
        name=name,
        redirect=False,
        permanence=None,
        post_becomes_get=False,
        other_becomes_get=False,
        body_resent=False,
        heuristically_cacheable=cacheable,
        google=google,
        source=_STATUS_PAGE,
        date=_DATE,
    )


# 200 has no row: it moves nothing by itself, and a refresh on it is judged by its delay.
STATUSES: Final[dict[int, StatusFacts]] = {
    300: _not_followed("Multiple Choices", cacheable=True),
    301: _facts("Moved Permanently", "permanent", becomes_get="post"),
    302: _facts("Found", "temporary", becomes_get="post"),
    303: _facts("See Other", "temporary", becomes_get="all"),
    304: _not_followed(
        "Not Modified",
        google="Google Search takes the content to be the same as last time; it has no effect on indexing by itself.",
    ),
    305: _not_followed("Use Proxy (deprecated)"),
    306: _not_followed("(Unused)"),
    307: _facts("Temporary Redirect", "temporary", becomes_get="none"),
    308: _facts("Permanent Redirect", "permanent", becomes_get="none"),
}
"""The 3xx codes that RFC 9110, 15.4 names; every other 3xx is no redirect to browsers either."""


def permanence_of(
    mechanism: Mechanism | None, status: int | None, refresh_delay: float | None
) -> Literal["permanent", "temporary"] | None:
    """Whether search engines take a redirect as permanent; None where nothing redirects.

    Google Search Central, "Redirects and Google Search" (2026-07-08): 301, 308, a refresh of 0 s by field or meta element,
    and JavaScript are permanent; 302, 303, 307 and a refresh after more than 0 s are temporary.
    """
    if mechanism is None:
        return None
    if mechanism == "location":
        facts = STATUSES.get(status or 0)
        return facts.permanence if facts else None
    if mechanism == "javascript":
        return "permanent"
    return "temporary" if refresh_delay else "permanent"


def method_after(status: int, method: str) -> str:
    """The method of the request that follows a redirect (WHATWG Fetch, HTTP-redirect fetch); unchanged for no redirect."""
    facts = STATUSES.get(status)
    if facts is None or method in ("GET", "HEAD"):
        return method
    becomes_get = facts.post_becomes_get if method == "POST" else facts.other_becomes_get
    return "GET" if becomes_get else method
