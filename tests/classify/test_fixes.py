"""The list of links to edit: every mention of a URL that redirects for good, and what to write there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from runs import facts_of, moved, page

from seoaudit.classify.facts import write_fixes
from seoaudit.records import Mention, Response
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import FIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SITE = "https://example.com"
LINK = Mention(f"{SITE}/a", "a", "the offer", None, "/a")


def fixes(
    path: Path, responses: Sequence[Response], *links: Mention, seeds: Sequence[Mention] = ()
) -> list[dict[str, Any]]:
    facts = facts_of(path, [page("/", links=list(links or [LINK])), *responses], seeds)
    folder = RunFolder(path)
    write_fixes(folder, facts)
    table = pq.read_table(folder.table("fixes"))
    assert dict(zip(table.schema.names, table.schema.types, strict=True)) == dict(
        zip(FIXES.names, FIXES.types, strict=True)
    )
    assert not list(path.glob(".*")), "nothing is left behind"
    return table.to_pylist()


def test_a_link_to_a_permanent_chain_gets_its_end(tmp_path: Path) -> None:
    assert fixes(tmp_path, [moved("/a", "/b"), moved("/b", "/c", 308), page("/c")]) == [
        {
            "page": f"{SITE}/",
            "element": "a",
            "text": "the offer",
            "href": "/a",
            "replace_with": f"{SITE}/c",
            "target": f"{SITE}/a",
            "redirect_count": 2,
            "outcome": "ok",
        }
    ]


def test_an_href_that_equals_its_target_is_told_all_the_same(tmp_path: Path) -> None:
    found = fixes(tmp_path, [moved("/a", "/b"), page("/b")], Mention(f"{SITE}/a", "a"))
    assert (found[0]["href"], found[0]["text"]) == (f"{SITE}/a", None)


def test_a_link_to_a_temporary_redirect_stays(tmp_path: Path) -> None:
    assert fixes(tmp_path, [moved("/a", "/b", 302), moved("/b", "/c"), page("/c")]) == []


def test_a_link_stops_before_the_first_temporary_redirect(tmp_path: Path) -> None:
    found = fixes(
        tmp_path, [moved("/a", "/b"), moved("/b", "/c"), moved("/c", "/d", 307), moved("/d", "/e"), page("/e")]
    )
    assert [(row["replace_with"], row["redirect_count"]) for row in found] == [(f"{SITE}/c", 4)]


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ([page("/b", status=404)], "client-error"),
        ([page("/b", status=500)], "server-error"),
        ([page("/b", status=None, error="dns")], "unreachable"),
        ([moved("/b", "/a")], "loop"),
        ([page("/b", status=301)], "invalid-location"),
    ],
)
@pytest.mark.parametrize("status", [301, 302])
def test_a_link_to_a_chain_that_breaks_needs_another_page(
    status: int, end: list[Response], outcome: str, tmp_path: Path
) -> None:
    found = fixes(tmp_path, [moved("/a", "/b", status), *end])
    assert [(row["replace_with"], row["outcome"]) for row in found] == [(None, outcome)]


def test_a_link_to_a_redirect_without_location_needs_another_page(tmp_path: Path) -> None:
    found = fixes(tmp_path, [page("/a", status=302)])
    assert [(row["replace_with"], row["outcome"], row["redirect_count"]) for row in found] == [
        (None, "invalid-location", 0)
    ]


@pytest.mark.parametrize(
    "end", [[], [page("/b", status=None, error="robots")]], ids=["never asked", "robots.txt forbids it"]
)
def test_a_link_whose_end_is_not_known_is_left_alone(end: list[Response], tmp_path: Path) -> None:
    assert fixes(tmp_path, [moved("/a", "/b"), *end]) == []


@pytest.mark.parametrize(
    ("answer", "replace_with"),
    [
        ([page("https://other.test/", in_scope=False)], "https://other.test/"),
        ([], "https://other.test/"),
        ([page("https://other.test/", status=404, in_scope=False)], None),
        ([page("https://other.test/", status=None, error="dns", in_scope=False)], None),
    ],
)
def test_a_link_to_a_redirect_that_leaves_the_site(
    answer: list[Response], replace_with: str | None, tmp_path: Path
) -> None:
    found = fixes(tmp_path, [moved("/a", "https://other.test/"), *answer])
    assert [row["replace_with"] for row in found] == [replace_with]


@pytest.mark.parametrize("redirects", [20, 21, 120])
def test_a_chain_too_long_for_a_browser_is_cut_to_its_living_end(redirects: int, tmp_path: Path) -> None:
    steps = [moved(f"/{n}", f"/{n + 1}") for n in range(redirects)]
    found = fixes(tmp_path, [*steps, page(f"/{redirects}")], Mention(f"{SITE}/0", "a"))
    assert [row["replace_with"] for row in found] == [f"{SITE}/{redirects}"]


def test_a_chain_too_long_that_ends_nowhere_needs_another_page(tmp_path: Path) -> None:
    steps = [moved(f"/{n}", f"/{n + 1}") for n in range(25)]
    found = fixes(tmp_path, steps, Mention(f"{SITE}/0", "a"))
    assert [(row["replace_with"], row["outcome"]) for row in found] == [(None, "too-many")]


@pytest.mark.parametrize(
    ("href", "location", "replace_with"),
    [
        ("/a#prices", "/b", f"{SITE}/b#prices"),
        (" /a#prices ", "/b", f"{SITE}/b#prices"),
        ("/a", "/b#top", f"{SITE}/b#top"),
        ("/a#prices", "/b#top", f"{SITE}/b#top"),
        ("/a#", "/b", f"{SITE}/b"),
        ("/a#x#y", "/b", f"{SITE}/b#x#y"),
    ],
)
def test_the_fragment_is_the_redirects_own_else_the_links(
    href: str, location: str, replace_with: str, tmp_path: Path
) -> None:
    link = Mention(f"{SITE}/a", "a", None, None, href)
    assert [row["replace_with"] for row in fixes(tmp_path, [moved("/a", location), page("/b")], link)] == [replace_with]


def test_a_fragment_travels_on_through_later_redirects(tmp_path: Path) -> None:
    found = fixes(tmp_path, [moved("/a", "/b#top"), moved("/b", "/c"), page("/c")])
    assert [row["replace_with"] for row in found] == [f"{SITE}/c#top"]


def test_every_kind_of_mention_on_a_page_is_told_and_no_other(tmp_path: Path) -> None:
    on_pages = ["a", "area", "img", "script", "stylesheet", "canonical", "hreflang", "sitemap", "iframe", "form-post"]
    seeds = [Mention(f"{SITE}/a", element) for element in ("start", "list", "robots-txt", "sitemap-file")]
    links = [Mention(f"{SITE}/a", element) for element in [*on_pages, "sitemap-file"]]
    found = fixes(tmp_path, [moved("/a", "/b"), page("/b")], *links, seeds=seeds)
    assert [row["element"] for row in found] == on_pages


def test_links_to_pages_that_answer_need_no_fix(tmp_path: Path) -> None:
    links = [Mention(f"{SITE}/b", "a"), Mention(f"{SITE}/gone", "a")]
    assert fixes(tmp_path, [moved("/a", "/b"), page("/b"), page("/gone", status=404)], *links) == []


def test_fixes_stand_page_by_page_in_the_order_of_the_page(tmp_path: Path) -> None:
    both = [Mention(f"{SITE}/a", "a", "second"), Mention(f"{SITE}/a", "a", "third")]
    pages = [page("/z", links=[*both]), page("/y", links=[Mention(f"{SITE}/a", "a", "first")])]
    found = fixes(tmp_path, [*pages, moved("/a", "/b"), page("/b")], Mention(f"{SITE}/b", "a"))
    assert [row["text"] for row in found] == ["first", "second", "third"]


def test_a_path_with_a_quote_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s "here"'
    assert len(fixes(folder, [moved("/a", "/b"), page("/b")])) == 1
