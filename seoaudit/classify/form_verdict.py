"""The verdict on one form, in one word and one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from seoaudit import urls
from seoaudit.classify.form_path import is_respelled, may_answer_a_post

if TYPE_CHECKING:
    from seoaudit.classify.form_path import Way
    from seoaudit.records import FormVerdict

FOUND = 302
SEE_OTHER = 303
_ERRORS_OF_POST = frozenset({404, 405, 410, 501})
_GONE = 410
_NOT_IMPLEMENTED = 501

_INFERRED = " (inferred: the URLs were asked, and no form was sent)"
_ERROR_WORDS = {
    "dns": "the host has no address",
    "connect": "nobody listens there",
    "tls": "the handshake or the certificate failed",
    "timeout": "no answer came in time",
    "reset": "the connection ended early",
    "malformed": "what came is not an HTTP response",
    "too-large": "the body passed the size limit",
    "invalid-url": "no client can ask it",
}


@dataclass(frozen=True, kw_only=True)
class Form:
    """One form: where it sends, by which method, an example page, the words of `links.rel`, and the action's Allow field."""

    action: str
    method: str
    page: str | None
    words: frozenset[str]
    allow: str | None


class Judgement(NamedTuple):
    """A word of `FormVerdict`, the sentence that explains it, and whether a redirect that loses the body only mends the spelling."""

    verdict: FormVerdict
    sentence: str
    respelled: bool = False


def judge_form(form: Form, way: Way, *, observed: bool) -> Judgement:
    """What becomes of what the form sends; `observed` when the action was asked by the form's own method.

    The first of these that holds: no address of the web, sent in clear, endless, handed to another site, lost, not asked,
    not answered, answered.
    """
    if not urls.is_web(form.action):
        return Judgement("not-http", f"It sends to {form.action}, which is no address of the web.")
    inferred = "" if observed or form.method == "GET" else _INFERRED
    if judgement := _in_clear(form, way, inferred) or _moved(form, way, inferred):
        return judgement
    if "template" in form.words and not way.asked:
        return Judgement(
            "not-asked", "It lies in a template, which does nothing until a script uses it: it was not asked."
        )
    if judgement := _unanswered(way):
        return judgement
    return _get(form, way) if form.method == "GET" else _post(form, way, inferred, observed=observed)


def _in_clear(form: Form, way: Way, inferred: str) -> Judgement | None:
    if way.clear_at is None:
        return None
    if way.clear_at != way.url_list[0]:
        passed = (
            f"The {form.method} is sent again to {way.clear_at}, over plain HTTP, where anybody on the way can read it"
        )
        return Judgement("sent-in-clear", f"{passed}{inferred}.")
    start = f"What is typed goes to {form.action} over plain HTTP"
    if any(url.startswith("https:") for url in way.url_list[1:]):
        lost = "; that the server then redirects to https comes too late"
        gone = ", and the redirect turns the POST into a GET, so the data is lost as well" if way.lost_at else ""
        return Judgement("sent-in-clear", f"{start}{lost}{gone}{inferred if gone else ''}.")
    return Judgement("sent-in-clear", f"{start}: anybody on the way can read and change it.")


def _unanswered(way: Way) -> Judgement | None:
    if way.error == "robots" or not way.asked:
        where = "The action" if not way.redirects else f"Where it leads, {way.final_url},"
        why = "robots.txt forbids it" if way.error == "robots" else "the audit did not come to it"
        return Judgement("not-asked", f"{where} was not asked: {why}.")
    if way.final_status is None:
        words = _ERROR_WORDS.get(way.error or "", "no answer came")
        return Judgement("broken", f"{way.final_url} does not answer: {words}.")
    return None


def _moved(form: Form, way: Way, inferred: str) -> Judgement | None:
    if way.cut:
        return Judgement("broken", f"Its redirects never end: {' → '.join(way.url_list[:4])} → …{inferred}.")
    if way.resent_to is not None:
        sentence = (
            f"Status {_codes(way)} sends the POST with everything in it again to {way.resent_to}, on another site"
        )
        return Judgement("resent-elsewhere", f"{sentence}{inferred}.")
    if way.lost_at is None or way.lost_to is None:
        return None
    respelled = is_respelled(way.lost_at, way.lost_to)
    if way.lost_by == SEE_OTHER:
        after = f"It answers 303 and leads to {way.lost_to} by GET, as is right after a POST"
        return Judgement("see-other", f"{after}{inferred}.")
    if way.lost_by == FOUND and not respelled and (answer := _found(form, way, inferred)):
        return answer
    sentence = (
        f"{way.lost_at} answers {way.lost_by}: browsers then ask {way.lost_to} by GET, without the body of the POST"
    )
    return Judgement("body-lost", f"{sentence}{inferred}.", respelled)


def _found(form: Form, way: Way, inferred: str) -> Judgement | None:
    """A 302 to another page: many applications answer a POST that they have read with it, where 303 is meant."""
    if not inferred and way.lost_at == way.url_list[0]:
        after = f"It answers the POST with 302 and leads to {way.lost_to} by GET"
        return Judgement("see-other", f"{after}; 303 says the same without room for doubt.")
    if may_answer_a_post(way.lost_to or "", form.page or ""):
        asked = f"The action answers 302 to who only asks, and leads to {way.lost_to}"
        return Judgement("unclear", f"{asked}; a POST may be answered so when it was read, or may be lost{inferred}.")
    return None


def _get(form: Form, way: Way) -> Judgement:
    unknown = next((word.removeprefix("method=") for word in sorted(form.words) if word.startswith("method=")), None)
    note = f" HTML knows no method {unknown}: browsers send GET." if unknown else ""
    status = way.final_status or 0
    if status >= 400:
        return Judgement("broken", f"{way.final_url} answers {status} to what the form asks.{note}")
    for url, target in zip(way.url_list, way.url_list[1:], strict=False):
        dropped = "?" in url and "?" not in target
        if dropped or not is_respelled(url, target):
            seen = "its query is dropped" if dropped else "whether the query goes along was not seen (inferred)"
            return Judgement("query-dropped", f"{url} redirects to {target}: {seen}.{note}")
    way_there = f" after {_codes(way)}, which keeps the query as far as is known" if way.redirects else ""
    return Judgement("fine", f"The server answers {status} to {way.asked_by}{way_there}.{note}")


def _post(form: Form, way: Way, inferred: str, *, observed: bool) -> Judgement:
    status = way.final_status or 0
    end = "" if not way.redirects else f" {way.final_url}"
    allowed = [word.upper() for word in re.findall(r"[A-Za-z]+", form.allow or "")]
    if observed and not way.redirects:
        refused = status in _ERRORS_OF_POST or status >= 500
        return Judgement("broken" if refused else "fine", f"The server answers {status} to an empty POST.")
    if allowed and "POST" not in allowed:
        return Judgement("broken", f"The server allows {', '.join(allowed)}, and no POST{inferred}.")
    if status == _GONE or (status >= 500 and status != _NOT_IMPLEMENTED):
        return Judgement("broken", f"The server answers {status} to {way.asked_by}{end}{inferred}.")
    if status >= 400:
        allows = f" and allows {', '.join(allowed)}" if allowed else ""
        return Judgement(
            "not-visible", f"Not visible without a POST: the server answers {status} to {way.asked_by}{end}{allows}."
        )
    if way.redirects:
        return Judgement(
            "resent", f"Status {_codes(way)} keeps the method: browsers send the POST again to{end}{inferred}."
        )
    return Judgement(
        "fine", f"The server answers {status} to {way.asked_by}, and nothing sends the POST elsewhere{inferred}."
    )


def _codes(way: Way) -> str:
    return ", then ".join(map(str, way.statuses[: way.redirects]))
