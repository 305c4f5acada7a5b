"""The Link field as RFC 8288 has it, and garbage beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.http.link_header import LinkValue, parse_link_header


def test_every_link_of_every_field_is_read() -> None:
    assert parse_link_header(['<https://a.example/>; rel="canonical", </de>;rel=alternate;hreflang=de', "<b>"]) == [
        LinkValue("https://a.example/", {"rel": "canonical"}),
        LinkValue("/de", {"rel": "alternate", "hreflang": "de"}),
        LinkValue("b", {}),
    ]


def test_commas_and_semicolons_in_targets_and_quotes_do_not_separate() -> None:
    assert parse_link_header(['</a,b;c>; title="x, \\"y\\"; <z>"; rel=next, </d>']) == [
        LinkValue("/a,b;c", {"title": 'x, "y"; <z>', "rel": "next"}),
        LinkValue("/d", {}),
    ]


def test_the_first_of_each_parameter_counts_in_any_case() -> None:
    assert parse_link_header(["</a>; REL=prev; rel=next"]) == [LinkValue("/a", {"rel": "prev"})]


def test_whitespace_empty_parameters_and_parameters_without_value_are_taken() -> None:
    assert parse_link_header([" ,, < /a > ;; rel = x ; crossorigin ; "]) == [
        LinkValue("/a", {"rel": "x", "crossorigin": ""})
    ]


@pytest.mark.parametrize("garbage", ["/b; rel=x", "rel=x", "<<", "x</b>", '"</b>, </c>"', "=;"])
def test_garbage_costs_no_other_link(garbage: str) -> None:
    assert parse_link_header([f"</a>, {garbage}, </z>"]) == [LinkValue("/a", {}), LinkValue("/z", {})]


def test_what_is_cut_off_keeps_what_was_read() -> None:
    assert parse_link_header(['</a>; rel="next']) == [LinkValue("/a", {"rel": "next"})]
    assert parse_link_header(["</a>, </b"]) == [LinkValue("/a", {})]


@given(st.lists(st.one_of(st.text(), st.text(alphabet='<>;,="\\ ar/\t', max_size=40)), max_size=3))
def test_any_text_is_read(values: list[str]) -> None:
    for link in parse_link_header(values):
        assert not set("<>") & set(link.target)
        assert all(name == name.lower() and name for name in link.params)


@pytest.mark.parametrize("piece", [",<", ";", ";a", '"', ",", "<", '\\"', "<a>;a=,"])
def test_a_very_long_field_is_read_too(piece: str) -> None:
    parse_link_header([piece * 50_000, f"<a>{piece * 50_000}"])
