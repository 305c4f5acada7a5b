"""The Location field as browsers read it, and each word for what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit import urls
from seoaudit.http.location import LOCATION_PROBLEMS, Location, location_problems, read_location

PAGE = "https://shop.example/dir/page?x=1"


def url_of(*values: bytes, page: str = PAGE) -> str | None:
    return read_location(values, page).url


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"https://other.example/", "https://other.example/"),
        (b"HTTPS://Other.EXAMPLE:443", "https://other.example/"),
        (b"/new", "https://shop.example/new"),
        (b"next", "https://shop.example/dir/next"),
        (b"?y=2", "https://shop.example/dir/page?y=2"),
        (b"//cdn.example/a", "https://cdn.example/a"),
        (b"../up/./and/../down", "https://shop.example/up/down"),
        (b"\\\\evil.example\\a", "https://evil.example/a"),
        (b"/a b", "https://shop.example/a%20b"),
        (b"/a%zz", "https://shop.example/a%zz"),
        (b" \t/trimmed\t ", "https://shop.example/trimmed"),
        (b"/one\ttab", "https://shop.example/onetab"),
        (b"http://b\xc3\xbccher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_a_location_resolves_as_a_browser_resolves_it(value: bytes, expected: str) -> None:
    assert url_of(value) == expected


def test_raw_bytes_are_percent_encoded_one_by_one_whatever_their_encoding() -> None:
    assert url_of("/caf\u00e9".encode()) == "https://shop.example/caf%C3%A9"
    assert url_of("/caf\u00e9".encode("latin-1")) == "https://shop.example/caf%E9"
    assert url_of("/?q=\u96ea%41".encode("shift-jis")) == "https://shop.example/?q=%90%E1%41"


def test_the_text_is_utf8_and_else_latin1() -> None:
    assert read_location(["/\u00e9".encode()], PAGE).raw == "/\u00e9"
    assert read_location([b"/\xe9"], PAGE).raw == "/\u00e9"


def test_no_field_is_no_location() -> None:
    assert read_location([], PAGE) == Location(None, 0, None)


@pytest.mark.parametrize("value", [b"", b"  ", b"\t", b"\x00", b"\x01 \x1f"])
def test_an_empty_location_leads_nowhere(value: bytes) -> None:
    location = read_location([value], PAGE)
    assert location.url is None
    assert location.count == 1
    assert location.raw is not None
    assert location_problems(location.raw, 1, PAGE) == ("empty",)


def test_different_locations_lead_nowhere_and_equal_ones_where_one_would() -> None:
    assert read_location([b"/a", b"/b"], PAGE) == Location("/a\n/b", 2, None)
    assert read_location([b"/a", b" /a "], PAGE) == Location("/a\n/a", 2, "https://shop.example/a")


@pytest.mark.parametrize(
    "value",
    [
        b"javascript:alert(1)",
        b"data:text/html,x",
        b"mailto:a@b.example",
        b"tel:1",
        b"ftp://x.example/",
        b"shop.example:80/",
    ],
)
def test_a_scheme_other_than_http_is_kept_as_text_and_not_followed(value: bytes) -> None:
    assert read_location([value], PAGE) == Location(value.decode(), 1, None)
    assert location_problems(value.decode(), 1, PAGE) == ("not-http",)


@pytest.mark.parametrize(
    "value", [b"http://", b"https://[::1", b"http://a:99999/", b"http://ex ample/", b"http://%zz/"]
)
def test_what_does_not_parse_leads_nowhere(value: bytes) -> None:
    location = read_location([value], PAGE)
    assert location.url is None
    assert "unparsable" in location_problems(location.raw, 1, PAGE)


def test_the_fragment_of_the_request_is_inherited_unless_the_location_has_one() -> None:
    page = "http://old.example/a#part"
    assert url_of(b"/b", page=page) == "http://old.example/b#part"
    assert url_of(b"/b#own", page=page) == "http://old.example/b#own"
    assert url_of(b"/b#", page=page) == "http://old.example/b#"


def test_a_url_of_three_megabytes_is_read() -> None:
    long = b"/" + b"a" * 3_000_000
    assert url_of(long) == "https://shop.example" + long.decode()


@pytest.mark.parametrize(
    ("raw", "request_url"),
    [
        ("https://shop.example/a/b?c=d&e=%20#f", PAGE),
        ("/", PAGE),
        ("/a", PAGE),
        ("//cdn.example/a", PAGE),
        ("?page=2", PAGE),
        ("#part", PAGE),
        ("/search?q=null&u=http://a.example,http://b.example", PAGE),
        ("/login?next=https%3A%2F%2Fshop.example%2Fcart", PAGE),
        ("/filter?a[]=1&b[]=2", PAGE),
        ("/x?json=%7B%22a%22%3A1%7D", PAGE),
        ("/docs/{3F2504E0-4F89-11D3-9A0C-0305E82C3301}/", PAGE),
        ("/@user/video", PAGE),
        ("/npm/react@18.2.0/umd/react.js", PAGE),
        ("/img/logo@2x.png", PAGE),
        ("/npm/tool@1.2.beta/", PAGE),
        ("/a/a/a/a", PAGE),
        ("/web/2020/https://archived.example/a", PAGE),
        ("/shop?sid=12", PAGE),
        ("/reference/null", "http://shop.example/reference/null"),
        ("/a//b/", "https://shop.example/a//b"),
        ("https://shop.example/x/y/x/y/", "http://shop.example/x/y/x/y/"),
        ("/en/docs/install", "https://shop.example/docs/install"),
        ("/docker/docker", "https://shop.example/docker"),
        ("/2024/2024/", PAGE),
        ("/api/v2/users", "https://shop.example/api/v1/users"),
    ],
)
def test_an_ordinary_location_has_no_problem(raw: str, request_url: str) -> None:
    assert location_problems(raw, 1, request_url) == ()


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("https://a.example/, https://b.example/", "comma-joined"),
        ("https://a.example/x,https://b.example/y", "comma-joined"),
        ("https://a.example/?q=1, https://b.example/?q=1", "comma-joined"),
        ("<https://a.example/>", "brackets"),
        ("/a<br>", "brackets"),
        ('"https://a.example/"', "brackets"),
        ("(/a)", "brackets"),
        ("/a b", "space"),
        ("/100%", "bad-percent"),
        ("/%u00e9", "bad-percent"),
        ("/a\x07b", "control-character"),
        ("/a\tb", "control-character"),
        ("/a\x7f", "control-character"),
        ("undefined", "placeholder"),
        ("/undefined/page", "placeholder"),
        ("https://undefined/page", "placeholder"),
        ("/null", "placeholder"),
        ("/%5Bobject%20Object%5D", "placeholder"),
        ("/{{slug}}/a", "placeholder"),
        ("/${path}", "placeholder"),
        ("/%7Blang%7D/a", "placeholder"),
        ("https://$host/a", "placeholder"),
        ("/%{REQUEST_URI}", "placeholder"),
        ("/caf\u00e9", "non-ascii"),
        ("/a//b", "double-slash"),
        ("https://shop.example//", "double-slash"),
        ("page2", "path-relative"),
        ("./a", "path-relative"),
        ("http:/a", "path-relative"),
        ("www.shop.example/a", "path-relative"),
        ("https://me:secret@shop.example/", "credentials"),
        ("https://me@shop.example/", "credentials"),
        ("/a;jsessionid=0123456789", "session-id"),
        ("/a?b=1&PHPSESSID=x", "session-id"),
        ("/a?sid=0123456789abcdef01", "session-id"),
        ("/(S(lit3py55t21z5v55vlm25s55))/a", "session-id"),
        ("/unsubscribe?to=jane.doe@mail.example", "email"),
        ("/u/jane%40163.com", "email"),
    ],
)
def test_each_problem_has_its_word(raw: str, word: str) -> None:
    assert word in location_problems(raw, 1, PAGE)


@pytest.mark.parametrize(
    ("request_url", "raw"),
    [
        ("https://shop.example/api/v1/users", "https://shop.example/api/v2//api/v1/users"),
        ("https://shop.example/new/a", "/new/new/a"),
        ("https://shop.example/a/a", "/a/a/a"),
        ("https://shop.example/x/y/z", "/x/y/x/y/z"),
        ("https://shop.example/other", "/app/x/y/x/y/z"),
    ],
)
def test_a_path_that_a_rule_wrote_twice_is_a_repeated_prefix(request_url: str, raw: str) -> None:
    assert "repeated-prefix" in location_problems(raw, 1, request_url)


def test_of_several_fields_each_is_judged() -> None:
    assert location_problems("/a\n/b c", 2, PAGE) == ("several", "space")
    assert location_problems("/a\n/a", 2, PAGE) == ("several",)
    assert location_problems("\n/a", 2, PAGE) == ("empty", "several")


def test_the_space_of_a_join_is_not_held_against_the_addresses() -> None:
    assert location_problems("https://a.example/, https://b.example/", 1, PAGE) == ("comma-joined",)


def test_a_missing_field_is_missing() -> None:
    assert location_problems(None, 0, PAGE) == ("missing",)


def test_one_quote_wraps_nothing() -> None:
    assert location_problems("'", 1, PAGE) == ("path-relative",)


@given(
    st.lists(st.binary(max_size=60), max_size=3), st.sampled_from([PAGE, "http://[::1]:8080/#f", "https://a.example"])
)
def test_any_bytes_give_a_web_url_or_none_and_known_words(values: list[bytes], page: str) -> None:
    location = read_location(values, page)
    assert location.count == len(values)
    assert location.url is None or (urls.is_web(location.url) and urls.parse(location.url) == location.url)
    words = location_problems(location.raw, location.count, page)
    assert list(words) == [word for word in LOCATION_PROBLEMS if word in words]
    if location.url is None:
        assert set(words) & {"missing", "empty", "several", "not-http", "unparsable"}


@given(st.text(alphabet="htps:/?#%@&;=.,<>{}[]$ ab1\u00e9\n\ud800", max_size=40))
def test_any_text_is_judged(raw: str) -> None:
    assert set(location_problems(raw, 1, PAGE)) <= set(LOCATION_PROBLEMS)


@pytest.mark.parametrize("piece", ["/a", "/a/b", "@", ",http://", "{", "%", "//", ";jsessionid", "a@b."])
def test_a_very_long_location_is_judged_too(piece: str) -> None:
    assert set(location_problems(piece * 100_000, 1, PAGE)) <= set(LOCATION_PROBLEMS)
