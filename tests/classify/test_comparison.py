"""What changed between two runs is told from what both of them saw, and never from what one did not look at."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from seoaudit.classify import frames
from seoaudit.classify.comparison import Seen, compare, rewriter
from seoaudit.store.schema import CHAINS, CHANGES, FINDINGS, RESPONSES

SITE = "https://example.com"
Found = tuple[str, ...]


def seen(
    *findings: Found, redirects: dict[str, tuple[int, str]] | None = None, asked: str = "abcdx", **more: Any
) -> Seen:
    """A run: findings as (rule, url, severity, detail, group), redirects by path, and the paths that answered."""
    names = ("rule", "url", "severity", "detail", "group")
    usual = ("a-rule", "/a", "high", "It is wrong.", None)
    rows = [dict(zip(names, (*found, *usual[len(found) :]), strict=True)) for found in findings]
    moves = [
        {"url": SITE + url, "status": status, "mechanism": "location", "location_url": SITE + to}
        for url, (status, to) in (redirects or {}).items()
    ]
    for row in rows:
        row["url"] = SITE + str(row["url"])
    return Seen(
        findings=frames.conform(pd.DataFrame(rows), FINDINGS),
        redirects=frames.conform(pd.DataFrame(moves), RESPONSES)[["url", "status", "mechanism", "location_url"]],
        ends=frames.conform(pd.DataFrame(), CHAINS)[["requested_url", "final_url"]],
        answered=pd.Series([f"{SITE}/{path}" for path in asked], dtype=frames.TEXT),
        **more,
    )


def kinds(older: Seen, newer: Seen, was: pd.DataFrame | None = None) -> dict[str, str]:
    changes = compare(older, newer, was).changes
    return {url.removeprefix(SITE): kind for url, kind in zip(changes["url"], changes["kind"], strict=True)}


def test_what_is_here_and_was_not_is_new_and_what_stays_is_no_change() -> None:
    assert kinds(seen(("r", "/a")), seen(("r", "/a"), ("r", "/b"))) == {"/b": "new"}


def test_what_is_gone_is_fixed_where_its_url_answered_again() -> None:
    assert kinds(seen(("r", "/a"), ("r", "/b")), seen()) == {"/a": "fixed", "/b": "fixed"}


@pytest.mark.parametrize(
    "newer",
    [seen(asked="b"), seen(whole=False), seen(unjudged=["r"]), seen(excused=[f"{SITE}/a"])],
    ids=["its URL was not asked", "the run is unfinished", "the rule failed", "an entry says that it is meant"],
)
def test_what_nobody_looked_at_is_not_seen_again_and_never_fixed(newer: Seen) -> None:
    assert kinds(seen(("r", "/a")), newer) == {"/a": "not-seen-again"}


def test_a_rule_that_failed_before_makes_no_news() -> None:
    assert kinds(seen(unjudged=["r"]), seen(("r", "/a"), ("s", "/b"))) == {"/b": "new"}


def test_another_severity_is_a_change_that_says_what_it_was() -> None:
    changes = compare(seen(("r", "/a", "low")), seen(("r", "/a", "critical"))).changes
    (row,) = changes.to_dict("records")
    assert (row["kind"], row["severity_before"], row["severity"]) == ("changed", "low", "critical")
    assert row["detail"] == "It is wrong. (was low)"


def test_another_target_is_a_change_and_another_number_in_the_sentence_is_none() -> None:
    before = ("r", "/a", "low", "It leads to https://example.com/x in 120 ms.")
    assert kinds(seen(before), seen((*before[:3], "It leads to https://example.com/x in 340 ms."))) == {}
    assert kinds(seen(before), seen((*before[:3], "It leads to https://example.com/y in 120 ms."))) == {"/a": "changed"}


def test_the_target_of_a_redirect_is_where_it_leads_whatever_the_sentence_names() -> None:
    older = seen(("r", "/a", "low", "Linked on https://example.com/1."), redirects={"/a": (301, "/x")})
    linked = ("r", "/a", "low", "Linked on https://example.com/2.")
    assert kinds(older, seen(linked, redirects={"/a": (301, "/x")})) == {}
    assert kinds(older, seen(linked, redirects={"/a": (301, "/y")})) == {"/a": "changed"}


def test_several_findings_of_a_rule_at_a_url_are_one_with_the_worst_severity() -> None:
    older = seen(("r", "/a", "low", "One."), ("r", "/a", "high", "Two."))
    assert kinds(older, seen(("r", "/a", "high", "Two."), ("r", "/a", "low", "One."))) == {}
    assert kinds(older, seen(("r", "/a", "low", "One."))) == {"/a": "changed"}


def test_what_was_fixed_once_and_is_back_has_regressed_and_what_was_out_of_sight_is_no_news() -> None:
    was = pd.DataFrame(
        [("r", f"{SITE}/a", "not-seen-again"), ("r", f"{SITE}/a", "fixed"), ("r", f"{SITE}/b", "not-seen-again")],
        columns=["rule", "url", "kind"],
        dtype=frames.TEXT,
    )
    assert kinds(seen(), seen(("r", "/a"), ("r", "/b"), ("r", "/c")), was) == {"/a": "regressed", "/c": "new"}


def test_changes_are_counted_by_kind_rule_and_group() -> None:
    older = seen(("r", "/a", "low", "x", "g"), ("s", "/b"))
    found = compare(older, seen(("r", "/c", "low", "x", "g")))
    assert found.counts == {"new": 1, "regressed": 0, "changed": 0, "fixed": 2, "not-seen-again": 0}
    assert found.by_rule()[["rule", "new", "fixed"]].to_numpy().tolist() == [["r", 1, 1], ["s", 0, 1]]
    assert found.by_group()[["rule", "group", "new", "fixed"]].to_numpy().tolist() == [["r", "g", 1, 1]]


def test_two_empty_runs_have_every_column_and_nothing_in_them() -> None:
    found = compare(seen(), seen())
    assert list(found.changes) == CHANGES.names
    assert (len(found.changes), len(found.redirects), len(found.by_rule()), len(found.by_group())) == (0, 0, 0, 0)


def test_redirects_begin_cease_and_move() -> None:
    older = seen(
        redirects={"/a": (301, "/x"), "/b": (302, "/x"), "/c": (301, "/x"), "/z": (301, "/x"), "/d": (301, "/x")}
    )
    newer = seen(redirects={"/a": (301, "/x"), "/b": (301, "/x"), "/c": (301, "/y"), "/x": (301, "/")})
    found = compare(older, newer)
    told = {
        url.removeprefix(SITE): kind for url, kind in zip(found.redirects["url"], found.redirects["kind"], strict=True)
    }
    assert told == {"/x": "new", "/d": "gone", "/b": "changed", "/c": "changed", "/z": "not-seen-again"}
    assert found.redirect_counts == {"new": 1, "gone": 1, "changed": 2, "not-seen-again": 1}


def test_urls_of_the_older_run_are_rewritten_with_their_targets_and_groups() -> None:
    group = "http to https on example.com"
    newer = seen(("r", "/a", "low", "x", group), redirects={"/a": (301, "/x")})
    staging = rewriter([(re.compile(r"example\.com"), "stage.example")])
    older = Seen(
        findings=newer.findings.assign(**{name: staging(newer.findings[name]) for name in ("url", "group")}),
        redirects=newer.redirects.assign(**{name: staging(newer.redirects[name]) for name in ("url", "location_url")}),
        ends=newer.ends,
        answered=newer.answered,
    )
    assert compare(older, newer).counts["new"] == 1
    found = compare(older, newer, rewrite=rewriter([(re.compile(r"stage\.example"), "example.com")]))
    assert (len(found.changes), len(found.redirects)) == (0, 0)


def test_a_hundred_thousand_findings_are_compared() -> None:
    count = 100_000
    rows = pd.DataFrame(
        {"rule": "r", "severity": "low", "url": [f"{SITE}/{n}" for n in range(count)], "detail": "x", "group": "g"}
    )
    empty = seen()
    older = Seen(
        findings=frames.conform(rows[: count // 2], FINDINGS),
        redirects=empty.redirects,
        ends=empty.ends,
        answered=frames.conform(rows, FINDINGS)["url"],
    )
    newer = Seen(
        findings=frames.conform(rows[count // 4 :], FINDINGS),
        redirects=empty.redirects,
        ends=empty.ends,
        answered=older.answered,
    )
    assert compare(older, newer).counts == {
        "new": count // 2,
        "regressed": 0,
        "changed": 0,
        "fixed": count // 4,
        "not-seen-again": 0,
    }
