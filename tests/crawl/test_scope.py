"""What belongs to the audited site is decided by host and port, and by nothing that only looks like them."""

from __future__ import annotations

import pytest

from seoaudit.crawl.scope import Scope, netloc


@pytest.mark.parametrize(
    ("start", "inside", "outside"),
    [
        (
            "https://example.com/shop/",
            ["https://example.com/", "http://example.com/x", "https://www.example.com/", "http://www.example.com/"],
            [
                "https://blog.example.com/",
                "https://example.com.evil.example/",
                "https://notexample.com/",
                "https://example.com:8443/",
                "https://www.www.example.com/",
                "https://example.org/example.com/",
                "https://other.example/?https://example.com/",
                "https://user@example.com/",
                "https://example.com@other.example/",
            ],
        ),
        ("https://www.example.com/", ["http://example.com/"], ["https://www.www.example.com/"]),
        (
            "http://example.com:8080/",
            ["https://example.com:8080/", "http://www.example.com:8080/"],
            ["http://example.com/"],
        ),
        ("http://127.0.0.1:8000/", ["http://127.0.0.1:8000/x"], ["http://127.0.0.1:8001/", "http://127.0.0.1/"]),
        ("http://[::1]:8000/", ["http://[::1]:8000/x"], ["http://[::1]/", "http://[::2]:8000/"]),
        ("https://xn--bcher-kva.example/", ["https://www.xn--bcher-kva.example/"], ["https://bcher-kva.example/"]),
    ],
)
def test_the_start_host_and_its_twin_are_the_site(start: str, inside: list[str], outside: list[str]) -> None:
    scope = Scope.of(start)
    assert [url for url in inside if url not in scope] == []
    assert [url for url in outside if url in scope] == []


@pytest.mark.parametrize("start", ["https://example.com/", "https://www.example.com/"])
def test_subdomains_widen_it_to_all_below(start: str) -> None:
    scope = Scope.of(start, subdomains=True)
    assert "https://blog.example.com/" in scope
    assert "http://a.b.example.com/" in scope
    for url in (
        "https://notexample.com/",
        "https://blog.example.com:8443/",
        "https://me@blog.example.com/",
        "https://com/",
    ):
        assert url not in scope


def test_subdomains_keep_the_port_of_the_start() -> None:
    scope = Scope.of("http://example.com:8080/", subdomains=True)
    assert "http://blog.example.com:8080/" in scope
    assert "http://blog.example.com/" not in scope


def test_an_adopted_host_brings_its_twin_and_its_subdomains() -> None:
    for subdomains in (False, True):
        scope = Scope.of("https://old.example/", subdomains=subdomains)
        scope.adopt("https://www.new.example/welcome")
        assert "http://new.example/" in scope
        assert "https://old.example/" in scope
        assert ("https://blog.new.example/" in scope) is subdomains


def test_user_and_password_make_another_host_of_it() -> None:
    assert netloc("https://user:secret@example.com:8443/x/y") == "user:secret@example.com:8443"
