"""What each kind of client makes of a redirect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit import urls
from seoaudit.http.clients import CLIENT_NAMES, CLIENTS, ClientName
from seoaudit.http.redirect import End, Request, first_request, next_request

HERE, THERE = "https://a.example/x", "https://b.example/x"
CONTENT = (
    ("Content-Type", "text/plain"),
    ("Content-Language", "de"),
    ("Content-Encoding", "br"),
    ("Content-Location", "/y"),
)


def asked(client: ClientName, request: Request, *hops: tuple[int, str]) -> Request:
    """The request after these redirects, all of them followed."""
    current = first_request(CLIENTS[client], request)
    for status, location in hops:
        following = next_request(CLIENTS[client], current, status, [location.encode()])
        assert isinstance(following, Request), following
        current = following
    return current


def ended(client: ClientName, request: Request, status: int, *locations: bytes, refresh: str | None = None) -> End:
    found = next_request(CLIENTS[client], first_request(CLIENTS[client], request), status, locations, refresh)
    assert isinstance(found, End), found
    return found


def post(method: str = "POST", *headers: tuple[str, str], chosen: bool = False) -> Request:
    return Request(url=HERE, method=method, body=b"a=b", headers=headers, chosen=chosen)


def names(request: Request) -> list[str]:
    return [name for name, _ in request.headers]


@pytest.mark.parametrize(
    ("client", "status", "method", "after"),
    [
        *[(client, status, "POST", "GET") for client in ("browser", "curl") for status in (301, 302, 303)],
        *[(client, status, "POST", "POST") for client in ("browser", "curl", "rfc") for status in (307, 308)],
        *[("rfc", status, "POST", "POST") for status in (301, 302)],
        *[(client, 303, method, "GET") for client in ("browser", "rfc") for method in ("POST", "PUT", "DELETE", "OWN")],
        *[("browser", status, "PUT", "PUT") for status in (301, 302, 307, 308)],
    ],
)
def test_the_method_after_a_redirect_is_the_clients(client: ClientName, status: int, method: str, after: str) -> None:
    found = asked(client, post(method), (status, "/y"))
    assert found.method == after
    assert found.body == (b"a=b" if after == method else None)


@pytest.mark.parametrize("client", ["browser", "curl", "rfc"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_head_stays_head(client: ClientName, status: int) -> None:
    assert asked(client, Request(url=HERE, method="HEAD"), (status, "/y")).method == "HEAD"


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_curl_keeps_the_method_that_x_names_and_loses_the_body_all_the_same(status: int, method: str) -> None:
    found = asked("curl", post(method, chosen=True), (status, "/y"))
    assert (found.method, found.body) == (method, None)


def test_googlebot_asks_by_get_whatever_was_asked_for() -> None:
    found = asked("googlebot", post("POST", *CONTENT, ("Accept-Language", "de")))
    assert (found.method, found.body, found.headers) == ("GET", None, (("Accept-Language", "de"),))


def test_fields_about_the_body_go_with_it_but_for_curl_which_sends_what_was_written() -> None:
    for client in ("browser", "rfc"):
        assert names(asked(client, post("POST", *CONTENT), (303, "/y"))) == []
        assert len(names(asked(client, post("POST", *CONTENT), (307, "/y")))) == len(CONTENT)
    assert len(names(asked("curl", post("POST", *CONTENT), (303, "/y")))) == len(CONTENT)


def test_the_type_that_goes_with_every_body_is_lost_with_it() -> None:
    assert asked("curl", post()).fields == ("Content-Type",)
    assert asked("curl", post(), (302, "/y")).fields == ()


@pytest.mark.parametrize(
    ("client", "field", "reaches"),
    [
        # To another host, and from there back again; to another scheme; to another port.
        ("browser", "Authorization", (False, False, False, False)),
        ("browser", "Cookie", (False, True, True, True)),
        ("curl", "Authorization", (False, True, False, False)),
        ("curl", "Cookie", (False, True, False, False)),
        ("rfc", "Authorization", (False, False, False, False)),
        ("rfc", "Cookie", (False, False, False, False)),
        ("googlebot", "Accept-Language", (True, True, True, True)),
        ("curl", "X-Own", (True, True, True, True)),
        ("browser", "Host", (False, True, True, True)),
    ],
)
def test_what_only_one_origin_may_see_goes_no_further(
    client: ClientName, field: str, reaches: tuple[bool, ...]
) -> None:
    request = Request(url=HERE, headers=((field, "v"),))
    ways = (
        [(301, THERE)],
        [(301, THERE), (301, HERE)],
        [(301, "http://a.example/x")],
        [(301, "https://a.example:444/x")],
    )
    assert tuple(field in names(asked(client, request, *way)) for way in ways) == reaches
    assert field in names(asked(client, request, (301, "/y")))


@pytest.mark.parametrize("client", CLIENT_NAMES)
def test_a_redirect_without_location_and_an_empty_one_lead_nowhere(client: ClientName) -> None:
    assert ended(client, Request(url=HERE), 301).kind == "no-location"
    assert ended(client, Request(url=HERE), 302, b" ").kind == "no-location"


@pytest.mark.parametrize("status", [300, 305, 306, 309, 399])
def test_other_3xx_are_followed_by_curl_alone(status: int) -> None:
    for client in ("browser", "googlebot", "rfc"):
        end = ended(client, Request(url=HERE), status, b"/y")
        assert end.kind == "not-followed"
        assert ("MAY" in end.why) is (client == "rfc")
    found = asked("curl", post(), (status, "/y"))
    assert (found.method, found.body) == ("POST", b"a=b")


def test_304_is_the_answer() -> None:
    for client in CLIENT_NAMES:
        assert ended(client, Request(url=HERE), 304).kind == "answer"


@pytest.mark.parametrize("client", CLIENT_NAMES)
@pytest.mark.parametrize(
    "location", [b"mailto:a@b.example", b"ftp://a.example/", b"javascript:alert(1)", b"http://", b"https://a b/"]
)
def test_only_http_and_https_urls_are_followed(client: ClientName, location: bytes) -> None:
    assert ended(client, Request(url=HERE), 301, location).kind == "invalid-location"


def test_of_several_locations_curl_takes_the_first_and_the_others_take_none_unless_they_are_equal() -> None:
    client = CLIENTS["curl"]
    found = next_request(client, Request(url=HERE), 301, [b"/1", b"/2"])
    assert isinstance(found, Request)
    assert found.url == "https://a.example/1"
    for name in ("browser", "googlebot", "rfc"):
        assert ended(name, Request(url=HERE), 301, b"/1", b"/2").kind == "invalid-location"
        assert isinstance(next_request(CLIENTS[name], Request(url=HERE), 301, [b"/1", b"/1"]), Request)


@pytest.mark.parametrize(("client", "most"), [("browser", 20), ("curl", 50), ("googlebot", 10), ("rfc", 20)])
def test_each_client_has_its_limit(client: ClientName, most: int) -> None:
    last = asked(client, Request(url=HERE), *((302, f"/{number}") for number in range(most)))
    assert last.redirect_count == most
    end = next_request(CLIENTS[client], last, 302, [b"/more"])
    assert isinstance(end, End)
    assert end.kind == "too-many"
    assert isinstance(next_request(CLIENTS[client], last, 302, [b"/more"], max_redirects=most + 1), Request)
    assert isinstance(next_request(CLIENTS[client], last, 302, [b"/more"], max_redirects=0), End)


@pytest.mark.parametrize(
    ("client", "again"),
    [("browser", {303}), ("curl", {301, 302, 303}), ("rfc", {303})],
)
def test_a_streamed_body_ends_the_way_unless_it_is_dropped(client: ClientName, again: set[int]) -> None:
    request = replace(post(), replayable=False)
    followed = {
        status
        for status in (301, 302, 303, 307, 308)
        if isinstance(next_request(CLIENTS[client], request, status, [b"/y"]), Request)
    }
    assert followed == again


def test_a_fragment_is_inherited_unless_the_location_has_one() -> None:
    request = Request(url=f"{HERE}#part")
    assert asked("browser", request, (301, "/y")).url == "https://a.example/y#part"
    assert asked("browser", request, (301, "/y#own")).url == "https://a.example/y#own"


def test_a_redirect_to_the_same_url_is_a_redirect_like_any_other() -> None:
    assert asked("browser", Request(url=HERE), (302, HERE)).redirect_count == 1


def test_curl_sends_user_and_password_of_a_url_to_the_first_origin_and_the_others_send_none() -> None:
    own, other = "https://me:a%3Ab@a.example/y", "https://me:a%3Ab@b.example/y"
    assert asked("curl", Request(url=HERE), (301, own)).headers == (("Authorization", "Basic bWU6YTpi"),)
    assert asked("curl", Request(url=HERE), (301, other)).headers == ()
    assert asked("browser", Request(url=HERE), (301, own)).headers == ()


def test_curl_writes_spaces_of_a_query_as_plus() -> None:
    assert asked("curl", Request(url=HERE), (301, "/a b?c d")).url == "https://a.example/a%20b?c+d"
    assert asked("browser", Request(url=HERE), (301, "/a b?c d")).url == "https://a.example/a%20b?c%20d"


def test_a_refresh_is_followed_as_get_by_those_who_show_pages() -> None:
    for name in ("browser", "googlebot"):
        found = next_request(CLIENTS[name], first_request(CLIENTS[name], post("POST", *CONTENT)), 200, [], THERE)
        assert isinstance(found, Request)
        assert (found.url, found.method, found.body, found.headers) == (THERE, "GET", None, ())
    for name in ("curl", "rfc"):
        assert ended(name, Request(url=HERE), 200, refresh=THERE).kind == "refresh-ignored"


def test_a_refresh_of_an_error_page_is_followed_by_browsers_alone() -> None:
    assert isinstance(next_request(CLIENTS["browser"], Request(url=HERE), 404, [], THERE), Request)
    assert ended("googlebot", Request(url=HERE), 404, refresh=THERE).kind == "refresh-ignored"


def test_a_page_that_reloads_itself_is_the_answer() -> None:
    assert ended("browser", Request(url=HERE), 200, refresh=f"{HERE}#top").kind == "answer"


def test_a_post_without_a_body_says_so_but_for_curl() -> None:
    request = Request(url=HERE, method="POST", body=b"", chosen=True)
    assert {name: first_request(CLIENTS[name], request).body for name in CLIENT_NAMES} == {
        "browser": b"",
        "curl": None,
        "googlebot": None,
        "rfc": b"",
    }


@given(
    client=st.sampled_from(CLIENT_NAMES),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OWN"]),
    status=st.integers(200, 599),
    locations=st.lists(
        st.binary() | st.sampled_from([b"/y", b"//b.example", b"http://me:%@a.example/?a b"]), max_size=2
    ),
    refresh=st.sampled_from([None, HERE, THERE]),
)
def test_any_answer_gives_a_request_that_can_be_sent_or_an_end_that_says_why(
    client: ClientName, method: str, status: int, locations: list[bytes], refresh: str | None
) -> None:
    body = b"a=b" if method in ("POST", "PUT", "OWN") else None
    request = first_request(CLIENTS[client], Request(url=HERE, method=method, body=body, headers=CONTENT))
    found = next_request(CLIENTS[client], request, status, locations, refresh)
    if isinstance(found, End):
        assert found.why.endswith(".")
    else:
        assert urls.parse(found.url) == found.url
        assert urls.is_web(found.url)
        assert found.redirect_count == 1
