"""What each 3xx means to browsers, caches and Google Search."""

from __future__ import annotations

from datetime import date

import pytest

from seoaudit.http.clients import CLIENTS
from seoaudit.http.redirect import Request, next_request
from seoaudit.http.status import (
    HEURISTICALLY_CACHEABLE,
    STATUSES,
    method_after,
    permanence_of,
)
from seoaudit.records import MECHANISMS, REDIRECT_STATUSES, Mechanism


def test_the_redirect_statuses_are_those_of_the_fetch_standard() -> None:
    assert {status for status, facts in STATUSES.items() if facts.redirect} == REDIRECT_STATUSES


def test_a_status_moves_permanently_or_temporarily_exactly_when_it_redirects() -> None:
    assert {s: facts.permanence for s, facts in STATUSES.items() if facts.permanence} == {
        301: "permanent",
        302: "temporary",
        303: "temporary",
        307: "temporary",
        308: "permanent",
    }


def test_the_table_and_the_list_of_cacheable_statuses_agree() -> None:
    assert {
        s for s, facts in STATUSES.items() if facts.heuristically_cacheable
    } == HEURISTICALLY_CACHEABLE & STATUSES.keys()


def test_every_claim_about_google_names_its_page_and_day() -> None:
    for facts in STATUSES.values():
        assert facts.google.startswith("Google Search")
        assert facts.google.endswith(".")
        assert facts.source.startswith("https://developers.google.com/")
        assert ("uses it as a signal" in facts.google) is (facts.permanence == "permanent")
        assert ("does not use it as a signal" in facts.google) is (facts.permanence == "temporary")
        assert date.fromisoformat(facts.date) <= date(2026, 11, 20)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OWN"])
@pytest.mark.parametrize("status", sorted(REDIRECT_STATUSES))
def test_the_method_after_a_redirect_is_that_which_a_browser_sends(status: int, method: str) -> None:
    following = next_request(CLIENTS["browser"], Request(url="https://a.example/", method=method), status, [b"/y"])
    assert isinstance(following, Request)
    assert method_after(status, method) == following.method
    assert method_after(399, method) == method


def test_a_body_is_resent_where_a_post_stays_a_post() -> None:
    resent = {status for status, facts in STATUSES.items() if facts.body_resent}
    assert resent == {status for status in REDIRECT_STATUSES if not STATUSES[status].post_becomes_get} == {307, 308}


@pytest.mark.parametrize(
    ("mechanism", "status", "delay", "permanence"),
    [
        ("location", 301, None, "permanent"),
        ("location", 307, None, "temporary"),
        ("location", 308, 0.0, "permanent"),
        ("location", 300, None, None),
        ("location", None, None, None),
        ("refresh-header", 200, 0.0, "permanent"),
        ("refresh-header", 302, 5.0, "temporary"),
        ("meta-refresh", 200, 0.0, "permanent"),
        ("meta-refresh", 404, 1.0, "temporary"),
        ("javascript", 200, None, "permanent"),
        (None, 301, None, None),
    ],
)
def test_permanence_follows_mechanism_status_and_delay(
    mechanism: Mechanism | None, status: int | None, delay: float | None, permanence: str | None
) -> None:
    assert mechanism is None or mechanism in MECHANISMS
    assert permanence_of(mechanism, status, delay) == permanence
