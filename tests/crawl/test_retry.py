"""What may pass is asked again, a bounded number of times; an origin that is away is not mistaken for broken URLs."""

from __future__ import annotations

import pytest

from seoaudit.crawl.pace import Reply
from seoaudit.crawl.retry import (
    FAILURES_OF_A_DEAD_ORIGIN,
    FAILURES_OF_A_LOST_ORIGIN,
    MAX_RETRIES,
    MAX_RETRIES_WHEN_REFUSED,
    RETRIES_AT_FIRST,
    RETRIES_PER_ANSWER,
    Health,
)

REFUSED = Reply(None, "connect", connected=False, detail="Connection refused")


def alive() -> Health:
    return Health(answers=1)


def tries(reply: Reply) -> int:
    """How often one URL is asked again when it always answers so."""
    health = alive()
    retries = 0
    while health.judge(reply, retries, 0) == "retry":
        retries += 1
    return retries


@pytest.mark.parametrize(
    "reply", [Reply(None, "timeout"), Reply(None, "reset"), *map(Reply, (502, 504, 520, 522, 524))]
)
def test_what_may_pass_is_asked_again_twice(reply: Reply) -> None:
    assert tries(reply) == MAX_RETRIES == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_patience_gets_more(status: int) -> None:
    assert tries(Reply(status)) == MAX_RETRIES_WHEN_REFUSED == 4


@pytest.mark.parametrize(
    "reply",
    [
        *map(Reply, (200, 301, 404, 410, 500, 501, 508)),
        Reply(None, "dns"),
        Reply(None, "tls"),
        Reply(None, "malformed"),
        Reply(None, "invalid-url"),
        Reply(200, "too-large"),
    ],
)
def test_what_will_not_pass_is_recorded_at_once(reply: Reply) -> None:
    assert tries(reply) == 0


def test_where_everything_fails_retries_do_not_multiply_the_crawl() -> None:
    health = alive()
    retried = sum(health.judge(Reply(502), 0, 0) == "retry" for _ in range(1000))
    assert retried == RETRIES_AT_FIRST + 1000 * RETRIES_PER_ANSWER + 1


def test_an_origin_that_never_answered_is_given_up_after_a_few_failures() -> None:
    health = Health()
    verdicts = [health.judge(REFUSED, retries, 0) for retries in range(FAILURES_OF_A_DEAD_ORIGIN)]
    assert verdicts == ["retry", "retry", "record"]
    assert health.lost
    assert health.last_words == "connect: Connection refused"


def test_an_origin_that_answered_before_is_waited_for_and_its_urls_lose_no_try() -> None:
    health = alive()
    assert [health.judge(REFUSED, 0, 10.0) for _ in range(5)] == ["wait"] * 5
    assert health.quiet_until > 10
    assert not health.lost
    assert health.judge(Reply(200), 0, 20.0) == "record"
    assert health.failures == 0


def test_an_origin_that_stays_away_is_given_up_at_last() -> None:
    health = alive()
    for _ in range(FAILURES_OF_A_LOST_ORIGIN):
        assert not health.lost
        health.judge(REFUSED, 0, 0)
    assert health.lost


def test_a_url_that_hangs_on_a_host_that_listens_is_the_urls_fault() -> None:
    health = alive()
    assert [health.judge(Reply(None, "timeout"), retries, 0) for retries in range(3)] == ["retry", "retry", "record"]
    assert health.failures == 0
