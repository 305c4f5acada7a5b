"""What becomes of one form's request on its way through redirects, read from what the same URLs answer to GET or HEAD."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seoaudit import urls
from seoaudit.classify.entries import LOGIN_URL
from seoaudit.classify.moves import Address, compare, site
from seoaudit.http.status import method_after
from seoaudit.records import MAX_REDIRECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = re.compile(r"(?s)(\w+)://([^/?#]*)([^?#]*)(\??[^#]*)(.*)")
_SPELLING = frozenset({"scheme", "host", "scheme-host", "slash", "case"})


class Answer(NamedTuple):
    """What a URL answered to `method`; `location_url` only where a Location sends on (a page that moves on by itself was reached)."""

    status: int | None
    error: str | None
    location_url: str | None
    method: str = "GET"


@dataclass(kw_only=True)
class Way:
    """The way of one request: its URLs, what each answered, and what happened to the request.

    `method`: with which it ends. `lost_at` and `lost_to`: where the POST became a GET; `lost_by`: the status. `resent_to`: the
    first URL of another site that gets the body. `clear_at`: the first URL that gets the data over plain HTTP. `asked` and `asked_by`: whether the audit asked the end, and by which
    method. `cut`: it does not end (a loop, or too many redirects).
    """

    method: str
    url_list: list[str] = field(default_factory=list)
    statuses: list[int | None] = field(default_factory=list)
    error: str | None = None
    asked: bool = True
    asked_by: str = "GET"
    lost_at: str | None = None
    lost_to: str | None = None
    lost_by: int | None = None
    resent_to: str | None = None
    clear_at: str | None = None
    cut: bool = False

    @property
    def redirects(self) -> int:
        """Redirects on the way."""
        return len(self.url_list) - 1

    @property
    def final_url(self) -> str:
        """Where it ends."""
        return self.url_list[-1]

    @property
    def final_status(self) -> int | None:
        """What the end answered, None where no answer came."""
        return self.statuses[-1]


def send(action: str, method: str, answers: Mapping[str, Answer], first: Answer | None = None) -> Way:
    """Follow a request from `action` as a browser does (WHATWG Fetch, HTTP-redirect fetch).

    `answers` are those to GET or HEAD, without fragments in their keys; `first` is what the action itself answered to the form's own
    method, where somebody asked.
    """
    way = Way(method=method)
    url = urls.without_fragment(action)
    while True:
        answer = first if first is not None and not way.url_list else answers.get(url)
        _arrive(way, url, answer, first_request=not way.url_list)
        if answer is None or answer.location_url is None or answer.status is None:
            return way
        target = urls.without_fragment(answer.location_url)
        if target in way.url_list or way.redirects >= MAX_REDIRECTS:
            way.cut = True
            return way
        _move(way, url, target, answer.status)
        url = target


def _arrive(way: Way, url: str, answer: Answer | None, *, first_request: bool) -> None:
    way.url_list.append(url)
    way.statuses.append(answer.status if answer else None)
    way.error = answer.error if answer else None
    way.asked = answer is not None
    way.asked_by = answer.method if answer else "GET"
    carries = first_request or way.method == "POST"
    if carries and way.clear_at is None and url.startswith("http:"):
        way.clear_at = url


def _move(way: Way, url: str, target: str, status: int) -> None:
    after = method_after(status, way.method)
    if after != way.method:
        way.lost_at, way.lost_to, way.lost_by = url, target, status
    elif after == "POST" and way.resent_to is None and another_site(url, target):
        way.resent_to = target
    way.method = after


def another_site(url: str, target: str) -> bool:
    """Whether two serialised URLs have different registrable domains."""
    return site(_address(url).netloc) != site(_address(target).netloc)


def is_respelled(url: str, target: str) -> bool:
    """Whether a redirect changes only scheme, host, slash or letter case: a rule of the server, never the answer to a form."""
    return compare(_address(url), _address(target)).change in _SPELLING


def may_answer_a_post(target: str, page: str) -> bool:
    """Whether a redirect to `target` may be what an application says after a POST from `page`: back there, home, or to log in."""
    address = _address(target)
    return target == page or address.path in ("", "/") or re.search(LOGIN_URL, target) is not None


def _address(url: str) -> Address:
    found = _PARTS.fullmatch(url)
    return Address(*found.groups()) if found else Address("", "", url, "", "")
