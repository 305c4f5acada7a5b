"""A form is a mention that says how it is sent and what it asks for, whichever way its fields belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seoaudit.crawl.page import MAX_ACTION, read_page
from seoaudit.crawl.resolver import Resolver

if TYPE_CHECKING:
    from seoaudit.records import Mention

URL = "https://example.com/dir/page?q=1"


def forms(html: str) -> list[Mention]:
    found = read_page(html, URL, "utf-8", Resolver()).mentions
    return [mention for mention in found if mention.element.startswith("form-")]


def only(html: str) -> Mention:
    (found,) = forms(html)
    return found


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("<input name=q>", None),
        ("<input type=PASSWORD>", "password"),
        ("<input type=password><input type=password>", "password"),
        ('<input autocomplete="section-a billing cc-number">', "payment"),
        ("<select autocomplete=cc-exp-month></select>", "payment"),
        ("<input name=card-number>", "payment"),
        ("<input name='payment[cardNumber]'>", "payment"),
        ("<input id=cc_num>", "payment"),
        ("<input name=cvv>", "payment"),
        ("<input type=password><input name=cvc2>", "password payment"),
        ("<input name=discard><input name=postcard-notes><input name=acceptance>", None),
        ("<input type=hidden name=cvv>", None),
        ("<div><p><span><input type=password></span></p></div>", "password"),
    ],
)
def test_its_fields_are_words_in_rel(fields: str, words: str | None) -> None:
    assert only(f"<form action=/x>{fields}</form>").rel == words


@pytest.mark.parametrize(
    "html",
    [
        "<input form=f type=password><form id=f action=/x></form>",
        "<form id=f action=/x></form><p><input form=f type=password></p>",
        "<table><form action=/x><tr><td><input type=password></td></tr></form></table>",
        "<table><tr><form action=/x><td><input type=password></td></form></tr></table>",
    ],
)
def test_fields_outside_of_it_belong_to_it_as_in_a_browser(html: str) -> None:
    assert only(html).rel == "password"


def test_fields_of_another_form_or_of_none_do_not() -> None:
    html = "<input type=password><form action=/x><input form=f type=password><input form=none name=cvv></form><form id=f action=/y></form>"
    assert [(mention.href, mention.rel) for mention in forms(html)] == [("/x", None), ("/y", "password")]


@pytest.mark.parametrize(
    ("method", "element", "words"),
    [
        ("get", "form-get", None),
        ("Post", "form-post", None),
        ("PUT", "form-get", "method=PUT"),
        ("delete it", "form-get", "method=DELETEIT"),
        ("x" * 100, "form-get", f"method={'X' * 20}"),
        ("", "form-get", None),
    ],
)
def test_a_method_that_html_does_not_know_is_sent_as_get_and_named(
    method: str, element: str, words: str | None
) -> None:
    found = only(f'<form action=/x method="{method}"></form>')
    assert (found.element, found.rel) == (element, words)


@pytest.mark.parametrize(
    ("action", "target", "href"),
    [
        ("javascript:void(0)", "javascript:void(0)", None),
        ("JavaScript:send()", "javascript:send()", "JavaScript:send()"),
        ("mailto:shop@example.com", "mailto:shop@example.com", None),
        (" ", URL, None),
        ("#top", URL, "#top"),
        ("?page=2", "https://example.com/dir/page?page=2", "?page=2"),
        ("//other.example", "https://other.example/", "//other.example"),
    ],
)
def test_an_action_is_kept_whatever_its_scheme(action: str, target: str, href: str | None) -> None:
    found = only(f'<form method=post action="{action}"></form>')
    assert (found.target, found.href) == (target, href)


def test_a_long_script_as_an_action_is_cut() -> None:
    found = only(f"<form action='javascript:{'x' * 100_000}'></form>")
    assert len(found.target) == MAX_ACTION
    assert len(found.href or "") <= MAX_ACTION


def test_an_action_that_is_no_url_is_no_mention() -> None:
    assert forms("<form action='https://[/'></form>") == []


def test_an_action_on_a_page_with_a_base_is_resolved_against_it_and_none_is_the_page() -> None:
    html = "<base href=https://other.example/sub/><form action=x></form><form></form>"
    assert [mention.target for mention in forms(html)] == ["https://other.example/sub/x", URL]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<form aria-label='Sign in' name=f><button>Go</button></form>", "Sign in"),
        ("<form name=f><button type=button>Show</button><button> Log\n in </button></form>", "Log in"),
        ("<form name=f><input type=submit value=Send></form>", "Send"),
        ("<form name=f id=g></form>", "f"),
        ("<form id=g></form>", "g"),
        ("<form></form>", None),
    ],
)
def test_it_is_called_what_a_reader_would_call_it(html: str, text: str | None) -> None:
    assert only(html).text == text


def test_a_button_that_sends_elsewhere_is_a_mention_of_its_own_with_the_words_of_its_form() -> None:
    html = "<form method=post action=/x><input type=password><button formaction=/y formmethod=put>Other</button></form>"
    assert [(mention.element, mention.href, mention.rel, mention.text) for mention in forms(html)] == [
        ("form-post", "/x", "password", "Other"),
        ("form-get", "/y", "password formaction method=PUT", "Other"),
    ]


def test_forms_inside_a_template_are_inert_but_in_a_shadow_root_they_are_not() -> None:
    html = (
        "<template><form action=/a><input type=password></form><template><form action=/b></form></template></template>"
        "<template shadowrootmode=open><form action=/c></form></template><template><p>no form</p></template>"
    )
    assert [(mention.href, mention.rel) for mention in forms(html)] == [
        ("/a", "password template"),
        ("/b", "template"),
        ("/c", None),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<form>" * 20_000 + "<input>" * 20_000,
        "<form action=/x>" + "<div>" * 500 + "<input type=password>" * 50_000,
        "<template>" * 1000 + "<form action=/x>" * 1000,
        "<table>" + "<form action=/x></form><tr><td><input type=password>" * 5000,
        "".join(f"<form id=f{n}></form><input form=f{n} type=password>" for n in range(10_000)),
    ],
    ids=["forms", "deep fields", "templates", "tables", "named forms"],
)
def test_no_form_costs_more_than_its_length(html: str) -> None:
    """Reading ends: a time that grows with the square of these would be minutes."""
    assert forms(html)
