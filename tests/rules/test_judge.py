"""The judging engine: every rule is asked, what it leaves out is filled in, and its fault costs only itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from runs import facts_of, moved, page

from seoaudit import rules
from seoaudit.classify.frames import conform
from seoaudit.records import Mention
from seoaudit.rules import Rule, judge
from seoaudit.store.schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seoaudit.classify.facts import Facts

SITE = "https://example.com"


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """Three http pages that one rule moves, one page of another cause, and links to some."""
    http = [moved(f"http://example.com/{name}", f"/{name}") for name in "abc"]
    links = [Mention("http://example.com/b", "a", text) for text in ("one", "two")]
    return facts_of(tmp_path, [page("/", links=links), *http, moved("/old", "/new"), page("/new")])


def rule(found: object, severity: Any = "medium", fix: str = "Mend it.") -> Rule:
    """A rule that finds these rows, raises this error, or asks this function."""

    def find(facts: Facts) -> pd.DataFrame:
        if isinstance(found, Exception):
            raise found
        return found(facts) if callable(found) else pd.DataFrame(found)

    return Rule(title="t", family="f", severity=severity, why="w", fix=fix, references=(), since="0.1", find=find)


@pytest.fixture
def with_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts these rules in the place of the catalogue."""

    def put(**catalogue: Rule) -> None:
        named = {name.replace("_", "-"): one for name, one in catalogue.items()}
        monkeypatch.setattr(rules, "catalogue", lambda: named)

    return put


def breach(url: str, **columns: Any) -> dict[str, Any]:
    return {"url": url, "detail": f"{url} is wrong.", **columns}


def test_what_a_rule_leaves_out_is_its_own_default(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules(
        some_rule=rule([breach(f"{SITE}/x"), breach(f"{SITE}/y", severity="high", fix="Do this.")], "low", "Mend.")
    )
    found, failed = judge(facts)
    assert failed == {}
    assert found[["rule", "url", "severity", "fix"]].to_numpy().tolist() == [
        ["some-rule", f"{SITE}/y", "high", "Do this."],
        ["some-rule", f"{SITE}/x", "low", "Mend."],
    ]


@pytest.mark.parametrize("nothing", [pd.DataFrame(), pd.DataFrame({"url": [], "detail": []})])
def test_a_rule_that_finds_nothing_leaves_a_whole_frame(
    nothing: pd.DataFrame, facts: Facts, with_rules: Callable[..., None]
) -> None:
    with_rules(some_rule=rule(nothing))
    found, failed = judge(facts)
    assert (len(found), failed) == (0, {})
    pd.testing.assert_frame_equal(found, conform(pd.DataFrame(index=pd.RangeIndex(0)), FINDINGS))


def test_no_rules_find_nothing(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules()
    assert judge(facts)[0].empty


def test_a_rule_that_raises_is_one_line_and_the_others_go_on(
    facts: Facts, with_rules: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    with_rules(bad=rule(KeyError("no such\ncolumn")), good=rule([breach(f"{SITE}/x")]))
    found, failed = judge(facts)
    assert list(found["rule"]) == ["good"]
    assert failed == {"bad": "KeyError: 'no such\\ncolumn'"}
    assert "rule bad failed" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ({"url": None, "detail": "d"}, "no url for 1 of 2 rows"),
        ({"url": f"{SITE}/x", "detail": None}, "no detail for 1 of 2 rows"),
        ({"url": f"{SITE}/x"}, "no detail for 1 of 2 rows"),
        ({"url": f"{SITE}/x", "detail": "d", "severity": "bad"}, "a severity that is none: bad"),
    ],
)
def test_a_row_that_says_too_little_fails_its_rule(
    row: dict[str, Any], line: str, facts: Facts, with_rules: Callable[..., None]
) -> None:
    with_rules(some_rule=rule([breach(f"{SITE}/y"), row]))
    found, failed = judge(facts)
    assert found.empty
    assert line in failed["some-rule"]


def test_what_is_no_frame_fails_its_rule(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules(some_rule=rule(lambda _: None))
    assert list(judge(facts)[1]) == ["some-rule"]


def test_inlinks_are_told_where_they_are_counted(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules(some_rule=rule([breach(url) for url in ("http://example.com/a", "http://example.com/b", f"{SITE}/new")]))
    counted = judge(facts)[0].set_index("url")["inlinks"]
    assert (counted["http://example.com/a"], counted["http://example.com/b"]) == (0, 2)
    assert pd.isna(counted[f"{SITE}/new"])


@pytest.mark.parametrize("started_at", ["2026-11-20T10:30:00+00:00", "20261120T103000Z", "2026-11-20T11:30:00+01:00"])
def test_a_new_breach_was_first_seen_when_the_run_began(
    started_at: str, tmp_path: Path, with_rules: Callable[..., None]
) -> None:
    facts = facts_of(tmp_path, started_at=started_at)
    with_rules(one=rule([breach(f"{SITE}/x")]), two=rule([breach(f"{SITE}/x")]))
    earlier = datetime(2026, 10, 1, tzinfo=UTC)
    found = judge(facts, {("one", f"{SITE}/x"): earlier})[0].set_index("rule")["first_seen"]
    assert (found["one"], found["two"]) == (earlier, datetime(2026, 11, 20, 10, 30, tzinfo=UTC))


def test_breaches_of_one_cause_are_a_group(facts: Facts, with_rules: Callable[..., None]) -> None:
    urls = ["http://example.com/a", "http://example.com/b", f"{SITE}/old", f"{SITE}/new"]
    with_rules(some_rule=rule([breach(url) for url in urls]), other=rule([breach("http://example.com/a")]))
    found = judge(facts)[0].set_index(["rule", "url"])["group"]
    assert [found["some-rule", url] for url in urls[:2]] == ["http to https on example.com"] * 2
    assert [found["some-rule", url] for url in urls[2:]] == pytest.approx([float("nan")] * 2, nan_ok=True)
    assert pd.isna(found["other", "http://example.com/a"]), "one breach alone is no group"


def test_a_rules_own_group_is_kept(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules(some_rule=rule([breach(f"http://example.com/{name}", group="mine") for name in "ab"]))
    assert list(judge(facts)[0]["group"]) == ["mine", "mine"]


def test_findings_stand_worst_first_then_the_largest_group_then_by_url(
    facts: Facts, with_rules: Callable[..., None]
) -> None:
    with_rules(
        small=rule([breach(f"{SITE}/{name}", group="g") for name in "ba"], "high"),
        large=rule([breach(f"{SITE}/{name}", group="g") for name in "cba"], "high"),
        worst=rule([breach(f"{SITE}/z")], "critical"),
        least=rule([breach(f"{SITE}/{name}") for name in "abcdefg"], "info"),
    )
    found = judge(facts)[0]
    assert list(found["rule"]) == ["worst", *["large"] * 3, *["small"] * 2, *["least"] * 7]
    assert list(found["url"])[1:4] == [f"{SITE}/a", f"{SITE}/b", f"{SITE}/c"]
    assert dict(zip(found.columns, map(str, found.dtypes), strict=True))["first_seen"] == "datetime64[us, UTC]"


def test_findings_of_one_cause_share_a_group(facts: Facts, with_rules: Callable[..., None]) -> None:
    with_rules(
        some_rule=rule(
            [
                breach("http://example.com/a", fix="One rule.", severity="low"),
                breach("http://example.com/b", fix="One rule."),
                breach("http://example.com/c", fix="Another."),
                breach(f"{SITE}/old"),
            ]
        ),
        urgent=rule([breach(f"{SITE}/x")], "critical"),
    )
    found = judge(facts)[0].set_index("url")
    assert set(found.loc[["http://example.com/a", "http://example.com/b", "http://example.com/c"], "group"]) == {
        "http to https on example.com"
    }
    assert found.loc[[f"{SITE}/old", f"{SITE}/x"], "group"].isna().all()
