"""Which failures may pass, how often a URL is asked again, and when an origin is given up (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seoaudit.crawl.pace import REFUSALS, Reply, backoff

if TYPE_CHECKING:
    from seoaudit.records import FetchError

PASSING_ERRORS: frozenset[FetchError | None] = frozenset({"connect", "timeout", "reset"})
"""Failures that may be gone a moment later. A name that is not known and a certificate that is wrong stay so."""

PASSING_STATUSES = frozenset({429, 502, 503, 504, 520, 521, 522, 523, 524})
"""Too many requests (RFC 6585, 4), a gateway's trouble (RFC 9110, 15.6.3 to 15.6.5), and Cloudflare's (its documentation, "5xx errors")."""

MAX_RETRIES = 2
MAX_RETRIES_WHEN_REFUSED = 4
"""429 and 503 speak of us and the moment more than of the URL."""

RETRIES_AT_FIRST = 20
RETRIES_PER_ANSWER = 0.25
"""An origin gets this many retries at once and one more in four answers: where everything fails, retries must not multiply the crawl."""

FAILURES_OF_A_DEAD_ORIGIN = 3
"""One that never answered and failed this often in a row is not asked again."""

FAILURES_OF_AN_UNMENTIONED_ORIGIN = 2
"""The same for an origin that nothing on the site mentions: it may well not be there, and waiting for it costs time."""

FAILURES_OF_A_LOST_ORIGIN = 20
"""One that answered before is tried this often in a row, two minutes in all, before it is given up: a restart takes less."""

Verdict = Literal["record", "retry", "wait"]
"""`wait`: it is the origin that is away, not the URL; the URL waits for it and loses no try."""


@dataclass(slots=True)
class Health:
    """Whether one origin answers.

    `lost`: it is not asked any more; `hurried`: it is one's own and need not be spared; `patience`: failures in a row until one
    that never answered is given up.
    """

    hurried: bool = False
    patience: int = FAILURES_OF_A_DEAD_ORIGIN
    answers: int = 0
    failures: int = 0
    retries: int = 0
    quiet_until: float = 0.0
    last_failure: Reply | None = None

    @property
    def lost(self) -> bool:
        """Whether there is no point in asking it."""
        return self.failures >= (FAILURES_OF_A_LOST_ORIGIN if self.answers else self.patience)

    @property
    def last_words(self) -> str:
        """How it failed at last."""
        failure = self.last_failure
        return "" if failure is None else f"{failure.error}: {failure.detail}" if failure.detail else str(failure.error)

    def judge(self, reply: Reply, retries: int, now: float) -> Verdict:
        """Learn from one answer, and say what becomes of its URL, asked `retries` times before."""
        if not reply.is_failure:
            self.answers += 1
            self.failures = 0
        elif not self.answers or not reply.connected:
            self.failures += 1
            self.last_failure = reply
            if self.answers:
                self.quiet_until = now + backoff(self.failures - 1, hurried=self.hurried)
                return "wait"
        return "retry" if self._may_pass(reply, retries) else "record"

    def _may_pass(self, reply: Reply, retries: int) -> bool:
        passing = reply.status in PASSING_STATUSES if reply.status is not None else reply.error in PASSING_ERRORS
        most = MAX_RETRIES_WHEN_REFUSED if reply.status in REFUSALS else MAX_RETRIES
        budget = RETRIES_AT_FIRST + RETRIES_PER_ANSWER * self.answers
        if not passing or retries >= most or self.retries >= budget or (self.lost and not self.answers):
            return False
        self.retries += 1
        return True
