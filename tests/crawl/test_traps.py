"""URLs without end are recognised by their pattern and bounded for each, and big honest sites are left alone."""

from __future__ import annotations

import pytest

from seoaudit.crawl.traps import LONG_STREAK, Traps, growing, pattern_of, streak_of, without_session

SITE = "https://example.com"


def follow(traps: Traps, urls: list[str], start: str = f"{SITE}/") -> list[str]:
    """What is admitted of a chain of pages, each found on the one before."""
    admitted, source, streak = [], start, 0
    for url in urls:
        streak = streak_of(url, source, streak)
        if not traps.admits(url, streak):
            break
        admitted.append(url)
        source = url
    return admitted


@pytest.mark.parametrize(
    "template",
    [
        "/calendar/{n}/01",
        "/calendar?year=2026&month={n}",
        "/list?page={n}",
        "/list/page/{n}/",
        "/events/day-{n}",
    ],
)
def test_an_endless_series_ends_at_the_limit_and_is_named(template: str) -> None:
    traps = Traps(limit=100)
    urls = [SITE + template.format(n=n) for n in range(10_000)]
    assert len(follow(traps, urls)) == LONG_STREAK + 1 + 100
    (limit,) = traps.limits()
    assert (limit.name, limit.count) == ("trap_limit", 1)
    assert limit.detail.startswith(f"endless series: {pattern_of(urls[0])}; 100 were asked, trap_limit=1000 asks more")


def test_a_big_site_that_lists_its_pages_is_no_trap() -> None:
    traps = Traps(limit=1)
    for n in range(5000):
        product = f"{SITE}/product/{n}"
        assert traps.admits(product, streak_of(product, f"{SITE}/list?page={n // 50}", 0))


def test_pagination_of_a_usual_length_is_no_trap() -> None:
    urls = [f"{SITE}/blog?page={n}" for n in range(LONG_STREAK)]
    assert follow(Traps(limit=1), urls) == urls


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/a/b/a/b/a/b/a/b", "growing path"),
        ("/shop/de/de/de/de/", "growing path"),
        ("/x//////", "growing path"),
        ("/s?f=1&f=2&f=3&f=4", "growing query"),
        ("/s?" + "&".join(f"p{n}=1" for n in range(13)), "growing query"),
        ("/" + "x" * 2000, "growing URL"),
        ("/2026/11/11/11/11/", None),
        ("/a/b/a/b/a/c", None),
        ("/s?a=1&b=2&c=3", None),
        ("/", None),
        ("", None),
    ],
)
def test_what_grows_by_itself_is_suspect(url: str, kind: str | None) -> None:
    suspect = growing(SITE + url if url else f"{SITE}/")
    assert (suspect.kind if suspect else None) == kind


def test_a_growing_path_is_bounded_below_its_first_folder() -> None:
    traps = Traps(limit=5)
    urls = [f"{SITE}/shop{'/a/b' * n}" for n in range(1, 100)]
    admitted = [url for url in urls if traps.admits(url, 0)]
    assert len(admitted) == 3 + 5
    assert sum(limit.count for limit in traps.limits()) == 99 - 8


@pytest.mark.parametrize(
    ("url", "bare", "name"),
    [
        ("/p?sid=1a2b", "/p", "sid"),
        ("/p?PHPSESSID=abc&x=1", "/p?x=1", "PHPSESSID"),
        ("/p;jsessionid=0A?x=1", "/p?x=1", "jsessionid"),
        ("/p?a=1&sessionid=7", "/p?a=1", "sessionid"),
        ("/p?inside=1", None, None),
        ("/p?x=sid", None, None),
    ],
)
def test_session_ids_are_recognised(url: str, bare: str | None, name: str | None) -> None:
    assert without_session(SITE + url) == (None if bare is None else (SITE + bare, name))


def test_the_same_page_under_ever_new_session_ids_is_bounded_and_each_page_is_seen_once() -> None:
    traps = Traps(limit=10)
    pages = [f"{SITE}/page/{n}" for n in range(50)]
    assert all(traps.admits(f"{page}?sid=first", 0) for page in pages)
    again = [traps.admits(f"{pages[n % 50]}?sid={n}", 0) for n in range(100)]
    assert sum(again) == 10
    (limit,) = traps.limits()
    assert limit.count == 90
    assert "session ids: https://example.com/… with sid=" in limit.detail


def test_a_url_that_is_left_out_again_is_counted_once() -> None:
    traps = Traps(limit=0)
    for _ in range(3):
        assert not traps.admits(f"{SITE}/s?f=1&f=1&f=1&f=1", 0)
    assert [limit.count for limit in traps.limits()] == [1]
