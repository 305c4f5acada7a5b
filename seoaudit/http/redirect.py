"""One redirect, as one kind of client takes it: the next request, or why there is none."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote_to_bytes

from seoaudit import urls
from seoaudit.http.location import Location, location_problems, read_location
from seoaudit.http.status import REQUEST_BODY_HEADERS, STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.http.clients import Client

Headers = tuple[tuple[str, str], ...]

EndKind = Literal[
    "answer",  # not a redirect: this is what the client shows
    "no-location",  # a redirect that names no target
    "not-followed",  # a 3xx with a Location that this client does not follow
    "invalid-location",  # no URL, several, or one that HTTP cannot ask
    "too-many",  # the client's limit
    "not-replayable",  # the body would have to be sent again, and was not kept
    "refresh-ignored",  # a refresh, and a client that shows no pages
    "loop",  # the next request was sent before
    "failed",  # no usable answer came
]

_CONTENT_FIELDS = frozenset(name.lower() for name in (*REQUEST_BODY_HEADERS, "Content-Length"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sends.

    `url` may have a fragment, which is never sent; `headers` are sent here; `withheld` are fields that do not go to this URL, but may
    to a later one; `chosen`: the user named the method; `replayable`: the body was kept; `first`: the URL it all began with.
    """

    url: str
    method: str = "GET"
    headers: Headers = ()
    body: bytes | None = None
    chosen: bool = False
    replayable: bool = True
    withheld: Headers = ()
    first: str = ""
    redirect_count: int = 0

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what is sent, with the Content-Type that goes with every body."""
        names = tuple(name for name, _ in self.headers)
        typed = not self.body or any(name.lower() == "content-type" for name in names)
        return names if typed else (*names, "Content-Type")


class End(NamedTuple):
    """Why a client asks no further; `why` is one sentence."""

    kind: EndKind
    why: str


def first_request(client: Client, request: Request) -> Request:
    """The request as this client makes it of what the user asked for."""
    if client.only_get:
        headers = tuple((name, value) for name, value in request.headers if name.lower() not in _CONTENT_FIELDS)
        request = replace(request, method="GET", body=None, chosen=False, headers=headers)
    if request.body == b"" and not client.announces_empty_body:
        request = replace(request, body=None)
    return _with_basic(client, replace(request, first=request.url))


def next_request(  # noqa: PLR0913 -- what an answer consists of, for this purpose
    client: Client,
    request: Request,
    status: int,
    locations: Sequence[bytes],
    refresh_url: str | None = None,
    *,
    max_redirects: int | None = None,
) -> Request | End:
    """What `client` asks after this answer to `request`, or why it asks nothing more.

    `locations` are the values of every Location field as bytes; `refresh_url` where a Refresh field or a meta refresh leads.
    The location URL is read as browsers do (`read_location`): what else curl makes of text that is hardly a URL is left out.
    """
    if status in client.follows and locations:
        found = _location_url(client, request, status, locations)
        following = found if isinstance(found, End) else _redirected(client, request, status, found)
    elif status in STATUSES or 300 <= status < 400:
        return _standing(client, status, has_location=bool(locations))
    elif refresh_url is None or urls.without_fragment(refresh_url) == urls.without_fragment(request.url):
        return End("answer", f"{status} is the answer.")
    elif status in client.refreshes:
        following = _refreshed(client, request, refresh_url)
    else:
        return End("refresh-ignored", f"{client.subject} follows no refresh, and stays at this {status}.")
    limit = client.max_redirects if max_redirects is None else max_redirects
    if not isinstance(following, End) and request.redirect_count >= limit:
        most = "1 redirect" if limit == 1 else f"{limit} redirects"
        return End("too-many", f"{client.subject} follows no more than {most} ({client.gives_up}).")
    return following


def client_location(client: Client, values: Sequence[bytes], url: str) -> Location:
    """`read_location`, as this client reads the fields' values; `raw` is what was sent."""
    location = read_location(values[:1] if client.first_location else values, url)
    if not client.plus_in_query or location.url is None:
        return location
    path, mark, query = values[0].strip(b" \t").partition(b"?")
    return replace(location, url=read_location([path + mark + query.replace(b" ", b"+")], url).url)


def _standing(client: Client, status: int, *, has_location: bool) -> End:
    if status not in client.follows and has_location:
        if status in client.may_follow:
            return End("not-followed", f"{client.subject} MAY follow the Location of {status}, and need not.")
        return End("not-followed", f"{client.subject} does not follow the Location of {status}.")
    if status in client.follows and status != 304:
        return End("no-location", f"{status} without Location is the answer: there is nowhere to go.")
    return End("answer", f"{status} is the answer.")


def _location_url(client: Client, request: Request, status: int, locations: Sequence[bytes]) -> str | End:
    location = client_location(client, locations, request.url)
    if location.url is not None:
        return location.url
    problems = location_problems(location.raw, location.count, request.url)
    if "empty" in problems:
        return End("no-location", f"{status} with an empty Location is the answer: there is nowhere to go.")
    if "several" in problems:
        return End("invalid-location", f"{client.subject} refuses several Location fields that differ.")
    if "not-http" in problems:
        return End(
            "invalid-location", f"{client.subject} does not follow a redirect to what is neither http nor https."
        )
    return End("invalid-location", f"{client.subject} cannot read the Location: it is no URL.")


def _redirected(client: Client, request: Request, status: int, url: str) -> Request | End:
    method = _method_after(client, request, status)
    natural = "POST" if request.body is not None and request.chosen and client.chosen_method_stays else request.method
    loses = method != request.method or _becomes_get(client, status, natural)
    if request.body is not None and not request.replayable and not (loses and status in client.streams_again):
        return End("not-replayable", f"{client.subject} cannot send the body again: it was streamed, and is gone.")
    headers = (*request.headers, *request.withheld)
    if loses and not client.content_fields_stay:
        headers = _without(headers, _CONTENT_FIELDS)
    return _sent_to(client, request, url, method=method, body=None if loses else request.body, headers=headers)


def _method_after(client: Client, request: Request, status: int) -> str:
    if request.chosen and client.chosen_method_stays:
        return request.method
    return "GET" if _becomes_get(client, status, request.method) else request.method


def _becomes_get(client: Client, status: int, method: str) -> bool:
    if method in ("GET", "HEAD"):
        return False
    return status in (client.post_becomes_get if method == "POST" else client.other_becomes_get)


def _refreshed(client: Client, request: Request, url: str) -> Request:
    """A new navigation: always GET, with nothing of the old request but what the user has on every request."""
    headers = _without((*request.headers, *request.withheld), _CONTENT_FIELDS | {"authorization"})
    return _sent_to(client, request, url, method="GET", body=None, headers=headers)


def _sent_to(  # noqa: PLR0913 -- the parts of a request
    client: Client, request: Request, url: str, *, method: str, body: bytes | None, headers: Headers
) -> Request:
    """The request to `url`, each field sent, withheld for later, or gone for good."""
    sent, withheld = [], []
    for name, value in headers:
        reach = client.reach.get(name.lower())
        if reach is None or _reaches(reach, request, url):
            sent.append((name, value))
        elif reach != "until-left":
            withheld.append((name, value))
    moved = replace(
        request,
        url=url,
        method=method,
        body=body,
        headers=tuple(sent),
        withheld=tuple(withheld),
        redirect_count=request.redirect_count + 1,
    )
    return _with_basic(client, moved)


def _reaches(reach: str, request: Request, url: str) -> bool:
    first, here = urls.split(request.first or request.url), urls.split(url)
    return first.host == here.host if reach == "first-host" else first.origin == here.origin


def _with_basic(client: Client, request: Request) -> Request:
    """User and password of a URL as Authorization, for a client that sends them before it is asked to, and only at home."""
    parts = urls.split(request.url)
    authority = request.url.split("/", 3)[2]
    if not client.basic_from_url or "@" not in authority or not _reaches("first-origin", request, request.url):
        return request
    if any(name.lower() == "authorization" for name, _ in request.headers) or not parts.host:
        return request
    user, _, password = authority.rpartition("@")[0].partition(":")
    token = base64.b64encode(unquote_to_bytes(user) + b":" + unquote_to_bytes(password)).decode()
    return replace(request, headers=(*request.headers, ("Authorization", f"Basic {token}")))


def _without(headers: Headers, names: frozenset[str]) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() not in names)
