"""A trace as plain facts, the same for programs and for tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from seoaudit import urls
from seoaudit.http.caching import freshness
from seoaudit.http.hsts import is_address
from seoaudit.http.status import STATUSES
from seoaudit.trace.comparison import partings
from seoaudit.trace.hsts import policy_of
from seoaudit.trace.sentences import hop_sentence, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.crawl.single import Answered
    from seoaudit.trace.walk import Hop, Trace

_FOREVER = timedelta(days=36500)


def trace_facts(trace: Trace) -> dict[str, Any]:
    """One client's way: `client`, `end`, `verdict`, where it ended, and `hops` (`hop_facts`)."""
    last = trace.last
    return {
        "client": trace.client.name,
        "source": trace.client.source,
        "end": trace.end.kind,
        "verdict": verdict(trace),
        "final_url": last.request.url,
        "final_status": last.answered.status if last.answered is not None else None,
        "final_method": last.request.method,
        "final_body_bytes": _size(last.request.body),
        "redirects": trace.redirects,
        "headers_dropped": list(dict.fromkeys(name for hop in trace.hops for name in hop.dropped)),
        "hops": [hop_facts(trace, number, hop) for number, hop in enumerate(trace.hops, 1)],
    }


def comparison_facts(traces: Sequence[Trace]) -> dict[str, Any]:
    """Every client's way, and `partings`: where each parts from the first, and what both do there."""
    return {
        "clients": [trace_facts(trace) for trace in traces],
        "partings": [found._asdict() for found in partings(traces)],
    }


def hop_facts(trace: Trace, number: int, hop: Hop) -> dict[str, Any]:
    """One hop; times in UTC, latency in milliseconds, null for what is not known or does not apply."""
    request, following = hop.request, hop.next
    facts: dict[str, Any] = {
        "hop": number,
        "url": request.url,
        "scheme": urls.split(request.url).scheme,
        "method": request.method,
        "headers": list(request.fields),
        "body_bytes": _size(request.body),
        "internal": hop.answered is None,
        "mechanism": hop.mechanism,
        "next_url": following.url if following else None,
        "next_method": following.method if following else None,
        "body": _body(hop),
        "headers_dropped": list(hop.dropped),
        "location": hop.location.raw if hop.location else None,
        "location_count": hop.location.count if hop.location else 0,
        "location_url": hop.location.url if hop.location else None,
        "refresh": hop.lead._asdict() if hop.lead else None,
        "sentence": hop_sentence(trace, hop),
    }
    return facts | (_internal() if hop.answered is None else _answer(hop, hop.answered))


def _internal() -> dict[str, Any]:
    """The redirect that a browser makes up for itself."""
    answer = dict.fromkeys(
        ("error", "detail", "protocol", "ip_address", "certificate_error", "latency_ms", "hsts", "cacheable_until")
    )
    return {
        **answer,
        "status": 307,
        "reason": "Internal Redirect (Non-Authoritative-Reason: HSTS)",
        "hsts_note": None,
        "cookies_set": [],
        "cacheable": False,
        "cacheable_note": "no: nothing was asked",
    }


def _answer(hop: Hop, answered: Answered) -> dict[str, Any]:
    hsts = answered.text("Strict-Transport-Security")
    names = (value.partition(b";")[0].partition(b"=")[0].strip() for value in answered.values("Set-Cookie"))
    return {
        "status": answered.status,
        "reason": STATUSES[answered.status].name if answered.status in STATUSES else None,
        "error": answered.error if hop.next is None else None,
        "detail": answered.detail if hop.next is None else None,
        "protocol": answered.protocol,
        "ip_address": answered.ip_address,
        "certificate_error": answered.certificate_error,
        "latency_ms": answered.latency_ms,
        "hsts": hsts,
        "hsts_note": _hsts_note(answered, hop.request.url),
        "cookies_set": [name.decode("latin-1") for name in names],
        **_cacheable(hop, answered),
    }


def _hsts_note(answered: Answered, url: str) -> str | None:
    """Why a policy counts for nothing, None where it counts or there is none."""
    parts, policy = urls.split(url), policy_of(answered.values("Strict-Transport-Security"))
    if policy is None:
        return None
    if parts.scheme == "http":
        return "ignored: it came over http"
    if is_address(parts.host):
        return "ignored: the host is an IP address"
    if answered.certificate_error is not None:
        return "ignored: the certificate is bad"
    if not policy.valid:
        return f"ignored: {policy.problems[0]}"
    return None if policy.active else "takes the policy back"


def _cacheable(hop: Hop, answered: Answered) -> dict[str, Any]:
    note, until = _storage(hop, answered)
    return {"cacheable": not note.startswith("no"), "cacheable_until": until, "cacheable_note": note}


def _storage(hop: Hop, answered: Answered) -> tuple[str, str | None]:
    """Whether and until when a browser may answer from its cache, in words and as a moment."""
    if answered.status is None:
        return "no", None
    if hop.request.method not in ("GET", "HEAD"):
        return f"no: it answers {hop.request.method}", None
    text = answered.text
    found = freshness(
        answered.status,
        text("Cache-Control"),
        text("Expires"),
        text("Date"),
        text("Age"),
        text("Last-Modified"),
    )
    if not found.storable:
        return "no: no-store" if found.no_store else f"no: {answered.status} without a lifetime is not kept", None
    if found.lifetime_s is None:
        return "as long as the browser likes: no lifetime is given", None
    left = found.lifetime_s - (found.age_s or 0)
    if left <= 0:
        return "kept, but asked again each time", None
    until = datetime.fromtimestamp(answered.at, UTC) + min(timedelta(seconds=left), _FOREVER)
    return f"until {until:%Y-%m-%d %H:%M:%S} UTC", until.isoformat(timespec="seconds")


def _body(hop: Hop) -> str | None:
    if not hop.request.body or hop.next is None:
        return None
    return "kept" if hop.next.body else "dropped"


def _size(body: bytes | None) -> int | None:
    return None if body is None else len(body)
