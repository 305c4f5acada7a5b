"""The shared declarative refresh steps of the HTML standard."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit import urls
from seoaudit.http.refresh import MAX_DELAY_S, Refresh, parse_refresh, refresh_url

PAGE = "https://shop.example/dir/page"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", Refresh(0, None)),
        ("30;", Refresh(30, None)),
        (" \f7 , ", Refresh(7, None)),
        ("5;/next", Refresh(5, "/next")),
        ("5,/next", Refresh(5, "/next")),
        ("5 /next", Refresh(5, "/next")),
        ("0; URL = /next", Refresh(0, "/next")),
        ("0; Url='/next'rest", Refresh(0, "/next")),
        ('0; url="/next', Refresh(0, "/next")),
        ("0; '/next'", Refresh(0, "/next")),
        ("0; url=", Refresh(0, "")),
        ("0; url=''", Refresh(0, "")),
        ("0; url'/next'", Refresh(0, "url'/next'")),
        ("0; urls/1", Refresh(0, "urls/1")),
        ("0; u", Refresh(0, "u")),
        ("0;; /next", Refresh(0, "; /next")),
        ("2.75; /next", Refresh(2, "/next")),
        (".5; /next", Refresh(0, "/next")),
        (".", Refresh(0, None)),
        ("1.2.3", Refresh(1, None)),
    ],
)
def test_a_refresh_is_read_as_browsers_read_it(text: str, expected: Refresh) -> None:
    assert parse_refresh(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "/next", "url=/next", ";0", "-1;/next", "+1;/next", "5s;/next", "1e3", "\u0665; /next", "\xa05"]
)
def test_what_starts_with_no_ascii_number_does_not_refresh(text: str) -> None:
    assert parse_refresh(text) is None


def test_the_delay_stays_finite() -> None:
    refresh = parse_refresh("9" * 5000 + ";/next")
    assert refresh == Refresh(MAX_DELAY_S, "/next")


def test_the_url_is_resolved_against_the_base() -> None:
    assert refresh_url(Refresh(0, "next"), PAGE) == "https://shop.example/dir/next"
    assert refresh_url(Refresh(0, ""), PAGE) == PAGE


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "mailto:a@b.example", "http://["])
def test_a_reload_a_foreign_scheme_and_a_broken_url_lead_nowhere(url: str | None) -> None:
    assert refresh_url(Refresh(0, url), PAGE) is None


@given(st.one_of(st.text(), st.text(alphabet="0123.;, \t\nurlURL='\"/a\ud800", max_size=30)))
def test_any_text_is_read(text: str) -> None:
    refresh = parse_refresh(text)
    if refresh is not None:
        assert refresh.delay >= 0
        assert math.isfinite(refresh.delay)
        resolved = refresh_url(refresh, PAGE)
        assert resolved is None or urls.is_web(resolved)
