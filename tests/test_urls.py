"""A URL is the WHATWG serialisation without its fragment, and nothing else is normalised away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit import urls

BASE = "https://example.com/a/b?c#d"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://EXAMPLE.com:443/A/../b", "https://example.com/b"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/?", "https://example.com/?"),
        ("https://example.com/%5E%5e%7E~", "https://example.com/%5E%5e%7E~"),
        ("https://example.com/a//b/", "https://example.com/a//b/"),
        ("https://example.com/|[x]{y}", "https://example.com/|[x]%7By%7D"),
        ("https://example.com/?b=2&a=1&a", "https://example.com/?b=2&a=1&a"),
        ("https://bücher.example/é?é#é", "https://xn--bcher-kva.example/%C3%A9?%C3%A9#%C3%A9"),
        ("https://example.com\\x", "https://example.com/x"),
        (" \t\nhttps://exa\nmple.com/ \0", "https://example.com/"),
        ("http://[0:0::1]/", "http://[::1]/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("mailto:me@example.com", "mailto:me@example.com"),
        ("https://", None),
        ("http://[::1", None),
        ("http://exa mple/", None),
        ("https://example.com:65536/", None),
        ("/x", None),
        ("", None),
        ("https://example.com/\ud800", None),
    ],
)
def test_text_becomes_the_standards_serialisation_or_nothing(text: str, url: str | None) -> None:
    assert urls.parse(text) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("x", "https://example.com/a/x"),
        ("/x", "https://example.com/x"),
        ("?x", "https://example.com/a/b?x"),
        ("#x", "https://example.com/a/b?c#x"),
        ("", "https://example.com/a/b?c"),
        ("//other.example", "https://other.example/"),
        ("\\\\other.example\\x", "https://other.example/x"),
        ("https:x", "https://example.com/a/x"),
        ("http:x", "http://x/"),
        ("http:/x", "http://x/"),
        ("../../../x", "https://example.com/x"),
        ("//[", None),
    ],
)
def test_a_reference_is_resolved_as_browsers_do(text: str, url: str | None) -> None:
    assert urls.parse(text, BASE) == url


@pytest.mark.parametrize("base", ["not a url", "", "/x"])
def test_a_base_that_is_none_gives_nothing_unless_it_is_not_needed(base: str) -> None:
    assert urls.parse("x", base) is None


def test_the_fragment_is_no_part_of_what_is_asked() -> None:
    assert urls.without_fragment("https://example.com/?#a#b") == "https://example.com/?"
    assert urls.fragment("https://example.com/#a#b") == "a#b"
    assert urls.fragment("https://example.com/") == ""


def test_only_http_and_https_are_the_web() -> None:
    assert urls.is_web("http://example.com/")
    assert urls.is_web("https://example.com/")
    for url in ("ftp://example.com/", "httpx://example.com/", "javascript:x", "data:,http:", ""):
        assert not urls.is_web(url)


@pytest.mark.parametrize(
    ("url", "parts", "origin"),
    [
        ("https://example.com/a?b#c", ("https", "example.com", "", "/a", "?b", "c"), "https://example.com"),
        ("http://[::1]:8080/?", ("http", "[::1]", "8080", "/", "", ""), "http://[::1]:8080"),
        ("http://user:pw@example.com:81/", ("http", "example.com", "81", "/", "", ""), "http://example.com:81"),
    ],
)
def test_a_url_has_its_parts(url: str, parts: tuple[str, ...], origin: str) -> None:
    assert tuple(urls.split(url)) == parts
    assert urls.split(url).origin == origin


def test_what_is_no_url_has_no_parts() -> None:
    with pytest.raises(ValueError, match=r".*"):
        urls.split("no url")


@pytest.mark.parametrize(("host", "twin"), [("example.com", "www.example.com"), ("www.example.com", "example.com")])
def test_www_and_apex_are_twins(host: str, twin: str) -> None:
    assert urls.twin(host) == twin


@given(st.text(), st.sampled_from([None, BASE, "http://h/?x"]))
def test_parsing_never_raises_and_what_it_gives_stays_the_same(text: str, base: str | None) -> None:
    url = urls.parse(text, base)
    if url is not None:
        assert urls.parse(url) == url
        assert url.isascii() or not urls.is_web(url)
        assert urls.without_fragment(url) + ("#" if "#" in url else "") + urls.fragment(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "http://example.com:8080/a?b=c/d",
        "https://user:secret@example.com/a",
        "http://[2001:db8::1]:81/",
        "https://xn--bcher-kva.example/x//y",
    ],
)
def test_the_origin_is_the_one_of_the_parts(url: str) -> None:
    assert urls.origin(url) == urls.split(url).origin
