"""Four kinds of client, each as one small table: what it follows, and what it makes of method, body and fields on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping  # noqa: TC003 - the dataclass is read at run time
from dataclasses import dataclass
from typing import Final, Literal, get_args

from seoaudit.http.status import STATUSES
from seoaudit.records import MAX_REDIRECTS, REDIRECT_STATUSES

ClientName = Literal["browser", "curl", "googlebot", "rfc"]
Reach = Literal["until-left", "first-origin", "first-host"]
"""How far a field goes: `until-left`: to the first request's origin, and once that is left, nowhere again; `first-origin`: to
that origin whenever it comes up; `first-host`: as that, whatever the scheme and port."""

CLIENT_NAMES: Final[tuple[ClientName, ...]] = get_args(ClientName)


@dataclass(frozen=True, kw_only=True)
class Client:
    """One kind of client.

    `follows`: statuses that redirect it when a Location is there; `may_follow`: those where its specification leaves it to
    the client, and it does not; `post_becomes_get`, `other_becomes_get`: on these statuses POST, or any method but GET, HEAD
    and POST, becomes GET (the body goes on the same statuses that take it from a POST, and with every method that changes);
    `may_become_get`: where the specification would let POST become GET; `chosen_method_stays`: one that the user named (curl -X)
    is never changed, although the body goes; `content_fields_stay`: fields about the body that the user wrote are sent on
    without it; `reach`: fields that do not go everywhere; `streams_again`: statuses after which a body that was not kept is no trouble;
    `basic_from_url`: user and password of the first URL are sent unasked; `only_get`; `announces_empty_body`: a POST without a body says that it has none (Content-Length: 0); `keeps_cookies`; `first_location`: of several
    Location fields the first counts; `plus_in_query`: a space in its query becomes `+`; `refreshes`: statuses on which a Refresh field or meta refresh is followed, as GET;
    `upgrades`: HSTS; `gives_up`: what it says after `max_redirects`; `source`: where this is said.
    """

    name: ClientName
    subject: str
    follows: Collection[int]
    may_follow: Collection[int] = ()
    post_becomes_get: Collection[int]
    other_becomes_get: Collection[int]
    may_become_get: Collection[int] = ()
    chosen_method_stays: bool = False
    content_fields_stay: bool = False
    reach: Mapping[str, Reach]
    streams_again: Collection[int] = ()
    basic_from_url: bool = False
    only_get: bool = False
    announces_empty_body: bool = True
    keeps_cookies: bool = False
    first_location: bool = False
    plus_in_query: bool = False
    refreshes: Collection[int] = ()
    upgrades: bool = False
    max_redirects: int
    gives_up: str
    source: str


_FETCH_POST = frozenset(status for status, facts in STATUSES.items() if facts.post_becomes_get)
_FETCH_OTHER = frozenset(status for status, facts in STATUSES.items() if facts.other_becomes_get)

CLIENTS: Final[Mapping[ClientName, Client]] = {
    "browser": Client(
        name="browser",
        subject="A browser",
        follows=REDIRECT_STATUSES,
        post_becomes_get=_FETCH_POST,
        other_becomes_get=_FETCH_OTHER,
        reach={"authorization": "until-left", "cookie": "first-host", "host": "first-host"},
        streams_again={303},
        keeps_cookies=True,
        refreshes=range(200, 600),
        upgrades=True,
        max_redirects=MAX_REDIRECTS,
        gives_up="ERR_TOO_MANY_REDIRECTS",
        source="WHATWG Fetch, HTTP-redirect fetch",
    ),
    # curl 7.83 and newer: until then another port or scheme of the host got Authorization and Cookie too (CVE-2022-27776).
    "curl": Client(
        name="curl",
        subject="curl -L",
        follows=range(300, 400),
        post_becomes_get=_FETCH_POST,
        other_becomes_get=(),
        chosen_method_stays=True,
        announces_empty_body=False,
        content_fields_stay=True,
        reach={"authorization": "first-origin", "cookie": "first-origin", "host": "first-host"},
        streams_again={301, 302, 303},
        basic_from_url=True,
        first_location=True,
        plus_in_query=True,
        max_redirects=50,
        gives_up="error 47, too many redirects",
        source="curl's manual, -L, -X and --max-redirs",
    ),
    "googlebot": Client(
        name="googlebot",
        subject="Googlebot",
        follows=REDIRECT_STATUSES,
        post_becomes_get=_FETCH_POST,
        other_becomes_get=_FETCH_OTHER,
        reach={"authorization": "until-left", "cookie": "first-host", "host": "first-host"},
        only_get=True,
        refreshes=range(200, 400),
        max_redirects=10,
        gives_up='"Redirect error" in Search Console',
        source="Google Search Central, HTTP status codes and redirects (2026-07-08)",
    ),
    "rfc": Client(
        name="rfc",
        subject="A client by RFC 9110",
        follows=REDIRECT_STATUSES,
        may_follow=frozenset(range(300, 400)) - REDIRECT_STATUSES - {304},
        post_becomes_get={303},
        other_becomes_get={303},
        may_become_get={301, 302},
        reach={"authorization": "until-left", "cookie": "until-left", "host": "first-host"},
        streams_again={303},
        max_redirects=MAX_REDIRECTS,
        gives_up="a bound of our own: the RFC sets none, it says that loops SHOULD be seen",
        source="RFC 9110, 15.4",
    ),
}
"""What is documented, and for curl and browsers what a recording server saw of the real programs."""
