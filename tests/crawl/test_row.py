"""One answer becomes one row: the mechanism that a browser would follow first, the headers as text, the mentions of what it holds."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seoaudit import urls
from seoaudit.crawl.answer import Answer
from seoaudit.crawl.resolver import Resolver
from seoaudit.crawl.row import read_row
from seoaudit.crawl.task import Role, Task
from seoaudit.records import Mention
from seoaudit.store.journal import decode, encode

if TYPE_CHECKING:
    from seoaudit.records import Response

URL = "https://example.com/dir/page"
META = "<meta http-equiv=refresh content='0; url=/meta'>"
SCRIPT = "<script>location = '/script'</script>"


def row(
    status: int | None = 200,
    *headers: tuple[str, bytes | str],
    body: str | bytes = b"",
    role: Role = "page",
    in_scope: bool = True,
    url: str = URL,
    html: bool = True,
    **answer: Any,
) -> Response:
    """The row of an answer with these header lines."""
    lines: dict[bytes, list[bytes]] = {b"Content-Type": [b"text/html"]} if html and body else {}
    for name, value in headers:
        lines.setdefault(name.encode(), []).append(value if isinstance(value, bytes) else value.encode("latin-1"))
    data = body.encode() if isinstance(body, str) else body
    made = Answer(status=status, headers=lines, body=data, body_bytes=len(data), **answer)
    return read_row(Task(url, role, 2, 1), made, in_scope=in_scope, resolver=Resolver())


def move(found: Response) -> tuple[str | None, str | None]:
    return found.mechanism, found.location_url and found.location_url.removeprefix("https://example.com")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_location_on_a_redirect_status_is_followed(status: int) -> None:
    found = row(status, ("Location", "/new"))
    assert move(found) == ("location", "/new")
    assert (found.location, found.location_count, found.refresh_delay) == ("/new", 1, None)
    assert (found.url, found.depth, found.hops, found.status) == (URL, 2, 1, status)


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 399, 404, 503])
def test_a_location_on_any_other_status_is_kept_and_not_followed(status: int) -> None:
    found = row(status, ("Location", "/new"))
    assert move(found) == (None, None)
    assert (found.location, found.location_count) == ("/new", 1)


@pytest.mark.parametrize(
    "value", ["", " ", "http://[", "javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd", "http://x:99999/"]
)
def test_a_location_that_leads_nowhere_is_kept_as_written(value: str) -> None:
    found = row(302, ("Location", value), ("Refresh", "0; url=/refresh"), body=META)
    assert move(found) == (None, None)
    assert found.location == value.strip()


def test_several_locations_are_kept_and_not_followed() -> None:
    found = row(301, ("Location", "/a"), ("Location", "/b"))
    assert move(found) == (None, None)
    assert (found.location, found.location_count) == ("/a\n/b", 2)


def test_absurdly_many_locations_still_fit_the_table() -> None:
    assert row(301, *[("Location", "/a")] * 40_000).location_count == 1000


def test_a_missing_location_is_a_row_without_one() -> None:
    found = row(301)
    assert (found.location, found.location_count, found.mechanism) == (None, 0, None)


def test_raw_bytes_in_a_location_are_read_as_browsers_do() -> None:
    assert move(row(302, ("Location", b"/caf\xe9"))) == ("location", "/caf%E9")
    assert move(row(302, ("Location", "/café".encode()))) == ("location", "/caf%C3%A9")
    assert row(302, ("Location", b"/caf\xe9")).location == "/café"


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (302, {"Location": "/loc", "Refresh": "0; url=/refresh"}, META + SCRIPT, ("location", "/loc")),
        (308, {"Location": "/loc", "Refresh": "0;url=/loc"}, "", ("location", "/loc")),
        (200, {"Refresh": "0; url=/refresh"}, META + SCRIPT, ("refresh-header", "/refresh")),
        (200, {}, META + SCRIPT, ("meta-refresh", "/meta")),
        (200, {}, SCRIPT + META, ("meta-refresh", "/meta")),
        (200, {}, SCRIPT, ("javascript", "/script")),
        (200, {"Refresh": "nonsense"}, META, ("meta-refresh", "/meta")),
        (200, {"Refresh": "0; url=http://["}, META, ("meta-refresh", "/meta")),
        (302, {}, META, ("meta-refresh", "/meta")),
        (302, {"Refresh": "0; url=/refresh"}, "", ("refresh-header", "/refresh")),
        (300, {}, META, ("meta-refresh", "/meta")),
        (404, {"Refresh": "0; url=/refresh"}, META + SCRIPT, (None, None)),
        (500, {}, META, (None, None)),
        (302, {"Location": ""}, META, (None, None)),
    ],
)
def test_the_strongest_mechanism_counts_and_only_below_400(
    status: int, headers: dict[str, str], body: str, expected: tuple[str | None, str | None]
) -> None:
    assert move(row(status, *headers.items(), body=body)) == expected


@pytest.mark.parametrize(
    ("value", "delay"), [("0; url=/x", 0), ("5;/x", 5), ("1.9, url='/x'", 1), ("  30 ; URL=/x", 30)]
)
def test_a_refresh_keeps_its_delay_and_its_target_as_written(value: str, delay: int) -> None:
    for found in (row(200, ("Refresh", value)), row(200, body=f'<meta http-equiv=refresh content="{value}">')):
        assert (found.refresh_delay, found.location, move(found)[1]) == (delay, "/x", "/x")


def test_a_refresh_without_a_url_loads_the_page_itself_again() -> None:
    found = row(200, ("Refresh", "60"))
    assert (found.mechanism, found.location, found.location_url, found.refresh_delay) == (
        "refresh-header",
        None,
        URL,
        60,
    )


def test_a_meta_refresh_and_a_script_are_relative_to_the_base_and_a_header_to_the_url() -> None:
    base = "<base href=/base/>"
    assert move(row(200, body=base + "<meta http-equiv=refresh content='0; url=x'>"))[1] == "/base/x"
    assert move(row(200, body=base + "<script>location = 'x'</script>"))[1] == "/base/x"
    assert move(row(200, ("Refresh", "0; url=x"), body=base))[1] == "/dir/x"


def test_a_script_that_leads_to_the_same_page_or_off_the_web_is_no_redirect() -> None:
    for target in ("page", "#x", "mailto:a@b.example", "javascript:x"):
        assert move(row(200, body=f"<script>location = '{target}'</script>")) == (None, None)


def test_a_refresh_inside_noscript_is_told_apart() -> None:
    found = row(200, body="<noscript><meta http-equiv=refresh content='0; url=/plain'></noscript>" + SCRIPT)
    assert found.noscript_refresh_url == "https://example.com/plain"
    assert move(found) == ("javascript", "/script")


def test_a_page_brings_its_mentions_title_canonical_and_robots_words() -> None:
    found = row(
        200,
        ("X-Robots-Tag", "noarchive"),
        body="<title>T</title><link rel=canonical href=/c><meta name=robots content=noindex><a href=/x>x</a>",
    )
    assert (found.title, found.canonical, found.robots_meta, found.x_robots_tag) == (
        "T",
        "https://example.com/c",
        "noindex",
        "noarchive",
    )
    assert [(mention.element, mention.target) for mention in found.links] == [
        ("canonical", "https://example.com/c"),
        ("a", "https://example.com/x"),
    ]


@pytest.mark.parametrize(
    ("content_type", "read"),
    [
        ("text/html", True),
        ("TEXT/HTML ; charset=utf-8", True),
        ("application/xhtml+xml", True),
        ("text/plain, text/html", True),
        ("text/html, text/plain", False),
        ("text/plain", False),
        ("application/pdf", False),
        ("image/svg+xml", False),
        ("nonsense", False),
    ],
)
def test_only_html_is_read_as_html(content_type: str, *, read: bool) -> None:
    found = row(200, ("Content-Type", content_type), body="<html><a href=/x>x</a>", html=False)
    assert bool(found.links) is read


@pytest.mark.parametrize(
    ("start", "read"),
    [
        ("<html>", True),
        ("<!DOCTYPE html>", True),
        ("\n <!doctype HTML ><p>", True),
        ("%PDF", False),
        ("<htmlx>", False),
    ],
)
def test_without_a_media_type_the_first_bytes_decide(start: str, *, read: bool) -> None:
    assert bool(row(200, body=f"{start}<a href=/x>x</a>", html=False).links) is read


def test_a_redirects_body_is_not_read_but_that_of_a_redirect_to_nowhere_is() -> None:
    assert row(301, ("Location", "/x"), body="<a href=/x>moved</a>").links == []
    assert row(301, ("Location", ""), body="<a href=/x>moved</a>").links == []
    assert len(row(301, body="<a href=/x>moved</a>").links) == 1
    assert len(row(300, body="<a href=/x>one</a><a href=/y>other</a>").links) == 2


def test_an_error_page_and_a_page_cut_short_still_bring_their_mentions() -> None:
    assert len(row(404, body="<a href=/x>home</a>").links) == 1
    assert len(row(200, body="<a href=/x>x</a><a hre", error="timeout").links) == 1


def test_what_lies_outside_brings_no_mentions() -> None:
    found = row(200, ("Link", "</c>; rel=canonical"), body="<title>T</title><a href=/x>x</a>" + META, in_scope=False)
    assert (found.links, found.title, found.canonical, found.mechanism) == ([], None, None, None)
    assert move(row(302, ("Location", "/x"), in_scope=False)) == ("location", "/x")


def test_the_link_header_names_canonical_and_languages() -> None:
    found = row(
        200,
        ("Link", '</c>; rel="canonical", <https://example.com/de>; rel=alternate; hreflang=de'),
        ("Link", "<//other.example/fr>; rel=alternate; hreflang=fr"),
        ("Link", "</style.css>; rel=preload, </feed>; rel=alternate, <mailto:x>; rel=canonical"),
        ("Link", '</else>; rel=canonical; anchor="/other"'),
    )
    assert found.canonical == "https://example.com/c"
    assert found.links == [
        Mention("https://example.com/c", "canonical", None, "header", "/c"),
        Mention("https://example.com/de", "hreflang", "de", "header", None),
        Mention("https://other.example/fr", "hreflang", "fr", "header", "//other.example/fr"),
    ]


def test_the_pages_own_canonical_comes_before_the_headers() -> None:
    found = row(200, ("Link", "</header>; rel=canonical"), body="<link rel=canonical href=/page>")
    assert found.canonical == "https://example.com/page"
    assert len(found.links) == 2


def test_a_header_canonical_counts_for_what_is_no_page() -> None:
    found = row(200, ("Content-Type", "application/pdf"), ("Link", "</c>; rel=canonical"), html=False, body="%PDF")
    assert (found.canonical, found.media_type) == ("https://example.com/c", "application/pdf")


SITEMAP = """<?xml version="1.0"?><!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc>https://example.com/a</loc><xhtml:link rel="alternate" hreflang="de" href="https://example.com/de/a"/></url>
<url><loc>/relative#x</loc></url><url><loc>mailto:x</loc></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>https://example.com/1.xml.gz</loc></sitemap></sitemapindex>"
LISTED = [
    ("sitemap", "https://example.com/a"),
    ("hreflang", "https://example.com/de/a"),
    ("sitemap", "https://example.com/relative"),
]


def named(found: Response) -> list[tuple[str, str]]:
    return [(mention.element, mention.target) for mention in found.links]


@pytest.mark.parametrize(
    "body", [SITEMAP.encode(), gzip.compress(SITEMAP.encode()), b"\xef\xbb\xbf" + SITEMAP.encode()]
)
def test_a_sitemap_mentions_its_urls_and_languages_whatever_its_media_type(body: bytes) -> None:
    for media_type in ("application/xml", "application/x-gzip", "text/plain", "text/html"):
        found = row(200, ("Content-Type", media_type), body=body, role="sitemap", html=False)
        assert named(found) == LISTED
        assert found.error_detail is None


def test_a_sitemap_index_mentions_files_and_a_text_sitemap_pages() -> None:
    assert named(row(200, body=INDEX, role="sitemap")) == [("sitemap-file", "https://example.com/1.xml.gz")]
    text = row(200, body="https://example.com/a\nhttps://example.com/b\n", role="sitemap", html=False)
    assert named(text) == [("sitemap", "https://example.com/a"), ("sitemap", "https://example.com/b")]


def test_a_sitemap_that_is_linked_as_a_page_is_read_as_a_sitemap() -> None:
    assert named(row(200, ("Content-Type", "text/xml"), body=SITEMAP, html=False)) == LISTED
    assert named(row(200, ("Content-Type", "application/rss+xml"), body="<rss></rss>", html=False)) == []


@pytest.mark.parametrize(
    "body", [b"<?xml version='1.0'?>" + b"<!---->" * 500, b"<!--" * 1000, b" " * 4096, b"<!-- <urlset> -->"]
)
def test_xml_that_hides_its_start_is_not_searched_for_ever(body: bytes) -> None:
    assert row(200, ("Content-Type", "text/xml"), body=body, html=False).links == []


def test_a_sitemap_may_lie_on_another_host() -> None:
    found = row(200, body=SITEMAP.replace("/relative", "https://example.com/relative"), role="sitemap", in_scope=False)
    assert named(found) == LISTED
    assert found.in_scope is False


def test_a_broken_sitemap_says_so_and_brings_what_it_could() -> None:
    found = row(200, body=SITEMAP[:-60], role="sitemap", html=False)
    assert (found.error_detail or "").startswith("sitemap: ")
    assert found.links
    assert row(404, body=SITEMAP, role="sitemap").links == []


def test_a_page_under_a_sitemaps_address_is_read_as_the_page_it_is() -> None:
    """Where every unknown address leads to the home page, its links must not be lost."""
    found = row(200, body="<!doctype html><html><a href=/x>x</a></html>", role="sitemap")
    assert named(found) == [("a", "https://example.com/x")]
    assert found.error_detail == "sitemap: not-a-sitemap"
    assert row(200, body="<html><a href=/x>x</a>", role="sitemap", in_scope=False).links == []


def test_robots_txt_mentions_its_sitemaps() -> None:
    body = "User-agent: *\nDisallow: /x\nSitemap: https://example.com/s.xml\nsitemap: https://cdn.example/t.xml#x\nSitemap: /relative"
    found = row(200, ("Content-Type", "text/plain"), body=body, role="robots", html=False)
    assert named(found)[:2] == [
        ("sitemap-file", "https://example.com/s.xml"),
        ("sitemap-file", "https://cdn.example/t.xml"),
    ]
    assert row(200, body="<html><a href=/x>x</a>", role="robots").links == []
    assert row(503, body=body, role="robots", html=False).links == []


@pytest.mark.parametrize("error", ["dns", "connect", "tls", "timeout", "reset", "malformed", "robots", "invalid-url"])
def test_what_gave_no_answer_is_a_row_with_its_error(error: Any) -> None:
    found = row(None, error=error, error_detail="said the client", method="HEAD")
    assert (found.status, found.error, found.error_detail, found.method) == (None, error, "said the client", "HEAD")
    assert found.links == []


def test_header_columns_are_text_and_joined() -> None:
    found = row(
        200,
        ("Cache-Control", "public"),
        ("Cache-Control", "max-age=60"),
        ("Vary", b"caf\xe9"),
        ("Server", "Grüße".encode()),
        ("Strict-Transport-Security", "max-age=1"),
        ("Set-Cookie", "a=1; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
        ("Set-Cookie", "flag; Path=/"),
        ("Set-Cookie", "=nameless"),
        ("Set-Cookie", "b=c=d"),
    )
    assert found.cache_control == "public, max-age=60"
    assert (found.vary, found.server, found.hsts) == ("café", "Grüße", "max-age=1")
    assert found.set_cookie_names == "a, flag, b"
    assert found.expires is None


def test_what_was_measured_is_kept() -> None:
    found = row(
        200,
        latency_ms=1.5,
        protocol="HTTP/2",
        ip_address="127.0.0.1",
        certificate_error="expired",
        fetched_at=1e9,
        error="too-large",
    )
    assert (found.latency_ms, found.protocol, found.ip_address, found.fetched_at) == (1.5, "HTTP/2", "127.0.0.1", 1e9)
    assert (found.certificate_error, found.error, found.status) == ("expired", "too-large", 200)


HEADER_NAMES = st.sampled_from(
    [b"Location", b"Refresh", b"Link", b"Content-Type", b"Set-Cookie", b"X-Robots-Tag", b"Vary", b"Server", b""]
)
HEADER_VALUES = st.lists(
    st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)), min_size=1, max_size=3
)
BODIES = st.one_of(
    st.binary(),
    st.sampled_from(
        [META.encode(), SCRIPT.encode(), SITEMAP.encode(), gzip.compress(SITEMAP.encode())[:-9], b"\x1f\x8b", b"<"]
    ),
)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(st.none(), st.integers(100, 999)),
    st.dictionaries(HEADER_NAMES, HEADER_VALUES),
    BODIES,
    st.sampled_from(["page", "asset", "outside", "robots", "sitemap"]),
    st.booleans(),
)
def test_whatever_a_server_sends_becomes_a_row_that_the_journal_takes(
    status: int | None, headers: dict[bytes, list[bytes]], body: bytes, role: Role, in_scope: bool
) -> None:
    answer = Answer(status=status, headers=headers, body=body)
    found = read_row(Task(URL, role), answer, in_scope=in_scope, resolver=Resolver())
    again = decode(encode(found))
    assert getattr(again, "url", None) == URL
    for target in [mention.target for mention in found.links] + [
        url for url in (found.location_url, found.canonical) if url
    ]:
        assert urls.is_web(target)
    assert all("#" not in mention.target for mention in found.links)
    assert (found.mechanism is None) == (found.location_url is None)
