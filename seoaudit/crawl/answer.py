"""What came back for one request, in one shape whichever client asked and whether or not it failed."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from scrapy.utils.log import failure_to_exc_info

from seoaudit.crawl.pace import Reply
from seoaudit.crawl.transfer import Unanswered
from seoaudit.http.retry_after import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from seoaudit.records import FetchError

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Answer:
    """What the client got: the first status and headers, the decoded body, and a fault that came after them."""

    status: int | None = None
    headers: Mapping[bytes, Sequence[bytes]] = field(default_factory=dict)
    body: bytes = b""
    body_bytes: int | None = None
    error: FetchError | None = None
    error_detail: str | None = None
    latency_ms: float | None = None
    protocol: str | None = None
    ip_address: str | None = None
    certificate_error: str | None = None
    fetched_at: float | None = None
    method: str = "GET"
    connected: bool = True

    def values(self, name: bytes) -> Sequence[bytes]:
        """Every field line of this name."""
        return self.headers.get(name, ())

    def reply(self) -> Reply:
        """What politeness must know of it."""
        return Reply(
            self.status,
            self.error,
            self.latency_ms / 1000 if self.latency_ms is not None else None,
            parse_retry_after(self.text(b"Retry-After"), self.fetched_at or 0.0),
            self.connected,
            self.error_detail,
        )

    def text(self, name: bytes) -> str | None:
        """The field lines joined as RFC 9110, 5.3 allows; None where there is none."""
        values = self.values(name)
        return ", ".join(header_text(value) for value in values) if values else None


def header_text(value: bytes) -> str:
    """A field value as text: UTF-8, else latin-1, so that no byte is lost."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def answer_of(response: Response, meta: Mapping[str, Any]) -> Answer:
    """The answer in a response; `meta` is its request's. The handler's flags are our words for faults."""
    return Answer(
        status=response.status,
        headers=fields if (fields := meta.get("fields")) is not None else dict(response.headers.items()),
        body=response.body,
        body_bytes=meta.get("body_bytes"),
        error=cast("FetchError | None", next(iter(response.flags), None)),
        error_detail=meta.get("error_detail"),
        latency_ms=_milliseconds(meta),
        protocol=response.protocol,
        ip_address=meta.get("ip_address"),
        certificate_error=meta.get("certificate_error"),
        fetched_at=time.time(),
    )


def answer_of_failure(failure: Failure, request: Request) -> Answer:
    """The answer in a failure; one that our handler did not foresee is logged with its traceback."""
    error = failure.value
    if isinstance(error, Unanswered):
        return Answer(
            error=error.error,
            error_detail=error.detail,
            latency_ms=_milliseconds(request.meta),
            fetched_at=time.time(),
            connected=request.meta.get("connected", True),
        )
    logger.error("asking %s failed in an unforeseen way", request.url[:200], exc_info=failure_to_exc_info(failure))
    return Answer(error="malformed", error_detail=f"{type(error).__name__}: {error}", fetched_at=time.time())


def _milliseconds(meta: Mapping[str, Any]) -> float | None:
    seconds = meta.get("download_latency")
    return round(seconds * 1000, 3) if seconds else None
