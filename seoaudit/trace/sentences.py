"""What each hop, and the whole way, amounts to: one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.http.status import STATUSES

if TYPE_CHECKING:
    from seoaudit.trace.walk import Hop, Trace


def hop_sentence(trace: Trace, hop: Hop) -> str:
    """What the client does after this hop, and what gets lost or shown on the way."""
    subject = trace.client.subject
    clear = " The body went over http, in clear." if _in_clear(hop) else ""
    if hop.next is None:
        return f"{trace.end.why}{clear}"
    if hop.answered is None:
        return f"{subject} knows from {hop.known_from} that {urls.split(hop.request.url).host} is to be asked over https, and sends nothing over http."
    parts = [f"{subject} asks again by {hop.next.method}{_body_words(hop)}"]
    if hop.dropped_for_reach:
        names = " and ".join(hop.dropped_for_reach)
        parts.append(f"{names} {'stays' if len(hop.dropped_for_reach) == 1 else 'stay'} behind")
    return f"{'; '.join(parts)}.{clear}{_remarks(trace, hop)}"


def _body_words(hop: Hop) -> str:
    assert hop.next is not None
    if not hop.request.body:
        return ""
    return ", with the body" if hop.next.body else ", without the body"


def _remarks(trace: Trace, hop: Hop) -> str:
    assert hop.next is not None
    status = hop.answered.status if hop.answered is not None else None
    request, following = hop.request, hop.next
    remarks = []
    if status in trace.client.may_become_get and request.method == "POST":
        remarks.append(f"{status} lets a client change POST to GET (MAY); this one does not.")
    if request.chosen and trace.client.chosen_method_stays and hop.request.body and not following.body:
        remarks.append(f"-X keeps {request.method} although the body is gone; -d alone would become GET.")
    if "@" in following.url.split("/", 3)[2]:
        remarks.append("The target names a user or password for all to see.")
    if _is_upgraded(trace, hop):
        remarks.append("It turns that URL into https by itself.")
        return "".join(f" {remark}" for remark in remarks)
    if urls.split(request.url).scheme == "https" and urls.split(following.url).scheme == "http":
        remarks.append("It leaves https.")
    if following.body and urls.split(following.url).origin != urls.split(request.url).origin:
        remarks.append(f"The body goes to another origin, {urls.split(following.url).origin}.")
    return "".join(f" {remark}" for remark in remarks)


def _in_clear(hop: Hop) -> bool:
    """Whether a body was sent over http."""
    return bool(hop.request.body) and hop.answered is not None and urls.split(hop.request.url).scheme == "http"


def _is_upgraded(trace: Trace, hop: Hop) -> bool:
    """Whether HSTS changes the next request before it is sent."""
    number = next(index for index, other in enumerate(trace.hops) if other is hop) + 1
    return number < len(trace.hops) and trace.hops[number].answered is None


def verdict(trace: Trace) -> str:
    """The whole way in one sentence."""
    count = trace.redirects
    way = "1 redirect" if count == 1 else f"{count} redirects"
    if trace.end.kind != "answer":
        return trace.end.why if not count or trace.end.kind == "loop" else f"After {way}: {trace.end.why}"
    assert trace.last.answered is not None
    status = trace.last.answered.status
    clear = next((number for number, hop in enumerate(trace.hops, 1) if _in_clear(hop)), None)
    bared = "" if clear is None else f"; it went in clear at hop {clear}"
    lost = next((hop for hop in trace.hops if hop.request.body and hop.next is not None and not hop.next.body), None)
    if lost is not None:
        return f"{status} after {way}; the body was lost at hop {trace.hops.index(lost) + 1}, {_how(lost)}{bared}."
    arrived = f"; the body arrived{bared}" if trace.hops[0].request.body else ""
    return f"{status} after {way}{arrived}." if count else f"{status} at once{arrived}."


def _how(hop: Hop) -> str:
    assert hop.next is not None
    assert hop.answered is not None
    status = hop.answered.status
    if hop.mechanism != "location" or status is None:
        return "by a refresh, which is always GET"
    name = STATUSES[status].name if status in STATUSES else ""
    if status == 303:
        return f"as {status} {name} means it"
    kept = hop.next.method == hop.request.method
    becomes = f"{hop.request.method} goes on without it" if kept else f"{hop.request.method} became {hop.next.method}"
    return f"by {status} {name} ({becomes}); 307 or 308 would keep it"
