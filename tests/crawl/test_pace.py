"""A host is asked as fast as it bears: less on trouble, more again afterwards, and as slowly as it asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.crawl.pace import MAX_BACKOFF_S, MAX_RETRY_AFTER_S, Pace, Reply, backoff, is_loopback

GOOD = Reply(200, latency=0.1)


def ask(pace: Pace, reply: Reply, now: float, count: int = 1) -> None:
    """So many requests at one moment, all answered alike a tenth of a second later."""
    for _ in range(count):
        pace.begin(now)
    for _ in range(count):
        pace.end(reply, now, now + 0.1)


def test_as_many_at_a_time_as_allowed_and_no_more() -> None:
    pace = Pace("example.com", most=3)
    for _ in range(3):
        assert not pace.full
        pace.begin(0)
    assert pace.full
    pace.end(GOOD, 0, 1)
    assert not pace.full


@pytest.mark.parametrize(
    "reply", [Reply(429), Reply(503), Reply(None, "timeout"), Reply(None, "connect"), Reply(None, "reset")]
)
def test_trouble_halves_the_pace_once_for_all_that_was_on_its_way(reply: Reply) -> None:
    pace = Pace("example.com", most=8)
    ask(pace, reply, 0, count=8)
    assert int(pace.allowed) == 4
    assert pace.reasons.total() == 8
    ask(pace, reply, 10)
    assert int(pace.allowed) == 2
    for now in (20, 30, 40):
        ask(pace, reply, now)
    assert int(pace.allowed) == 1
    assert pace.slowed


def test_good_answers_bring_the_pace_back() -> None:
    pace = Pace("example.com", most=8)
    ask(pace, Reply(429), 0)
    ask(pace, Reply(429), 100)
    for now in range(200, 500):
        ask(pace, GOOD, now)
    assert pace.allowed == 8
    assert not pace.slowed


@pytest.mark.parametrize("status", [200, 301, 404, 500, 502])
def test_other_answers_are_no_trouble_of_the_host(status: int) -> None:
    pace = Pace("example.com")
    ask(pace, Reply(status, latency=0.1), 0, count=8)
    assert pace.allowed == 8
    assert not pace.was_slowed


def test_retry_after_is_kept_and_capped() -> None:
    pace = Pace("example.com")
    ask(pace, Reply(503, retry_after=20), 0)
    assert pace.next_at == pytest.approx(20.1)
    assert pace.waited == pytest.approx(20)
    ask(pace, Reply(429, retry_after=86400), 100)
    assert pace.next_at == pytest.approx(100.1 + MAX_RETRY_AFTER_S)


def test_a_later_answer_that_asks_for_longer_quiet_is_heard_too() -> None:
    pace = Pace("example.com")
    pace.begin(0)
    pace.begin(0)
    pace.end(Reply(429, retry_after=5), 0, 1)
    pace.end(Reply(429, retry_after=60), 0, 1)
    assert pace.next_at == 61


def test_without_retry_after_pauses_double_up_to_a_bound() -> None:
    pace = Pace("example.com")
    pauses = []
    for now in range(0, 1000, 100):
        pace.begin(now)
        pace.end(Reply(429), now, now)
        pauses.append(pace.next_at - now)
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == MAX_BACKOFF_S


def test_a_host_that_refuses_again_and_again_is_asked_ever_further_apart() -> None:
    pace = Pace("example.com", most=1)
    spacings = []
    for now in range(0, 500, 100):
        ask(pace, Reply(429, latency=0.05), now)
        spacings.append(pace.spacing)
    assert spacings == sorted(spacings)
    before = pace.next_at
    pace.begin(before)
    assert pace.next_at == before + pace.spacing


def test_rising_latency_slows_and_falling_latency_lets_go() -> None:
    pace = Pace("example.com")
    for now in range(20):
        ask(pace, Reply(200, latency=0.1), now)
    for now in range(20, 40):
        ask(pace, Reply(200, latency=3.0), now)
    assert pace.allowed < 4
    assert set(pace.reasons) == {"answers that took longer and longer"}
    for now in range(40, 200):
        ask(pace, Reply(200, latency=0.1), now)
    assert pace.allowed == 8


def test_a_slow_host_that_stays_as_slow_as_it_was_is_not_slowed() -> None:
    pace = Pace("example.com")
    for now in range(50):
        ask(pace, Reply(200, latency=2.0 + now % 3), now)
    assert pace.allowed == 8


def test_a_host_of_ones_own_is_not_slowed_by_its_latency() -> None:
    pace = Pace("127.0.0.1", hurried=True)
    for now in range(50):
        ask(pace, Reply(200, latency=0.01 if now < 20 else 9.0), now)
    assert pace.allowed == 8


def test_an_interval_is_kept_between_two_starts() -> None:
    pace = Pace("example.com", interval=0.5)
    starts = []
    now = 0.0
    for _ in range(4):
        now = max(now, pace.next_at)
        starts.append(now)
        pace.begin(now)
    assert starts == [0, 0.5, 1.0, 1.5]


def test_the_account_says_what_slowed_it_and_how_far() -> None:
    pace = Pace("example.com")
    ask(pace, Reply(429, retry_after=30), 0, count=3)
    ask(pace, Reply(None, "timeout"), 100)
    assert pace.account() == (
        "example.com was asked 2 at a time at the slowest, with pauses of 30 s in all, after 3 answers 429, 1 timeouts"
    )
    assert pace.was_slowed


@given(st.lists(st.sampled_from([GOOD, Reply(429), Reply(503, retry_after=1), Reply(None, "timeout")]), max_size=200))
def test_the_pace_stays_within_its_bounds_whatever_comes(replies: list[Reply]) -> None:
    pace = Pace("example.com", most=8)
    now = 0.0
    for reply in replies:
        now = max(now + 0.01, pace.next_at)
        ask(pace, reply, now)
        assert 1 <= pace.allowed <= 8
        assert 0 <= pace.next_at - now <= MAX_RETRY_AFTER_S + 1
    assert pace.in_flight == 0


def test_pauses_before_a_retry_grow_and_are_short_on_a_host_of_ones_own() -> None:
    assert [backoff(times, hurried=False) for times in range(5)] == [1, 2, 4, 8, 8]
    assert backoff(100, hurried=True) < 0.2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("localhost", True),
        ("shop.localhost", True),
        ("10.0.0.1", False),
        ("[2001:db8::1]", False),
        ("example.com", False),
        ("localhost.example.com", False),
    ],
)
def test_loopback_is_this_machine(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected
