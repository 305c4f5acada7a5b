"""Sitemaps of every form, whole, broken and hostile."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.http.sitemap import Sitemap, SitemapEntry, read_sitemap

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
A, B = "https://shop.example/a", "https://shop.example/b"


def urlset(inside: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"{head}<urlset {NS}>{inside}</urlset>".encode()


def url(loc: str) -> str:
    return f"<url><loc>{loc}</loc></url>"


def listed(sitemap: Sitemap) -> list[str]:
    return [entry.url for entry in sitemap.entries]


def test_a_url_set_is_read() -> None:
    sitemap = read_sitemap(urlset(url(A) + "<url><lastmod>2026-01-01</lastmod><loc>\n " + B + "\t</loc></url>"))
    assert sitemap == Sitemap("urlset", [SitemapEntry(A), SitemapEntry(B)], 2)
    assert not sitemap.truncated


def test_an_index_is_read() -> None:
    body = f"<sitemapindex {NS}><sitemap><loc>{A}.xml</loc></sitemap></sitemapindex>".encode()
    assert read_sitemap(body) == Sitemap("index", [SitemapEntry(f"{A}.xml")], 1)


def test_language_alternates_belong_to_their_url() -> None:
    alternates = '<xhtml:link rel="alternate" hreflang="de" href="/de"/><xhtml:link rel="stylesheet" href="/x"/>'
    sitemap = read_sitemap(urlset(f"<url><loc>{A}</loc>{alternates}</url>{url(B)}"))
    assert sitemap.entries == [SitemapEntry(A, (("de", "/de"),)), SitemapEntry(B)]


def test_addresses_of_images_and_videos_are_no_pages() -> None:
    extras = (
        "<image:image><image:loc>/i.png</image:loc></image:image><v:video><v:player_loc>/v</v:player_loc></v:video>"
    )
    assert listed(read_sitemap(urlset(f"<url>{extras}<loc>{A}</loc>{extras}</url>"))) == [A]


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset><url><loc>{A}</loc></url></urlset>",
        f'<s:urlset xmlns:s="x"><s:url><s:loc>{A}</s:loc></s:url></s:urlset>',
        f"<urlset><url><loc><![CDATA[{A}]]></loc></url></urlset>",
        f"\ufeff \n<?xml version='1.0'?><urlset><url><loc>{A}</loc></url></urlset>",
        f"<!-- made by a plugin --><urlset><url><loc>{A}<!-- --></loc></url></urlset>",
        f"<?xml-stylesheet href='/s.xsl'?><urlset><url><loc>{A}</loc></url></urlset>",
        f"<rss><channel><link>/</link><item><link>{A}</link><atom:link href='/feed'/></item></channel></rss>",
        f"<feed><link href='/'/><entry><link rel='self' href='/x'/><link href='{A}'/><link href='/y'/></entry></feed>",
    ],
)
def test_namespaces_cdata_marks_and_feeds_make_no_difference(body: str) -> None:
    assert read_sitemap(body.encode()) == Sitemap("urlset", [SitemapEntry(A)], 1)


def test_the_five_entities_and_numbers_are_characters() -> None:
    assert listed(read_sitemap(urlset(url("/?a&amp;b&#61;&quot;&lt;")))) == ['/?a&b="<']


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "windows-1252"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
    ],
)
def test_declared_encodings_are_read(head: str, encoding: str) -> None:
    body = urlset(url("/caf\u00e9"), head).decode().encode(encoding)
    assert listed(read_sitemap(body)) == ["/caf\u00e9"]


def test_an_unknown_encoding_is_an_error_and_no_crash() -> None:
    for encoding in ("klingon", "gbk"):
        assert read_sitemap(urlset(url(A), f'<?xml version="1.0" encoding="{encoding}"?>')).error == "malformed"


def test_broken_xml_keeps_what_came_before_the_fault() -> None:
    sitemap = read_sitemap(urlset(url(A) + url("/x?a&b") + url(B)))
    assert (sitemap.kind, listed(sitemap), sitemap.error) == ("urlset", [A], "malformed")
    assert sitemap.detail is not None
    assert "line 1" in sitemap.detail
    assert listed(read_sitemap(urlset(url(A))[:-5])) == [A]


def test_plain_text_is_one_url_a_line() -> None:
    sitemap = read_sitemap(f"\n{A}\r\nnot a url\n\n  {B}  \n".encode())
    assert sitemap == Sitemap("text", [SitemapEntry(A), SitemapEntry(B)], 2)
    assert listed(read_sitemap(A.encode("utf-16"))) == [A]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"<!DOCTYPE html><html><body>404</body></html>",
        b"<html><url><loc>/a</loc></url></html>",
        b"<",
        b"Sorry\nhttps://shop.example/a\n",
        b'{"a": 1}',
        b"\x89PNG\r\n\x1a\n\0\0",
        gzip.compress(b"nothing"),
    ],
)
def test_what_is_no_sitemap_is_called_so(body: bytes) -> None:
    assert read_sitemap(body) == Sitemap(None, [], 0, "not-a-sitemap")


def test_a_compressed_sitemap_is_unpacked_in_all_its_members() -> None:
    body = urlset(url(A) + url(B))
    assert read_sitemap(gzip.compress(body)) == read_sitemap(body)
    assert read_sitemap(gzip.compress(body[:80]) + gzip.compress(body[80:])) == read_sitemap(body)


def test_compressed_data_that_is_cut_off_or_broken_keeps_what_was_read() -> None:
    whole = gzip.compress(urlset("".join(url(f"/{random.Random(i).random()}") for i in range(500))))
    for body in (whole[:-2000], whole[:-4], whole + b"garbage"):
        sitemap = read_sitemap(body)
        assert (sitemap.kind, sitemap.error) == ("urlset", "compression")
        assert sitemap.entries
    assert read_sitemap(b"\x1f\x8b").error == "compression"


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(urlset(url(A) + " " * 3_000_000 + url(B)))
    sitemap = read_sitemap(bomb, max_bytes=1_000_000)
    assert (listed(sitemap), sitemap.error, sitemap.detail) == ([A], "too-large", None)
    assert listed(read_sitemap(bomb, max_bytes=4_000_000)) == [A, B]
    assert read_sitemap(gzip.decompress(bomb), max_bytes=1_000_000).error == "too-large"


def test_exactly_the_limit_is_not_too_large() -> None:
    body = urlset(url(A))
    assert read_sitemap(body, max_bytes=len(body)).error is None
    assert read_sitemap(gzip.compress(body), max_bytes=len(body)).error is None
    assert read_sitemap(gzip.compress(body), max_bytes=len(body) - 1).error == "too-large"


def test_urls_beyond_the_limit_are_counted() -> None:
    sitemap = read_sitemap(urlset("".join(url(f"/{i}") for i in range(7))), max_entries=5)
    assert (len(sitemap.entries), sitemap.url_count, sitemap.truncated) == (5, 7, True)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE urlset [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
        '<!DOCTYPE urlset [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;">]>',
    ],
)
def test_a_declared_entity_stops_the_reading(doctype: str) -> None:
    sitemap = read_sitemap(f"{doctype}<urlset><url><loc>&x;</loc></url></urlset>".encode())
    assert (sitemap.entries, sitemap.error) == ([], "malformed")


def test_an_external_document_type_is_not_fetched() -> None:
    body = f'<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/s.dtd"><urlset><url><loc>{A}</loc></url></urlset>'.encode()
    assert listed(read_sitemap(body)) == [A]


def test_deep_nesting_is_read() -> None:
    sitemap = read_sitemap(urlset("<a>" * 100_000 + "</a>" * 100_000 + url(A)))
    assert listed(sitemap) == [A]


PIECES = (
    "<urlset>",
    "</urlset>",
    "<url>",
    "</url>",
    "<loc>",
    "</loc>",
    "<link href='/a'/>",
    "<sitemapindex>",
    "<sitemap>",
    "</sitemap>",
)
documents = st.lists(
    st.one_of(
        st.sampled_from([*PIECES, "&amp;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE a [", "/a"]), st.text(max_size=5)
    )
)


@given(
    st.one_of(st.binary(), documents.map(lambda pieces: ("<urlset>" + "".join(pieces)).encode("utf-8", "replace"))),
    st.booleans(),
)
def test_any_bytes_are_read(body: bytes, compressed: bool) -> None:
    sitemap = read_sitemap(gzip.compress(body) if compressed else body, max_entries=3)
    assert len(sitemap.entries) == min(sitemap.url_count, 3)
    assert all(entry.url.strip() == entry.url != "" for entry in sitemap.entries)
    assert sitemap.kind is not None or sitemap.error is not None
    assert sitemap.detail is None or sitemap.error == "malformed"


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_mark_of_gzip_are_read(body: bytes) -> None:
    assert read_sitemap(b"\x1f\x8b\x08\0" + body).error is not None
