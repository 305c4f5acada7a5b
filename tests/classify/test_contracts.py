"""A redirect that is as seoaudit.toml says is listed, and what is wrong with its kind is no finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cases
import pytest

from seoaudit.rules import judge

if TYPE_CHECKING:
    from pathlib import Path

TO_OTHER_SITE = {"source": "https://example.com/shop", "code": 302, "target": "https://pay.other.example/"}


def case(*expected: dict[str, object], responses: list[str], links: list[str] | None = None) -> cases.Case:
    return cases.Case(name="a case", finds=[], responses=responses, links=links or [], expected=[*expected])


def states(one: cases.Case, path: Path) -> list[tuple[int, object, str]]:
    table = cases.facts(one, path).contracts
    rows = zip(
        table["entry"], table["url"].astype(object).where(table["url"].notna(), None), table["state"], strict=True
    )
    return [(int(entry), url, state) for entry, url, state in rows]


def rules_at(one: cases.Case, path: Path, url: str) -> set[str]:
    found, failed = judge(cases.facts(one, path))
    assert failed == {}
    return set(found.loc[found["url"] == cases.absolute(url), "rule"])


def test_every_entry_says_what_became_of_each_url_it_matches(tmp_path: Path) -> None:
    one = case(
        {"source": "https://example.com/[a-d]", "code": 301, "target": "/x"},
        {"source": "https://example.com/nowhere", "code": 301, "target": "/x"},
        responses=["/a 301 /x", "/b 301 /y", "/c !timeout", "/e 301 /x"],
    )
    assert states(one, tmp_path) == [
        (1, "https://example.com/a", "kept"),
        (1, "https://example.com/b", "broken"),
        (1, "https://example.com/c", "unchecked"),
        (2, None, "unmatched"),
    ]


def test_a_site_without_entries_has_no_contracts(tmp_path: Path) -> None:
    assert states(case(responses=["/a 301 /x"]), tmp_path) == []


@pytest.mark.parametrize(("code", "counted"), [(302, False), (301, True)])
def test_what_the_contract_says_is_no_finding_while_it_is_kept(tmp_path: Path, code: int, counted: bool) -> None:
    one = case(TO_OTHER_SITE | {"code": code}, responses=["/shop 302 https://pay.other.example/"])
    found = rules_at(one, tmp_path, "/shop")
    assert ("redirect-to-other-site" in found) is counted
    assert ("broken-contract" in found) is counted


def test_an_expired_contract_excuses_nothing(tmp_path: Path) -> None:
    one = case(TO_OTHER_SITE | {"until": "2026-01-01"}, responses=["/shop 302 https://pay.other.example/"])
    assert {"redirect-to-other-site", "expired-contract"} <= rules_at(one, tmp_path, "/shop")


def test_that_it_fails_or_is_linked_counts_all_the_same(tmp_path: Path) -> None:
    one = case(
        {"source": "https://example.com/(a|b)", "code": 301, "target": "/gone"},
        responses=["/a 301 /gone", "/gone 404", "/b 301 /gone"],
        links=["/ a /a"],
    )
    assert {"redirect-to-error", "link-to-redirect"} & rules_at(one, tmp_path, "/a")
    assert "redirect-to-error" in rules_at(one, tmp_path / "again", "/b")


def test_a_loop_that_somebody_wrote_down_is_still_a_loop(tmp_path: Path) -> None:
    one = case({"source": "https://example.com/a", "code": 301, "target": "/a"}, responses=["/a 301 /a"])
    assert "self-redirect" in rules_at(one, tmp_path, "/a")
