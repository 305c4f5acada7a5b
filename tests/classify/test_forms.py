"""What becomes of what a form sends, read from the answers to GET as the WHATWG Fetch standard says of each status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cases
import pyarrow.parquet as pq
import pytest
from runs import make_run

from seoaudit.classify.facts import build_facts
from seoaudit.classify.form_path import Answer, send
from seoaudit.classify.forms import forms, write_forms
from seoaudit.config import Thresholds
from seoaudit.records import Mention, Response
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SITE = "https://example.com"


def table(path: Path, responses: list[str], links: list[str], **more: Any) -> pd.DataFrame:
    """The forms of a site with these answers and mentions, by path or URL of the action."""
    found = forms(cases.facts(cases.Case(name="forms", finds=[], responses=responses, links=links, **more), path))
    return found.set_index(found["action"].str.removeprefix(SITE))


@pytest.mark.parametrize(
    ("status", "method", "verdict"),
    [
        (301, "GET", "body-lost"),
        (302, "GET", "body-lost"),
        (303, "GET", "see-other"),
        (307, "POST", "resent"),
        (308, "POST", "resent"),
    ],
)
def test_each_status_does_to_a_post_what_browsers_do(tmp_path: Path, status: int, method: str, verdict: str) -> None:
    form = table(tmp_path, [f"/send {status} /send/", "/send/ 200"], ["/page form-post /send"]).loc["/send"]
    assert (form["final_method"], form["verdict"]) == (method, verdict)
    assert (form["redirect_statuses"], form["redirect_count"], form["final_url"]) == (str(status), 1, f"{SITE}/send/")
    assert form["chain"] == f"{SITE}/send {status} → {SITE}/send/ 200"
    assert "inferred" in form["sentence"]


def test_a_post_that_became_a_get_is_not_sent_again_to_another_site() -> None:
    answers = {f"{SITE}/a": Answer(301, None, f"{SITE}/b"), f"{SITE}/b": Answer(307, None, "https://other.example/")}
    way = send(f"{SITE}/a", "POST", answers)
    assert (way.method, way.lost_at, way.resent_to) == ("GET", f"{SITE}/a", None)


def test_a_post_that_is_sent_again_over_http_is_sent_in_clear() -> None:
    answers = {f"{SITE}/a": Answer(307, None, "http://example.com/a"), "http://example.com/a": Answer(200, None, None)}
    assert send(f"{SITE}/a", "POST", answers).clear_at == "http://example.com/a"
    assert send(f"{SITE}/a", "GET", answers).clear_at is None


def test_a_circle_ends() -> None:
    answers = {f"{SITE}/a": Answer(307, None, f"{SITE}/b"), f"{SITE}/b": Answer(307, None, f"{SITE}/a")}
    assert send(f"{SITE}/a", "POST", answers).cut


@pytest.mark.parametrize(
    ("answer", "allow", "verdict", "words"),
    [
        ("405", "POST, PUT, DELETE", "not-visible", "answers 405 to GET and allows POST, PUT, DELETE."),
        ("404", None, "not-visible", "Not visible without a POST: the server answers 404 to GET."),
        ("200", "GET, HEAD", "broken", "no POST"),
        ("200", None, "fine", "inferred"),
        ("410", None, "broken", "410"),
        ("503", None, "broken", "503"),
        ("!connect", None, "broken", "nobody listens there"),
        ("!robots", None, "not-asked", "robots.txt forbids it"),
    ],
)
def test_an_action_that_answers_itself(
    tmp_path: Path, answer: str, allow: str | None, verdict: str, words: str
) -> None:
    rows = [{"url": "/send", "allow": allow, "probe": "form"}]
    form = table(tmp_path, [f"/send {answer}"], ["/page form-post /send"], rows=rows).loc["/send"]
    assert form["verdict"] == verdict
    assert words in form["sentence"]


def test_the_method_that_was_asked_by_is_named(tmp_path: Path) -> None:
    rows = [{"url": "/send", "method": "HEAD", "probe": "form"}]
    form = table(tmp_path, ["/send 405"], ["/page form-post /send"], rows=rows).loc["/send"]
    assert form["sentence"] == "Not visible without a POST: the server answers 405 to HEAD."


def test_what_options_allows_counts_as_what_the_answer_allows(tmp_path: Path) -> None:
    asked = [{"of": "/send", "variant": "options", "method": "OPTIONS", "status": 204, "allow": "POST, OPTIONS"}]
    form = table(tmp_path, ["/send 404"], ["/page form-post /send"], variants=asked).loc["/send"]
    assert (form["verdict"], form["allow"]) == ("not-visible", "POST, OPTIONS")
    assert form["sentence"].endswith("answers 404 to GET and allows POST, OPTIONS.")


def test_what_a_post_was_answered_is_no_inference(tmp_path: Path) -> None:
    asked = [
        {"of": "/a", "variant": "post", "method": "POST", "status": 303, "location": "/thanks"},
        {"of": "/b", "variant": "post", "method": "POST", "status": 405},
        {"of": "/c", "variant": "post", "method": "POST", "status": 400},
    ]
    links = ["/page form-post /a", "/page form-post /b", "/page form-post /c"]
    found = table(tmp_path, ["/a 404", "/b 404", "/c 404", "/thanks 200"], links, variants=asked)
    assert list(found["verdict"]) == ["see-other", "broken", "fine"]
    assert list(found["post_status"]) == [303, 405, 400]
    assert not found["sentence"].str.contains("inferred").any()


def test_a_form_says_what_it_holds_and_how_it_is_sent(tmp_path: Path) -> None:
    links = ["/page form-post:password,payment /a", "/page form-get:method=PUT /b", "/page form-post:template /c"]
    found = table(tmp_path, ["/a 200", "/b 200"], links)
    assert found["sensitive"].fillna("").tolist() == ["password, payment", "", ""]
    assert found["method"].tolist() == ["POST", "GET", "POST"]
    assert "HTML knows no method PUT" in found.loc["/b", "sentence"]
    assert found.loc["/c", "verdict"] == "not-asked"
    assert "template" in found.loc["/c", "sentence"]


def test_actions_that_are_no_address_of_the_web(tmp_path: Path) -> None:
    found = table(tmp_path, [], ["/page form-post javascript:void(0)", "/page form-post mailto:a@example.com"])
    assert list(found["verdict"]) == ["not-http"] * 2


def test_a_form_on_ten_thousand_pages_is_one_row(tmp_path: Path) -> None:
    search = Mention(f"{SITE}/search", "form-get", "Search")
    pages = [Response(url=f"{SITE}/{number}", status=200, links=[search]) for number in range(10_000)]
    insecure = Response(url="http://example.com/x", status=200, links=[search, search])
    run = make_run(tmp_path, [*pages, insecure, Response(url=f"{SITE}/search", status=200)])
    facts = build_facts(run, run.read_info(), Thresholds())
    (form,) = forms(facts).to_dict("records")
    assert (form["pages"], form["http_pages"], form["page"], form["text"]) == (10_001, 1, f"{SITE}/0", "Search")
    assert (form["https_page"], form["http_page"]) == (f"{SITE}/0", "http://example.com/x")


def test_a_run_without_forms_has_an_empty_table_with_all_its_columns(tmp_path: Path) -> None:
    facts = cases.facts(cases.Case(name="nothing", finds=[]), tmp_path)
    write_forms(RunFolder(tmp_path), facts)
    assert pq.read_table(RunFolder(tmp_path).table("forms")).schema.equals(FORMS)
