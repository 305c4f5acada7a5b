"""How long a cache may keep a response (RFC 9111)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.http.caching import MAX_AGE_LIMIT, Freshness, freshness, parse_cache_control
from seoaudit.http.status import HEURISTICALLY_CACHEABLE

DATE = "Fri, 20 Nov 2026 12:00:00 GMT"
TEN_DAYS_BEFORE = "Tue, 10 Nov 2026 12:00:00 GMT"
HOUR_AFTER = "Fri, 20 Nov 2026 13:00:00 GMT"


def judge(status: int | None, cache_control: str | None = None, **fields: str) -> Freshness:
    names = ("expires", "date", "age", "last_modified")
    assert set(fields) <= set(names)
    return freshness(status, cache_control, *(fields.get(name) for name in names))


def test_a_permanent_redirect_may_be_kept_unasked_and_a_temporary_one_not() -> None:
    assert judge(301) == Freshness(storable=True, lifetime_s=None, explicit=False, no_store=False, private=False)
    assert judge(308).storable
    assert not any(judge(status).storable for status in (302, 303, 307))
    assert judge(302).lifetime_s is None


@pytest.mark.parametrize(
    "cache_control", ["max-age=60", "public, max-age=60", "MAX-AGE = 60", 'max-age="60"', "a, ,max-age=60,b=c"]
)
def test_a_temporary_redirect_with_a_lifetime_is_kept_for_it(cache_control: str) -> None:
    judged = judge(307, cache_control)
    assert (judged.storable, judged.lifetime_s, judged.explicit) == (True, 60, True)


def test_max_age_outranks_expires_and_s_maxage_counts_in_shared_caches_only() -> None:
    judged = judge(301, "s-maxage=10, max-age=20", expires=HOUR_AFTER, date=DATE)
    assert (judged.lifetime_s, judged.shared_lifetime_s) == (20, 10)
    shared_only = judge(302, "s-maxage=10")
    assert (shared_only.storable, shared_only.lifetime_s, shared_only.shared_lifetime_s) == (False, None, 10)
    assert shared_only.explicit


def test_expires_counts_from_date() -> None:
    assert judge(302, expires=HOUR_AFTER, date=DATE).lifetime_s == 3600
    assert judge(302, expires=DATE, date=HOUR_AFTER).lifetime_s == 0
    assert judge(302, expires="0", date=DATE).lifetime_s == 0
    without_date = judge(302, expires=HOUR_AFTER)
    assert (without_date.storable, without_date.explicit, without_date.lifetime_s) == (True, True, None)


def test_the_three_forms_of_a_date_are_one_moment() -> None:
    for date in (DATE, "Friday, 20-Nov-26 12:00:00 GMT", "Fri Nov 20 12:00:00 2026"):
        assert judge(302, expires=HOUR_AFTER, date=date).lifetime_s == 3600


def test_without_a_lifetime_a_tenth_of_the_age_is_guessed_where_that_is_allowed() -> None:
    fields = {"date": DATE, "last_modified": TEN_DAYS_BEFORE}
    assert judge(301, **fields).lifetime_s == 86400
    assert not judge(301, **fields).explicit
    assert judge(302, "public", **fields).lifetime_s == 86400
    assert judge(302, "private", **fields).lifetime_s is None
    assert judge(301, "max-age=5", **fields).lifetime_s == 5


def test_no_store_forbids_and_no_cache_lets_nothing_be_fresh() -> None:
    judged = judge(301, "no-store, max-age=60")
    assert (judged.storable, judged.no_store, judged.lifetime_s, judged.shared_lifetime_s) == (False, True, None, None)
    judged = judge(301, "no-cache, max-age=60")
    assert (judged.storable, judged.lifetime_s, judged.explicit) == (True, 0, True)
    assert judge(301, 'no-cache="Set-Cookie"').lifetime_s == 0


def test_private_is_for_browsers_only() -> None:
    judged = judge(301, "private, max-age=60")
    assert (judged.storable, judged.private, judged.lifetime_s, judged.shared_lifetime_s) == (True, True, 60, None)
    assert judge(302, "private").storable


@pytest.mark.parametrize("value", ["", "-1", "1.5", "1h", "\u0665", "1 0"])
def test_a_lifetime_that_is_no_number_is_stale(value: str) -> None:
    assert judge(301, f"max-age={value}").lifetime_s == 0


def test_a_huge_lifetime_is_bounded_and_of_two_the_first_counts() -> None:
    assert judge(301, f"max-age={'9' * 5000}").lifetime_s == MAX_AGE_LIMIT
    assert judge(301, "max-age=1, max-age=2").lifetime_s == 1


def test_the_age_is_told() -> None:
    assert judge(301, age="120").age_s == 120
    assert judge(301, age="old").age_s is None
    assert judge(301).age_s is None


def test_without_a_status_nothing_is_stored() -> None:
    assert not judge(None, "public, max-age=60").storable


def test_quotes_hold_commas_together() -> None:
    assert parse_cache_control('private="a, b", max-age=1') == {"private": "a, b", "max-age": "1"}


dates = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from([DATE, HOUR_AFTER, TEN_DAYS_BEFORE, "Fri, 99 Nov 9999 99:99:99 GMT"]),
)
directives = st.one_of(st.none(), st.text(max_size=40), st.text(alphabet='max-age=ns12,"\\ public', max_size=40))


Answer = tuple[int | None, str | None, str | None, str | None, str | None, str | None]
answers = st.tuples(st.one_of(st.none(), st.integers(100, 599)), directives, dates, dates, directives, dates)


@given(answers)
def test_any_fields_are_judged(answer: Answer) -> None:
    judged = freshness(*answer)
    for lifetime in (judged.lifetime_s, judged.shared_lifetime_s, judged.age_s):
        assert lifetime is None or (math.isfinite(lifetime) and lifetime >= 0)
    assert judged.storable or judged.lifetime_s is None
    assert not (judged.no_store and judged.storable)
    if answer[0] in HEURISTICALLY_CACHEABLE and not judged.no_store:
        assert judged.storable
