"""One rule for many: only where everything that the run knows bears it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from recorded_sites import ruled, short, site

from seoaudit.fix.patterns import led, make_rules
from seoaudit.fix.plan import make_plan
from seoaudit.fix.proving import simulated

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset

NAMES = [f"item-{number}" for number in range(12)]


def chain(source: str, between: str, target: str) -> list[str]:
    """A move of every name in two hops, so that each needs a rule."""
    lines = []
    for name in NAMES:
        one, two, three = (text.replace("*", name) for text in (source, between, target))
        lines += [f"{one} 301 {two}", f"{two} 301 {three}", f"{three} 200"]
    return lines


def shapes(rules: Ruleset) -> set[tuple[Any, ...]]:
    return {(one.start, one.end, short(one.target), one.tail, one.pages, one.lower) for one in rules.patterns}


@pytest.mark.parametrize(
    ("source", "target", "shape"),
    [
        ("/old/*", "/new/*", ("/old/", "", "/new/", "", False, False)),
        ("/docs/*.html", "/docs/*", ("/docs/", ".html", "/docs/", "", False, False)),
        ("/docs/*.php", "/docs/*/", ("/docs/", ".php", "/docs/", "/", False, False)),
        ("/docs/*/index.html", "/docs/*/", ("/docs/", "/index.html", "/docs/", "/", False, False)),
    ],
)
def test_a_move_of_every_page_in_a_folder_is_one_rule(source: str, target: str, shape: tuple[Any, ...]) -> None:
    rules = ruled(*chain(source, "/via/*", target))
    assert shape in shapes(rules)
    asked, expected = (f"https://example.com{text.replace('*', 'unknown')}" for text in (source, target))
    reply = rules.reply(asked)
    assert reply
    assert reply.target == expected


def test_temporary_redirects_to_the_slash_are_one_rule_for_pages_and_not_for_files() -> None:
    rules = ruled(
        *(f"/docs/{name} 302 /docs/{name}/" for name in NAMES),
        *(f"/docs/{name}/ 200" for name in NAMES),
        "/docs/file.pdf 200",
    )
    assert [one.pages for one in rules.patterns] == [True]
    assert rules.reply("https://example.com/docs/file.pdf") is None


def test_temporary_redirects_to_lower_case_are_one_rule() -> None:
    rules = ruled(*(f"/Docs/{name} 302 /docs/{name}" for name in NAMES), *(f"/docs/{name} 200" for name in NAMES))
    assert [one.lower for one in rules.patterns] == [True]
    assert rules.reply("https://example.com/DOCS/x?Q=Y").target == "https://example.com/docs/x?Q=Y"


@pytest.mark.parametrize(
    "other", ["/old/stays 200", "/old/failed 404", "/old/guest 302 /elsewhere", "/old/loop 301 /old/loop"]
)
def test_a_url_that_does_not_move_forbids_the_pattern(other: str) -> None:
    rules = ruled(*chain("/old/*", "/via/*", "/new/*"), other, "/elsewhere 200")
    assert not any(one.move("/" + other.partition(" ")[0][1:]) for one in rules.patterns)
    assert rules.reply("https://example.com" + other.partition(" ")[0]) is None


def test_a_url_that_was_only_mentioned_forbids_the_pattern() -> None:
    rules = ruled(*chain("/old/*", "/via/*", "/new/*"), unasked=["/old/logo.png"])
    assert rules.reply("https://example.com/old/logo.png") is None
    assert len(rules.exacts) >= len(NAMES)


def test_a_folder_inside_is_taken_where_the_whole_is_not_proven() -> None:
    rules = ruled(*chain("/old/a/*", "/via/*", "/new/a/*"), "/old/stays 200")
    assert ("/old/a/", "", "/new/a/", "", False, False) in shapes(rules)


def test_a_redirect_elsewhere_keeps_an_entry_of_its_own_before_the_pattern() -> None:
    recorded = site(*chain("/old/*", "/via/*", "/new/*"), "/old/special 301 /elsewhere", "/elsewhere 200")
    rules = make_rules(make_plan(recorded), recorded)
    assert ("/old/", "", "/new/", "", False, False) in shapes(rules)
    assert led(rules, recorded, "https://example.com/old/special").page == "https://example.com/elsewhere"


def test_of_two_patterns_the_narrower_comes_first() -> None:
    rules = ruled(*chain("/old/deep/*", "/via1/*", "/deep/*"), *chain("/old/*", "/via2/*", "/new/*"))
    assert rules.reply(f"https://example.com/old/deep/{NAMES[0]}").target == f"https://example.com/deep/{NAMES[0]}"
    assert rules.reply(f"https://example.com/old/{NAMES[0]}").target == f"https://example.com/new/{NAMES[0]}"


def test_two_are_no_pattern() -> None:
    assert ruled("/old/a 302 /old/a/", "/old/b 302 /old/b/", "/old/a/ 200", "/old/b/ 200").patterns == ()


def test_the_query_goes_along_unless_a_known_url_says_otherwise() -> None:
    lines = ("/a 301 /b", "/b 301 /c", "/c 200")
    assert ruled(*lines).reply("https://example.com/a?x=1").target == "https://example.com/c?x=1"
    assert ruled(*lines, "/a?x=1 200").reply("https://example.com/a?x=1") is None
    assert ruled(*lines, unasked=["/a?x=1"]).reply("https://example.com/a?x=1") is None


def test_a_source_with_a_query_is_that_very_url() -> None:
    rules = ruled("/index.php?id=3 301 /three", "/three 301 /three/", "/three/ 200")
    assert rules.reply("https://example.com/index.php?id=3").target == "https://example.com/three/"
    assert rules.reply("https://example.com/index.php?id=33") is None
    assert rules.reply("https://example.com/index.php") is None


def test_after_every_fix_each_known_url_ends_where_it_did() -> None:
    recorded = site(
        *chain("/old/*", "/via/*", "/new/*"),
        *chain("/Old/*", "/Via/*", "/third/*"),
        "/old/item-3/more 301 /x",
        "/x 302 /y",
        "/y 200",
        "/loop 301 /pool",
        "/pool 301 /loop",
        "/gone-way 301 /gone",
        "/gone 410",
    )
    plan = make_plan(recorded)
    proof = simulated(recorded, plan, make_rules(plan, recorded))
    assert proof.holds
    assert proof.changed == ()
    assert proof.after.chains <= 1
    assert proof.after.loops == proof.before.loops == 2
