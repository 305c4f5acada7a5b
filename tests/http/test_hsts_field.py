"""Strict-Transport-Security as RFC 6797 reads it, and where browsers and curl read it otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.http.hsts import MOST_SECONDS, ancestors, parse_hsts, upgraded


@pytest.mark.parametrize(
    ("field", "max_age", "include_subdomains", "preload"),
    [
        ("max-age=600", 600, False, False),
        ("max-age=31536000; includeSubDomains; preload", 31536000, True, True),
        ("PRELOAD ; IncludeSubdomains;Max-Age = 600", 600, True, True),
        ('max-age="600"', 600, False, False),
        (r'max-age="6\00"', 600, False, False),
        ("\t;; max-age=600 ; ;", 600, False, False),
        ("max-age=0; includeSubDomains", 0, True, False),
        ("max-age=007", 7, False, False),
        ('max-age=600; note="a; max-age=1, \\"b\\""; includeSubDomains', 600, True, False),
        ("max-age=600; colour=blue; colour=red; flag", 600, False, False),
        ("max-age=600;\r\n includeSubDomains", 600, True, False),
        ("max-age=600; includeSubDomainsToo", 600, False, False),
    ],
)
def test_a_field_in_order_is_a_policy(field: str, max_age: int, include_subdomains: bool, preload: bool) -> None:
    policy = parse_hsts(field)
    assert policy.problems == ()
    assert (policy.max_age, policy.include_subdomains, policy.preload) == (max_age, include_subdomains, preload)
    assert policy.active == (max_age > 0)


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("", "max-age is missing"),
        (" ; ;", "max-age is missing"),
        ("includeSubDomains; preload", "max-age is missing"),
        ("maxage=600", "max-age is missing"),
        ("'max-age'=600", "max-age is missing"),
        ("max-age", "max-age has no value"),
        ("max-age=", "it breaks the grammar at “max-age=”"),
        ("max-age=; includeSubDomains", "it breaks the grammar at “max-age=; includeSubDomains”"),
        ("max-age=1y", "max-age is no whole number of seconds but “1y”"),
        ("max-age=-1", "max-age is no whole number of seconds but “-1”"),
        ("max-age=1.5", "max-age is no whole number of seconds but “1.5”"),
        ("max-age='600'", "max-age is no whole number of seconds but “'600'”"),
        ('max-age=""', "max-age is no whole number of seconds but “”"),
        ("max-age=٣", "it breaks the grammar at “max-age=٣”"),
        ("max-age=600; max-age=600", "max-age stands 2 times"),
        ("max-age=600; Max-Age=1; MAX-AGE=2", "max-age stands 3 times"),
        ("max-age=600; includeSubDomains; includesubdomains", "includeSubDomains stands 2 times"),
        ("max-age=600; includeSubDomains=true", "includeSubDomains has a value"),
        ('max-age=600; includeSubDomains=""', "includeSubDomains has a value"),
        ("max-age=600 includeSubDomains", "it breaks the grammar at “max-age=600 includeSubDomains”"),
        ("max-age=600, max-age=600", "it breaks the grammar at “max-age=600, max-age=600”"),
        ('max-age="600', 'it breaks the grammar at “max-age="600”'),
        ("max-age=600; =1", "it breaks the grammar at “=1”"),
        ("max-age=600; a@b", "it breaks the grammar at “a@b”"),
        ("\r\nmax-age=600", "it breaks the grammar at “max-age=600”"),
    ],
)
def test_one_mistake_makes_browsers_ignore_the_whole_field(field: str, problem: str) -> None:
    policy = parse_hsts(field)
    assert policy.problems == (problem,)
    assert (policy.max_age, policy.active, policy.valid) == (None, False, False)


def test_flags_of_an_ignored_field_are_still_told() -> None:
    policy = parse_hsts("includeSubDomains; preload")
    assert (policy.valid, policy.include_subdomains, policy.preload) == (False, True, True)


def test_of_several_fields_the_first_counts() -> None:
    policy = parse_hsts('max-age=600; note="a, b", max-age=0, nonsense@', count=3)
    assert (policy.max_age, policy.problems) == (600, ())
    assert policy.remarks == ("3 fields came, and a browser reads the first only",)


def test_of_several_fields_a_broken_first_one_counts_too() -> None:
    assert parse_hsts("max-age=x, max-age=600", count=2).max_age is None


def test_a_longer_number_than_anybody_can_keep_is_the_greatest_one() -> None:
    assert parse_hsts(f"max-age={2**63 - 1}").max_age == MOST_SECONDS
    assert parse_hsts("max-age=99999999999999999999").max_age == MOST_SECONDS
    assert parse_hsts("max-age=" + "9" * 10_000).max_age == MOST_SECONDS
    assert parse_hsts("max-age=" + "0" * 10_000 + "5").max_age == 5


def test_ten_years_are_told_as_they_were_sent() -> None:
    """Chromium keeps no policy for longer than a year; RFC 6797 has no such limit, and the field is what a person can change."""
    assert parse_hsts("max-age=315360000").max_age == 315360000


def test_a_quote_without_its_partner_spoils_the_field() -> None:
    """Curl reads the digits and goes on; RFC 6797, 6.1, has no such value, and Chromium and Firefox ignore the field: visitors use those."""
    assert not parse_hsts('max-age=600"').valid


def test_a_repeated_word_that_rfc_6797_does_not_know_is_a_remark() -> None:
    """RFC 6797, 6.1, lets a directive stand once, and has unknown ones ignored: `preload` twice stops no browser, nor the preload list."""
    policy = parse_hsts("max-age=600; preload; preload")
    assert (policy.max_age, policy.preload, policy.remarks) == (600, True, ("preload stands 2 times",))


def test_a_missing_max_age_is_the_parsers_affair() -> None:
    """The preload list's own parser lets it pass and complains later; RFC 6797, 6.1.1, requires it, and no browser keeps such a policy."""
    assert not parse_hsts("preload; includeSubDomains").valid


@given(st.text(alphabet='max-ge=0129;, "\\\t\r\nincludeSbDos@é'))
def test_any_text_is_read_and_never_valid_without_a_number(field: str) -> None:
    policy = parse_hsts(field)
    assert policy.valid == (policy.max_age is not None)


def test_a_long_field_of_blanks_is_read_at_once() -> None:
    assert not parse_hsts("max-age=600 " + " " * 100_000 + "x").valid


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("http://example.com/", "https://example.com/"),
        ("http://example.com/a?b=http://c/#d", "https://example.com/a?b=http://c/#d"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("http://example.com:8080/a", "https://example.com:8080/a"),
        ("http://example.com:443/a", "https://example.com/a"),
        ("http://user:word@example.com/", "https://user:word@example.com/"),
        ("https://example.com/", None),
        ("ftp://example.com/", None),
        ("http://192.0.2.1/", None),
        ("http://[2001:db8::1]:8080/", None),
    ],
)
def test_an_http_url_of_a_known_host_becomes_https(url: str, secure: str | None) -> None:
    assert upgraded(url) == secure


def test_the_superdomains_of_a_host_are_named_nearest_first() -> None:
    assert list(ancestors("a.b.example.com")) == ["b.example.com", "example.com", "com"]
    assert list(ancestors("com")) == []
