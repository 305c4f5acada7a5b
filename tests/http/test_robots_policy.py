"""What robots.txt lets us ask (RFC 9309)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit import urls
from seoaudit.http.robots import MAX_BYTES, RobotsPolicy, read_robots

SITE = "https://shop.example"


def read(text: str | bytes, status: int | None = 200) -> RobotsPolicy:
    return read_robots(status, text.encode() if isinstance(text, str) else text, "seoaudit")


def test_the_longest_rule_decides_and_allow_wins_a_tie() -> None:
    policy = read("User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /t\nAllow: /t\n")
    assert [policy.allows(SITE + path) for path in ("/a", "/a/b", "/a/c", "/t", "/")] == [
        False,
        True,
        False,
        True,
        True,
    ]
    assert policy.reason is None


def test_wildcards_end_marks_and_queries_count() -> None:
    policy = read("User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?sort=\n")
    assert not policy.allows(f"{SITE}/a.pdf")
    assert policy.allows(f"{SITE}/a.pdf?x")
    assert not policy.allows(f"{SITE}/list?sort=price")


@pytest.mark.parametrize("agent", ["seoaudit", "SEOAudit", "seoaudit/1.0", "seoaudit # ours"])
def test_our_own_group_outranks_the_one_for_all(agent: str) -> None:
    policy = read(f"User-agent: *\nDisallow: /\n\nUser-agent: {agent}\nDisallow: /private\n")
    assert policy.allows(f"{SITE}/a")
    assert not policy.allows(f"{SITE}/private")


@pytest.mark.parametrize("agent", ["seo", "seoauditor", "seoaudit-images", "audit", "*bot", "otherbot"])
def test_a_group_for_another_crawler_is_not_ours(agent: str) -> None:
    assert read(f"User-agent: {agent}\nDisallow: /\n").allows(f"{SITE}/a")


def test_groups_of_one_name_are_one_and_names_share_a_group() -> None:
    policy = read("User-agent: seoaudit\nDisallow: /a\nUser-agent: x\nUser-agent: seoaudit\nDisallow: /b\n")
    assert not policy.allows(f"{SITE}/a")
    assert not policy.allows(f"{SITE}/b")


def test_only_path_and_query_count_even_with_two_slashes() -> None:
    policy = read("User-agent: *\nDisallow: /\nAllow: /$\n")
    assert policy.allows("https://shop.example:8080/")
    assert policy.allows("https://[::1]/")
    assert not policy.allows("https://shop.example//a")


def test_robots_txt_itself_may_always_be_asked() -> None:
    assert read("User-agent: *\nDisallow: /\n").allows(f"{SITE}/robots.txt")
    assert read("", 503).allows(f"{SITE}/robots.txt?x")


@pytest.mark.parametrize(
    ("status", "allowed", "section"),
    [
        (404, True, "2.3.1.3"),
        (400, True, "2.3.1.3"),
        (300, True, "2.3.1.2"),
        (401, True, "2.3.1.3"),
        (403, True, "2.3.1.3"),
        (301, True, "2.3.1.2"),
        (500, False, "2.3.1.4"),
        (503, False, "2.3.1.4"),
        (None, False, "2.3.1.4"),
        (429, False, "2023-01-17"),
    ],
)
def test_a_robots_txt_that_is_not_there_decides_for_all_and_says_why(
    status: int | None, allowed: bool, section: str
) -> None:
    policy = read("User-agent: *\nDisallow: /a\nSitemap: https://shop.example/s.xml\n", status)
    assert policy.allows(f"{SITE}/a") is allowed
    assert policy.reason is not None
    assert section in policy.reason
    assert policy.sitemaps == ()


def test_an_empty_file_and_an_html_page_allow_everything() -> None:
    assert read("").allows(f"{SITE}/a")
    assert read("<!doctype html><title>Disallow: /</title>").allows(f"{SITE}/a")


def test_sitemaps_are_absolute_web_urls_each_once() -> None:
    policy = read(
        "Sitemap: https://shop.example/a.xml\nUser-agent: x\nsitemap:https://shop.example/a.xml\n"
        "Sitemap: /relative.xml\nSitemap: ftp://shop.example/b.xml\nSITEMAP: HTTPS://CDN.example/c.xml # c\n"
    )
    assert policy.sitemaps == ("https://shop.example/a.xml", "https://cdn.example/c.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_hides_no_rule(encoding: str) -> None:
    assert not read("User-agent: *\nDisallow: /caf\u00e9\n".encode(encoding)).allows(f"{SITE}/caf%C3%A9")


def test_bytes_of_another_encoding_cost_only_their_own_rule() -> None:
    policy = read(b"User-agent: *\nDisallow: /\xe9\nDisallow: /b\n")
    assert not policy.allows(f"{SITE}/b")


def test_only_the_first_500_kibibytes_are_read_and_no_half_line() -> None:
    head = b"User-agent: *\nDisallow: /a\n"
    last = b"\nDisallow: /last\n"
    filler = b"#" * (MAX_BYTES - len(head) - len(last) - len(b"Disallow: /")) + last
    policy = read(head + filler + b"Disallow: /secret\nDisallow: /late\n")
    assert policy.truncated
    assert not policy.allows(f"{SITE}/a")
    assert not policy.allows(f"{SITE}/last")
    assert policy.allows(f"{SITE}/las")
    assert policy.allows(f"{SITE}/secret")
    assert policy.allows(f"{SITE}/late")
    assert not read(head.ljust(MAX_BYTES, b"#")).truncated
    assert read(head.ljust(MAX_BYTES + 1, b"#")).truncated


@pytest.mark.parametrize("name", ["User-agent: a{}", "useragent: a{}", "user  agent a{}", "User-agent: seoaudit"])
def test_many_names_with_many_rules_cost_no_product_of_both(name: str) -> None:
    names = "\n".join(name.format(i) for i in range(8_000))
    assert read(f"{names}\n" + "Disallow: /b\n" * 8_000).allows(f"{SITE}/a")


lines = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.tuples(
            st.sampled_from(["User-agent:", "Disallow:", "Allow:", "Sitemap:", "Crawl-delay:", "Request-rate:"]),
            st.one_of(st.text(max_size=20), st.text(alphabet="/*$%aB0?é ", max_size=10), st.just("*")),
        ).map(" ".join),
    ),
    max_size=12,
).map(lambda parts: "\n".join(parts).encode("utf-8", "surrogatepass"))


@given(st.one_of(st.binary(max_size=200), lines), st.one_of(st.none(), st.integers(100, 599)))
def test_any_file_gives_a_policy(body: bytes, status: int | None) -> None:
    policy = read(body, status)
    for path in ("/", "/a?b=c", "//x/%zz", "/caf%C3%A9"):
        assert policy.allows(SITE + path) in (True, False)
    assert all(urls.is_web(url) and urls.parse(url) == url for url in policy.sitemaps)
