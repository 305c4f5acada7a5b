from __future__ import annotations

import pandas as pd
import pytest

from seoaudit.classify.blame import blame_group
from seoaudit.classify.entries import LOGIN_URL, among
from seoaudit.classify.evidence import MAX_DRAWN, count_of, draw, say
from seoaudit.classify.internal_hosts import is_internal


def texts(*values: str | None) -> pd.Series[str]:
    return pd.Series(values, dtype="str")


def test_a_sentence_takes_columns_and_other_values_and_names_what_is_missing() -> None:
    rows = pd.DataFrame({"url": texts("/a", "/b"), "status": pd.array([301, None], "Int64")})
    said = say(rows, "{url} answers {status} {how}{mark}", how=texts("now", None), mark="!")
    assert said.to_list() == ["/a answers 301 now!", "/b answers ? ?!"]


def test_braces_in_a_site_s_text_are_text() -> None:
    assert say(pd.DataFrame({"url": texts("/{url}{0}")}), "<{url}>").to_list() == ["</{url}{0}>"]


def test_a_sentence_about_no_rows_is_an_empty_text_column_even_if_other_values_are_longer() -> None:
    said = say(pd.DataFrame({"url": texts()}), "{url} {other}", other=texts("a", "b"))
    assert said.empty
    assert said.dtype == "str"


def test_a_chain_is_drawn_with_statuses_and_mechanisms() -> None:
    drawn = draw(["/a", "/b", "/c"], [301, 200, None], ["location", "meta-refresh"])
    assert drawn == "/a 301 → /b 200 (meta refresh) → /c"


def test_a_long_chain_keeps_its_beginning_and_its_end() -> None:
    drawn = draw([f"/{n}" for n in range(50)], [301] * 50, ["location"] * 49)
    assert drawn.count("→") == MAX_DRAWN - 1
    assert drawn.startswith("/0 301 → /1 301")
    assert drawn.endswith("/9 301 → … 39 more … → /49 301")


def test_one_is_counted_in_the_singular() -> None:
    assert count_of(pd.Series([0, 1, 2], dtype="Int64"), "link").to_list() == ["0 links", "1 link", "2 links"]


def test_findings_share_what_more_of_them_have_in_common() -> None:
    wrong = pd.DataFrame({"wrong_cause": texts("rule", "rule", "rule", "x", "y", "z", None, None)})
    ends = texts("e1", "e2", "e3", "end", "end", "alone", "gone", "gone")
    found = blame_group(wrong, ends).fillna("-").to_list()
    assert found == ["rule", "rule", "rule", "end", "end", "-", "gone", "gone"]


def test_texts_are_found_among_others_and_a_missing_one_is_not() -> None:
    assert among(texts("a", None, "c"), texts("c", None)).to_list() == [False, False, True]


@pytest.mark.parametrize(
    "host",
    ["localhost", "10.0.0.1", "172.16.3.4", "192.168.0.1", "169.254.1.1", "[::1]", "[fd00::1]", "backend", "a.local", "x.internal."],
)  # fmt: skip
def test_hosts_that_only_their_own_network_reaches(host: str) -> None:
    assert is_internal(host)


@pytest.mark.parametrize(
    "host", ["example.com", "8.8.8.8", "[2606:4700::1111]", "localhost.example.com", "internal.example"]
)
def test_hosts_that_the_public_reaches(host: str) -> None:
    assert not is_internal(host)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/login", True),
        ("https://example.com/wp-login.php?redirect_to=/a", True),
        ("https://login.example.com/oauth", True),
        ("https://example.com/users/sign_in/", True),
        ("https://example.com/blog/logins-explained", False),
        ("https://example.com/a?next=/login", False),
        ("https://example.com/design-internals", False),
    ],
)
def test_what_reads_like_a_login_page(url: str, *, expected: bool) -> None:
    assert texts(url).str.contains(LOGIN_URL).to_list() == [expected]
