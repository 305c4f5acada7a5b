"""The server rule behind redirects is named in words that all its redirects share, with the one change that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from seoaudit.classify.causes import infer_causes
from seoaudit.classify.coverage import MAX_PATTERNS, matching
from seoaudit.classify.frames import as_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE = "https://example.com"


NOTHING = pd.Series([], dtype="str")


def causes(
    *moves: tuple[str, str], mechanism: str = "location", living: Sequence[str] = (), failing: Sequence[str] = ()
) -> pd.DataFrame:
    urls = [[f"{SITE}{url}" if url.startswith("/") else url for url in move] for move in moves]
    rows = pd.DataFrame(urls, columns=["url", "location_url"], dtype="str").assign(mechanism=mechanism)
    others = [pd.Series([SITE + path for path in paths], dtype="str") for paths in (living, failing)]
    return infer_causes(rows, *others)


ONE: dict[str, tuple[str, str, str, str]] = {
    "scheme": ("http://example.com/a?b", "https://example.com/a?b", "scheme", "http to https on example.com"),
    "downgrade": ("https://example.com/a", "http://example.com/a", "scheme", "https to http on example.com"),
    "host": ("https://example.com/a", "https://www.example.com/a", "host", "example.com to www.example.com"),
    "subdomain": ("https://old.example.com/a", "https://example.com/a", "host", "old.example.com to example.com"),
    "port": ("https://example.com/", "https://example.com:8443/", "host", "example.com to example.com:8443"),
    "both": (
        "http://example.com/",
        "https://www.example.com/",
        "scheme-host",
        "http to https and example.com to www.example.com",
    ),
    "slash": ("/a", "/a/", "slash", "trailing slash added on example.com"),
    "no slash": ("/a/b/?x=1", "/a/b?x=1", "slash", "trailing slash removed on example.com"),
    "case": ("/About/US", "/about/us", "case", "path to lower case on example.com"),
    "escapes": ("/A%5E", "/A%5e", "case", "percent-escapes to lower case on example.com"),
    "escapes to upper case": ("/a%5e", "/a%5E", "case", "percent-escapes to upper case on example.com"),
    "escapes and letters": ("/A%5E", "/a%5e", "case", "path to lower case on example.com"),
    "other case": ("/about", "/About", "case", "path to other letter case on example.com"),
    "index": ("/a/index.html", "/a/", "extension", "index.html removed on example.com"),
    "index of the root": ("/index.php", "/", "extension", "index.php removed on example.com"),
    "index added": ("/a/", "/a/index.html", "extension", "index.html added on example.com"),
    "extension": ("/a.html", "/a", "extension", ".html removed on example.com"),
    "extension to slash": (
        "/a.html",
        "/a/",
        "extension",
        ".html removed and trailing slash added on example.com",
    ),
    "other extension": ("/a.php", "/a.html", "extension", ".php to .html on example.com"),
    "query": ("/a?utm=1", "/a", "query", "query dropped on example.com"),
    "new query": ("/a", "/a?lang=en", "query", "query added on example.com"),
    "other query": ("/a?b=1", "/a?c=1", "query", "query changed on example.com"),
    "scheme and slash": (
        "http://example.com/a",
        "https://example.com/a/",
        "slash",
        "http to https and trailing slash added on example.com",
    ),
    "one page": ("/old", "/new", "path", f"{SITE}/old to {SITE}/new"),
    "one page and its fragment": ("/old", "/new#x", "path", f"{SITE}/old to {SITE}/new#x"),
    "another site": ("/a", "https://other.test/a", "site", "example.com to other.test"),
    "itself": ("/a", "/a", "same", "redirect to itself on example.com"),
    "its fragment": ("/a", "/a#x", "fragment", "redirect to itself on example.com"),
    "an address": ("http://127.0.0.1/a", "http://127.0.0.2/a", "site", "127.0.0.1 to 127.0.0.2"),
    "IPv6": (
        "http://[::1]:8080/a",
        "https://[::1]:8443/a",
        "scheme-host",
        "http to https and [::1]:8080 to [::1]:8443",
    ),
    "a user name": ("https://example.com/", "https://me@example.com/", "host", "example.com to me@example.com"),
}


@pytest.mark.parametrize("name", ONE)
def test_one_redirect_is_named_by_what_it_changes(name: str) -> None:
    url, target, change, cause = ONE[name]
    found = causes((url, target)).iloc[0]
    assert (found["change"], found["cause"]) == (change, cause)
    assert found["cause_fix"].startswith("On ")
    assert found["cause_fix"].endswith(".")


def test_a_target_that_is_no_url_is_invalid() -> None:
    rows = pd.DataFrame({"url": [f"{SITE}/a"], "location_url": [None], "mechanism": ["meta-refresh"]}).astype("str")
    found = infer_causes(rows, NOTHING).iloc[0]
    assert (found["change"], found["cause"]) == ("invalid", "no usable target on example.com, by meta refresh")


def test_the_fix_of_a_scheme_is_one_rule_for_the_host() -> None:
    found = causes(("http://example.com/a", f"{SITE}/a"), ("http://example.com/b?c", f"{SITE}/b?c"))
    assert (
        found["cause_fix"].tolist()
        == [
            "On example.com, one rule: redirect http://example.com/* to https://example.com/* with 301, path and query kept."
        ]
        * 2
    )


def test_three_pages_of_one_folder_share_a_prefix() -> None:
    found = causes(*((f"/old/{n}/page", f"/new/{n}/page") for n in range(3)))
    assert set(found["cause"]) == {"/old/* to /new/* on example.com"}
    assert set(found["cause_fix"]) == {
        f"On example.com, one rule: redirect {SITE}/old/* to {SITE}/new/* with 301, query kept."
    }


CONTRIBUTE = [(f"/docs/contribute/{name}/", f"/docs/home/contribute/{name}/") for name in "abcdef"]


def test_a_folder_is_named_as_deep_as_all_its_redirects_lie() -> None:
    found = causes(*CONTRIBUTE, living=["/docs/setup/", "/docs/home/contribute/a/"])
    assert set(found["cause"]) == {"/docs/contribute/* to /docs/home/contribute/* on example.com"}
    assert set(found["cause_fix"]) == {
        f"On example.com, one rule: redirect {SITE}/docs/contribute/*/ to {SITE}/docs/home/contribute/*/ with 301, query kept."
    }
    assert causes(*CONTRIBUTE, living=["/docs/contribute/"])["cause"].tolist() == found["cause"].tolist()


@pytest.mark.parametrize(("living", "failing"), [(["/docs/contribute/g/"], []), ([], ["/docs/contribute/g/"])])
def test_a_folder_with_urls_that_do_not_make_the_move_is_counted_and_not_called_whole(
    living: list[str], failing: list[str]
) -> None:
    found = causes(*CONTRIBUTE, living=living, failing=failing)
    assert set(found["cause"]) == {
        "6 URLs below /docs/contribute/ to the same path below /docs/home/contribute/ on example.com"
    }
    assert "for these pages and no others" in found["cause_fix"].iloc[0]


def test_a_url_that_moves_elsewhere_speaks_against_the_folder_too() -> None:
    found = causes(*CONTRIBUTE, ("/docs/contribute/g/", "/about/"))
    assert found["cause"].iloc[0].startswith("6 URLs below /docs/contribute/ to")
    assert found["cause"].iloc[-1] == f"{SITE}/docs/contribute/g/ to {SITE}/about/"


def test_only_urls_with_the_same_end_speak_against_a_rule_for_that_end() -> None:
    moves = [(f"/old/{name}.html", f"/new/{name}") for name in "abc"]
    assert causes(*moves, living=["/old/d"])["cause"].iloc[0] == "/old/* to /new/* and .html removed on example.com"
    assert causes(*moves, living=["/old/d.html"])["cause"].iloc[0].startswith("3 URLs below /old/ to the same path")


def test_two_pages_of_one_folder_are_single_redirects() -> None:
    found = causes(("/old/a", "/new/a"), ("/old/b", "/new/b"))
    assert found["cause"].tolist() == [f"{SITE}/old/a to {SITE}/new/a", f"{SITE}/old/b to {SITE}/new/b"]


def test_a_prefix_is_seen_through_both_schemes_and_counted_by_page() -> None:
    two_pages = causes(
        *((f"{scheme}://example.com/old/{n}", f"/new/{n}") for n in "ab" for scheme in ("http", "https"))
    )
    assert two_pages["cause"].nunique() == 4


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ("/docs/v1/{}", "/docs/v2/{}", "/docs/v1/* to /docs/v2/* on example.com"),
        ("/{}", "/en/{}", "/* to /en/* on example.com"),
        ("/en/{}", "/{}", "/en/* to /* on example.com"),
        ("/old/{}.html", "/new/{}", "/old/* to /new/* and .html removed on example.com"),
        ("/old/{}", "/new/{}/", "/old/* to /new/* and trailing slash added on example.com"),
        ("http://example.com/old/{}", "/new/{}", "http to https and /old/* to /new/* on example.com"),
        ("/old/{}?a=1", "/new/{}", "/old/* to /new/* and query dropped on example.com"),
        ("/old/{}", "https://other.test/new/{}", "example.com to other.test and /old/* to /new/*"),
        ("/2019/05/{}", "/{}", "/2019/05/* to /* on example.com"),
    ],
)
def test_what_is_replaced_in_a_path_is_named(before: str, after: str, cause: str) -> None:
    found = causes(*((before.format(name), after.format(name)) for name in ("a", "b", "c")))
    assert set(found["cause"]) == {cause}


@pytest.mark.parametrize(
    ("moves", "cause", "pattern"),
    [
        (
            [("/2019/05/a", "/a"), ("/2020/11/b", "/b"), ("/2021/01/c", "/c")],
            "/<number>/<number>/* to /* on example.com",
            f"{SITE}/<number>/<number>/* to {SITE}/*",
        ),
        (
            [(f"/docs/{n}/page", f"https://docs8.example.com/v-{n}/page") for n in ("0.6", "0.7", "1.10.2")],
            "example.com to docs8.example.com and /docs/<number>/* to /v-<number>/*",
            f"{SITE}/docs/<number>/* to https://docs8.example.com/v-<number>/*",
        ),
    ],
)
def test_paths_that_differ_only_in_numbers_share_a_cause(
    moves: list[tuple[str, str]], cause: str, pattern: str
) -> None:
    found = causes(*moves)
    assert set(found["cause"]) == {cause}
    assert pattern in found["cause_fix"].iloc[0]


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ("/{}/docs/", "/{}/docs/home/", "/*/ to /*/home/ on example.com"),
        ("/{}/jobs.html", "/{}/careers", "/*/jobs.html to /*/careers on example.com"),
    ],
)
def test_what_is_replaced_at_the_end_of_a_path_is_named(before: str, after: str, cause: str) -> None:
    found = causes(*((before.format(name), after.format(name)) for name in ("de", "fr", "it")))
    assert set(found["cause"]) == {cause}


@pytest.mark.parametrize(
    ("move", "fix"),
    [
        (("/a", "/a/"), f"one rule: redirect {SITE}/* (not ending in /) to {SITE}/*/ with 301, query kept."),
        (("/a/", "/a"), f"one rule: redirect {SITE}/*/ to {SITE}/* with 301, query kept."),
        (("/a.html", "/a"), f"one rule: redirect {SITE}/*.html to {SITE}/* with 301, query kept."),
        (
            ("/A", "/a"),
            f"one rule: redirect {SITE}/* (with capitals) to {SITE}/* (in lower case) with 301, query kept.",
        ),
        (("/a?b", "/a"), f"one rule: redirect {SITE}/*?* to {SITE}/* with 301, without the query."),
        (
            ("/a", "/a?b"),
            f"for these pages and no others: redirect {SITE}/* to {SITE}/*?* with 301, with the new query.",
        ),
        (
            ("/a?b", "/a?c"),
            f"for these pages and no others: redirect {SITE}/*?* to {SITE}/*?* with 301, with the new query.",
        ),
        (("/a", "/b"), f"redirect {SITE}/a to {SITE}/b with 301."),
        (("/a", "http://example.com/b?u=http://x"), f"redirect {SITE}/a to {SITE}/b?u=http://x with 301."),
        (("/a", "http://example.com/a"), f"remove the rule that redirects {SITE}/* to http."),
        (
            ("/a", "http://example.com/a/"),
            f"one rule: redirect {SITE}/* (not ending in /) to {SITE}/*/ with 301, query kept.",
        ),
    ],
)
def test_the_fix_says_what_the_rule_must_leave_alone_and_never_leads_to_http(move: tuple[str, str], fix: str) -> None:
    assert causes(move)["cause_fix"].iloc[0].removeprefix("On example.com, ") == fix


@pytest.mark.parametrize(
    ("before", "after"), [("/{}", "/en/{}"), ("/docs/{}", "/docs/home/{}"), ("/{}/a/", "/{}/a/b/")]
)
def test_a_rule_that_would_move_its_own_target_again_is_for_these_pages_only(before: str, after: str) -> None:
    found = causes(*((before.format(name), after.format(name)) for name in ("x", "y", "z")))
    assert len(set(found["cause"])) == 1
    assert "for these pages and no others" in found["cause_fix"].iloc[0]


@pytest.mark.parametrize(
    ("move", "living", "careful"),
    [
        (("/old/{}", "/new/{}"), ["/old/d"], True),
        (("/old/{}", "/new/{}"), ["/older/d", "/new/a"], False),
        (("/old/{}.html", "/new/{}"), ["/old/d"], False),
        (("/old/{}.html", "/new/{}"), ["/old/d.html"], True),
        (("/o_d/{}.html", "/new/{}"), ["/old/d.html"], False),
        (("/{}.html", "/{}"), ["/d.html"], True),
        (("/{}?a=1", "/{}"), ["/search?q=1"], True),
        (("/{}?a=1", "/{}"), ["/search"], False),
        (("/2019/05/{}", "https://example.org/{}"), ["/2019/06/x"], False),
        (("/{}", "https://18.example.com/{}"), ["/d"], True),
        (("/{}", "https://www.example.com/{}"), ["/d"], False),
        (("http://example.com/{}", "https://example.com/{}"), ["/d"], False),
    ],
)
def test_a_rule_that_would_move_pages_that_answer_is_for_these_pages_only(
    move: tuple[str, str], living: list[str], careful: bool
) -> None:
    found = causes(*((move[0].format(name), move[1].format(name)) for name in ("a", "b", "c")), living=living)
    assert len(set(found["cause"])) == 1
    assert ("for these pages and no others" in found["cause_fix"].iloc[0]) == careful


def test_any_number_in_a_pattern_matches_the_numbers_of_living_pages() -> None:
    moves = [("/2019/05/a", "/a"), ("/2020/11/b", "/b"), ("/2021/01/c", "/c")]
    assert "one rule" in causes(*moves, living=["/about/us"])["cause_fix"].iloc[0]
    assert "these pages" in causes(*moves, living=["/2018/01/d"])["cause_fix"].iloc[0]


def test_patterns_beyond_the_largest_are_taken_to_match() -> None:
    patterns = [f"{SITE}/{n}/*" for n in range(MAX_PATTERNS + 1)]
    assert matching(patterns, as_arrow(NOTHING)) == {patterns[-1]}


def test_many_pages_that_end_at_one_are_one_cause() -> None:
    ten = causes(*((f"/gone-{n}", "/") for n in range(10)))
    assert set(ten["cause"]) == {f"many URLs of example.com to {SITE}/"}
    assert "410" in ten["cause_fix"].iloc[0]
    assert causes(*((f"/gone-{n}", "/") for n in range(9)))["cause"].nunique() == 9


def test_a_client_side_redirect_says_so_in_its_cause() -> None:
    found = causes(("/a", "/a/"), mechanism="meta-refresh")
    assert found["cause"].iloc[0] == "trailing slash added on example.com, by meta refresh"


def test_no_redirects_have_no_causes_but_all_columns() -> None:
    found = infer_causes(pd.DataFrame({"url": [], "location_url": [], "mechanism": []}, dtype="str"), NOTHING)
    assert found.empty
    assert list(found.columns) == ["change", "cause", "cause_fix"]
    assert set(map(str, found.dtypes)) == {"str"}


def test_the_index_of_the_redirects_is_kept() -> None:
    rows = pd.DataFrame(
        {"url": ["http://a.test/"], "location_url": ["https://a.test/"], "mechanism": ["location"]}, index=[7]
    )
    assert infer_causes(rows.astype("str"), NOTHING).index.tolist() == [7]
