"""A document's mentions are those that a browser would see, each with its element, text and rel; hostile documents cost little."""

from __future__ import annotations

import html as html_text
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from seoaudit import urls
from seoaudit.crawl.encoding import decode
from seoaudit.crawl.nesting import MAX_DEPTH, simplify
from seoaudit.crawl.page import MAX_ACTION, MAX_TEXT, Page, _ancestors, _nodes_inside, read_page
from seoaudit.crawl.resolver import Resolver
from seoaudit.http.refresh import Refresh
from seoaudit.records import FORM_ELEMENTS, Mention

URL = "https://example.com/dir/page?q=1"
SITE = "https://example.com"


def read(html: str, url: str = URL, codec: str = "utf-8") -> Page:
    return read_page(html, url, codec, Resolver())


def mentions(html: str, url: str = URL) -> list[Mention]:
    return read(html, url).mentions


def short(html: str, url: str = URL) -> list[tuple[str, str]]:
    """Elements and targets, the site's own without its origin."""
    return [(mention.element, mention.target.removeprefix(SITE)) for mention in mentions(html, url)]


ELEMENTS = {
    '<a href="/x">': [("a", "/x")],
    '<map><area href="/x" alt="Place"></map>': [("area", "/x")],
    '<iframe src="/x">': [("iframe", "/x")],
    '<frameset><frame src="/x"></frameset>': [("frame", "/x")],
    '<link rel="canonical" href="/x">': [("canonical", "/x")],
    '<link rel="alternate" hreflang="de" href="/x">': [("hreflang", "/x")],
    '<link rel="next" href="/x">': [("next", "/x")],
    '<link rel="prev" href="/x">': [("prev", "/x")],
    '<link rel="previous" href="/x">': [("prev", "/x")],
    '<link rel="amphtml" href="/x">': [("amphtml", "/x")],
    '<link rel="stylesheet" href="/x">': [("stylesheet", "/x")],
    '<link rel="alternate stylesheet" href="/x">': [("stylesheet", "/x")],
    '<link rel="icon" href="/x">': [("icon", "/x")],
    '<link rel="SHORTCUT ICON" href="/x">': [("icon", "/x")],
    '<link rel="preload" as="font" href="/x">': [("preload", "/x")],
    '<link rel="modulepreload" href="/x">': [("preload", "/x")],
    '<link rel="alternate" type="application/rss+xml" href="/x">': [],
    '<link rel="dns-prefetch" href="//x.example">': [],
    '<link rel="canonical">': [],
    '<link rel="canonical" href="">': [],
    '<img src="/x">': [("img", "/x")],
    '<img src="">': [],
    "<img>": [],
    '<script src="/x"></script>': [("script", "/x")],
    '<picture><source srcset="/x 1x, /y 2x"></picture>': [("source", "/x"), ("source", "/y")],
    '<video><source src="/x"></video>': [("source", "/x")],
    '<video src="/x" poster="/y"></video>': [("video", "/x"), ("img", "/y")],
    '<audio src="/x"></audio>': [("video", "/x")],
    '<form action="/x"></form>': [("form-get", "/x")],
    '<form action="/x" method="POST"></form>': [("form-post", "/x")],
    '<form action="/x" method="dialog"></form>': [],
    '<form action="/x" method="nonsense"></form>': [("form-get", "/x")],
    '<form method="post"></form>': [("form-post", "/dir/page?q=1")],
    '<form action=""></form>': [("form-get", "/dir/page?q=1")],
    '<a href="mailto:a@b.example">': [],
    '<a href="javascript:void(0)">': [],
    '<a href="tel:1">': [],
    '<a href="data:text/html,x">': [],
    '<a href="ftp://example.com/">': [],
    '<a href="http://[">': [],
    '<a href="http://example.com:99999/">': [],
    '<a name="x">': [],
    '<a href="#top">': [],
    '<a href="">': [("a", "/dir/page?q=1")],
    '<a href=" /x\n">': [("a", "/x")],
    '<a href="/a\tb">': [("a", "/ab")],
    '<a href="?y=2#z">': [("a", "/dir/page?y=2")],
    '<a href="../x">': [("a", "/x")],
    '<a href="x#y">': [("a", "/dir/x")],
    '<a href="//other.example/x">': [("a", "https://other.example/x")],
    r'<a href="\\other.example\x">': [("a", "https://other.example/x")],
    '<a href="HTTP://EXAMPLE.com:80/%7Ex">': [("a", "http://example.com/%7Ex")],
    '<a href="/x?">': [("a", "/x?")],
    '<a href="/x?b=2&amp;a=1">': [("a", "/x?b=2&a=1")],
    '<a href="/%5e|[x]">': [("a", "/%5e|[x]")],
    '<a href="https:x">': [("a", "/dir/x")],
    "<svg><a href='/x'>": [("a", "/x")],
}


@pytest.mark.parametrize(("html", "expected"), ELEMENTS.items(), ids=list(ELEMENTS))
def test_each_element_mentions_its_urls(html: str, expected: list[tuple[str, str]]) -> None:
    assert short(html) == expected


NOT_REAL = {
    "a comment": "<!-- <a href=/x> <meta http-equiv=refresh content='0;/x'> <base href=/y/> -->",
    "a template": "<template><a href=/x></a><meta http-equiv=refresh content='0;/x'><base href=/y/></template>",
    "a script": """<script>var s = "<a href='/x'><meta http-equiv='refresh' content='0;/x'><base href='/y/'>";</script>""",
    "a style": "<style>/* <a href=/x> <meta http-equiv=refresh content='0;/x'> */</style>",
    "a textarea": "<textarea><a href=/x><meta http-equiv=refresh content='0;/x'></textarea>",
    "a title": "<title><a href=/x><meta http-equiv=refresh content='0;/x'></title>",
    "an iframe": "<iframe><a href=/x><meta http-equiv=refresh content='0;/x'></iframe>",
    "an attribute": """<p title="<a href='/x'><meta http-equiv='refresh' content='0;/x'>">""",
    "escaped text": "&lt;a href=/x&gt;&lt;meta http-equiv=refresh content='0;/x'&gt;",
}


@pytest.mark.parametrize("html", NOT_REAL.values(), ids=list(NOT_REAL))
def test_what_only_looks_like_an_element_is_none(html: str) -> None:
    found = read(f"{html}<a href=z>z</a>")
    assert [mention.target for mention in found.mentions] == [f"{SITE}/dir/z"]
    assert found.refresh is None
    assert found.noscript_refresh is None


def test_mentions_come_in_document_order_each_once() -> None:
    html = (
        "<link rel=canonical href=/1><a href=/2></a><img src=/3><form action=/4></form><a href=/5></a><a href=/2></a>"
    )
    assert [target for _, target in short(html)] == ["/1", "/2", "/3", "/4", "/5", "/2"]


def test_a_mention_keeps_text_rel_and_href_as_written() -> None:
    assert mentions('<a href="../x#y" rel="nofollow ugc">One\n <b>two</b>\xa0 three </a>') == [
        Mention(f"{SITE}/x", "a", "One two three", "nofollow ugc", "../x#y")
    ]
    assert mentions(f'<a href="{SITE}/x">x</a>')[0].href is None
    assert mentions('<link rel="alternate" hreflang="de-AT" href="/at">') == [
        Mention(f"{SITE}/at", "hreflang", "de-AT", "alternate", "/at")
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a href=/x>words<img alt=image></a>", "words"),
        ("<a href=/x><img><img alt='an  image'><img alt=second></a>", "an image"),
        ("<a href=/x aria-label='the label'><img alt=image></a>", "the label"),
        ("<a href=/x><script>var x</script><style>b{}</style><span>seen</span></a>", "seen"),
        ("<a href=/x> \n </a>", None),
        ("<a href=/x></a>", None),
        ("<a href=/x>&lt;b&gt; &amp;</a>", "<b> &"),
        ("<map><area href=/x alt=Place></map>", "Place"),
        (f"<a href=/x>{'long ' * 1000}</a>", ("long " * 1000)[:MAX_TEXT]),
    ],
)
def test_the_text_is_what_a_reader_gets(html: str, text: str | None) -> None:
    assert mentions(html)[0].text == text


def test_srcset_candidates_may_hold_commas_and_data_urls_are_left_out() -> None:
    srcset = "/a,b.jpg 1x,/c.jpg 1.5x , data:image/png;base64,AA,BB 2x,, /d.jpg?w=1,2 480w, /e.jpg, "
    found = short(f'<img src="/a.jpg" srcset="{srcset}">')
    assert [target for _, target in found] == ["/a.jpg", "/a,b.jpg", "/c.jpg", "/d.jpg?w=1,2", "/e.jpg"]
    assert short('<img srcset=",,, , ">') == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<form><button formaction="/x">Go</button></form>', ("form-get", "/x", "Go")),
        ('<form method=post><button formaction="/x">Go</button></form>', ("form-post", "/x", "Go")),
        (
            '<form method=post><p><button formaction="/x" formmethod=get>Go</button></p></form>',
            ("form-get", "/x", "Go"),
        ),
        ('<form><input type=submit formaction="/x" formmethod=post value=Send></form>', ("form-post", "/x", "Send")),
        ('<form><input type=image formaction="/x"></form>', ("form-get", "/x", None)),
        ('<form method=post id=f></form><button form=f formaction="/x">Go</button>', ("form-post", "/x", "Go")),
        ('<button form=f formaction="/x">Go</button><form method=post id=f></form>', ("form-post", "/x", "Go")),
        (
            '<form method=post id=f></form><form id=f></form><button form=f formaction="/x"></button>',
            ("form-post", "/x", None),
        ),
        (
            '<form id=f></form><form method=post><button form=f formaction="/x"></button></form>',
            ("form-get", "/x", None),
        ),
        ('<form method=post><button form=none formaction="/x"></button></form>', ("form-get", "/x", None)),
        ('<form method=post><button formaction="">Go</button></form>', ("form-post", "/dir/page?q=1", "Go")),
    ],
)
def test_each_submit_button_has_its_own_action_and_its_forms_method(
    html: str, expected: tuple[str, str, str | None]
) -> None:
    found = [(mention.element, mention.target.removeprefix(SITE), mention.text) for mention in mentions(html)]
    assert expected in found
    assert len(found) == html.count("<form") + 1


@pytest.mark.parametrize(
    "button",
    [
        "<button type=button formaction=/x>",
        "<button type=reset formaction=/x>",
        "<input formaction=/x>",
        "<input type=text formaction=/x>",
        "<button formaction=/x formmethod=dialog>",
        "<form method=dialog><button formaction=/x></form>",
    ],
)
def test_a_button_that_submits_nothing_mentions_nothing(button: str) -> None:
    assert short(button) == []


def test_the_base_counts_for_earlier_elements_too_and_only_the_first() -> None:
    html = "<link rel=next href=n><base target=_top><base href=/base/><base href=/second/><a href=x><a href=/y><a href='?z'>"
    assert [target for _, target in short(html)] == ["/base/n", "/base/x", "/y", "/base/?z"]
    assert read(html).base == f"{SITE}/base/"


def test_the_base_may_be_another_site_and_may_be_relative() -> None:
    assert short("<base href='//cdn.example/a/b'><a href=x>") == [("a", "https://cdn.example/a/x")]
    assert short("<base href='../'><a href=x>") == [("a", "/x")]


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,", "http://[", "", "about:blank", "mailto:x"])
def test_a_base_that_leads_nowhere_is_none(href: str) -> None:
    assert short(f"<base href='{href}'><a href=x>") == [("a", "/dir/x")]


def test_a_fragment_alone_leads_to_the_base() -> None:
    assert short("<a href='#top'>") == []
    assert short("<base href=/other/><a href='#top'>") == [("a", "/other/")]


def test_title_canonical_and_robots_are_read() -> None:
    found = read(
        "<head><title> A\n title </title><title>Second</title><link rel=canonical href=c><link rel=canonical href=d>"
        "<meta name=robots content='noindex, follow'><meta name=GoogleBot content=nosnippet><meta name=other content=x>"
        "<meta name=robots http-equiv=x content=none></head><svg><title>Drawing</title></svg>"
    )
    assert found.title == "A title"
    assert found.canonical == f"{SITE}/dir/c"
    assert found.robots == ["noindex, follow", "googlebot: nosnippet", "none"]


def test_a_drawings_title_is_not_the_pages() -> None:
    assert read("<body><svg><title>Drawing</title></svg>").title is None


def test_the_first_refresh_that_is_one_counts_and_noscript_is_counted_apart() -> None:
    found = read(
        "<meta http-equiv=refresh content=nonsense><noscript><meta http-equiv=refresh content='1;/no-script'></noscript>"
        "<META HTTP-EQUIV=' Refresh ' CONTENT='5; url=/a'><meta http-equiv=refresh content='0;/b'>"
    )
    assert found.refresh == Refresh(5, "/a")
    assert found.noscript_refresh == Refresh(1, "/no-script")


def test_a_refresh_deep_in_the_body_counts() -> None:
    assert read("<div>" * 400 + "x" * 10_000 + "<meta http-equiv=refresh content='0, /x'>").refresh == Refresh(0, "/x")


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ("<script>location = '/x'</script>", "/x"),
        ("<script type=module>location.href = '/x'</script>", "/x"),
        ("<script type='text/JavaScript'>location.replace('/x')</script>", "/x"),
        ("<script>var a = 1</script><script>location = '/x'</script><script>location = '/y'</script>", "/x"),
        ("<script type='application/json'>location = '/x'</script>", None),
        ("<script type='text/template'>location = '/x'</script>", None),
        ("<script src=/s.js>location = '/x'</script>", None),
        ("<script nomodule>location = '/x'</script>", None),
        ("<body><noscript><script>location = '/x'</script></noscript>", None),
        ("<template><script>location = '/x'</script></template>", None),
        ("<p onclick=\"location = '/x'\">", None),
    ],
)
def test_only_scripts_that_run_at_once_are_read_for_redirects(html: str, target: str | None) -> None:
    assert read(html).javascript == target


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/html", "é"),
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        ("“".encode("cp1252"), "text/html; charset=latin1", "“"),
        ("日本".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "日本"),
        ("日本".encode("euc_jp"), "text/html; charset=EUC-JP", "日本"),
        ("中文".encode("gbk"), "text/html; charset=gb2312", "中文"),
        ("Привет".encode("cp1251"), "text/html; charset=windows-1251", "Привет"),
        (b"<meta charset=windows-1252>\xe9", "text/html", "<meta charset=windows-1252>é"),
        (b"<meta http-equiv=content-type content='text/html; charset=koi8-r'>\xc1", None, None),
        (b"\xef\xbb\xbf\xc3\xa9", "text/html; charset=latin1", "é"),
        ("é".encode("utf-16"), "text/html", "é"),
        (b"\xff\xfee\x00", "text/html", "e"),
        (b"<meta charset=utf-16>x", "text/html", "<meta charset=utf-16>x"),
        (b"\xe9!", "text/html; charset=utf-8", "\ufffd!"),
        (b"x", "text/html; charset=nonsense", "x"),
        (b"x", "text/html; charset=", "x"),
        (b"+2AA-", "text/html; charset=utf-7", "+2AA-"),
        (b"\\ud800", "text/html; charset=unicode_escape", "\\ud800"),
        (b"x", "text/html; charset=undefined", "x"),
        (b"x", "text/html; charset=rot13", "x"),
        (b"x", "text/html; charset=zlib", "x"),
        (b"", "text/html", ""),
    ],
)
def test_bytes_are_decoded_as_browsers_do(body: bytes, content_type: str | None, text: str | None) -> None:
    found, _ = decode(body, content_type)
    assert found == text or (text is None and found.endswith("а"))  # noqa: RUF001 - Cyrillic, as sent


@pytest.mark.parametrize("codec", ["punycode", "idna", "unicode_escape", "utf-32", "hex"])
def test_a_codec_that_browsers_do_not_have_is_not_used(codec: str) -> None:
    body = b"a" * 1_000_000 + b"-b"  # punycode would take hours
    assert decode(body, f"text/html; charset={codec}") == (body.decode(), "utf-8")


def test_a_legacy_encoding_counts_in_queries_only() -> None:
    legacy = read('<a href="/é?q=é#é">é</a>', codec="cp1252").mentions[0]
    assert (legacy.target, legacy.href) == (f"{SITE}/%C3%A9?q=%E9", "/é?q=é#é")
    assert read('<a href="?q=日">', codec="cp1252").mentions[0].target == f"{SITE}/dir/page?q=%26%2326085%3B"
    for codec in ("utf-8", "utf-16-le"):
        assert read('<a href="?q=é">', codec=codec).mentions[0].target == f"{SITE}/dir/page?q=%C3%A9"


def test_what_was_resolved_for_one_page_is_right_for_the_next() -> None:
    resolver = Resolver()
    hrefs = [
        "x",
        "./x",
        "/x",
        "?x",
        " ?x",
        "\t?x",
        "#x",
        "",
        " ",
        "https:?x",
        "https:x",
        "//h.example/x",
        "..",
        "é",
        "x?y",
        "%",
        "/",
        "/a:b",
        "/x?y#z",
        "/\\h.example/x",
        "/\t/h.example/x",
        "\\x",
        "http://h.example/y",
        "https://h.example\t/y",
        "https://",
    ]
    pages = ["https://example.com/d/a", "https://example.com/d/b", "https://example.com/d/", "https://example.com/"]
    bases = [*pages, "https://example.com/d?a=/x/", "https://example.com/d?a=/y/", "http://example.com/d/a"]
    for base in bases * 2:
        for href in hrefs:
            expected = urls.parse(href, base)
            assert resolver.resolve(href, base) == (urls.without_fragment(expected) if expected else None), (href, base)


def test_ten_thousand_links_are_ten_thousand_mentions() -> None:
    found = mentions("".join(f"<p><a href='/{number}?x=1'>Link {number}</a>" for number in range(10_000)))
    assert len(found) == 10_000
    assert found[-1] == Mention(f"{SITE}/9999?x=1", "a", "Link 9999", None, "/9999?x=1")


def unclosed(*kinds: str) -> str:
    return "".join(kinds) * (50_000 // len(kinds)) + "<a href=/end>end</a>"


HOSTILE = {
    "div": unclosed("<div>"),
    "div and stray end tags": unclosed("<div>", "</x>"),
    "span, then end tags": "<span>" * 50_000 + "</i>" * 50_000 + "<a href=/end>end</a>",
    "font": unclosed("<font>"),
    "object in a": unclosed("<a href=/x>", "<object>"),
    "table in a": unclosed("<a href=/x>", "<table><tr><td>"),
    "form": unclosed("<form><div></form>"),
    "noscript": unclosed("<noscript>"),
    "template": unclosed("<template>") + "</template>" * 50_000 + "<a href=/end>end</a>",
    "svg": unclosed("<svg>", "<g>"),
    "list": unclosed("<ul>", "<li>"),
    "ruby": unclosed("<ruby>", "<rt>"),
    "select": unclosed("<select>", "<option>") + "</select><a href=/end>end</a>",
    "formatting": "<p>"
    + "".join(f"<b id={n}>" for n in range(5000))
    + "</p>"
    + "<p>x</p>" * 5000
    + "<a href=/end>end</a>",
    "metas": "<div>" * 20_000 + "<meta http-equiv=refresh content='5;/x'>" * 5000 + "<a href=/end>end</a>",
    "buttons": "<form>" + "<div>" * 20_000 + "<button formaction=/x>" * 5000 + "<a href=/end>end</a>",
    "named buttons": "<form id=f></form>" * 5000
    + "<button form=g formaction=/x></button>" * 5000
    + "<a href=/end>end</a>",
    "titles": unclosed("<svg><title>"),
    "less-than": "<" * 1_000_000 + "<a href=/end>end</a>",
    "attributes": f"<a {' '.join(f'a{n}' for n in range(20_000))} href=/end>end</a>",
    "srcset": f"<img srcset='{',' * 500_000}'><img srcset='/x 1x{', ' * 250_000}'><a href=/end>end</a>",
    "scripts": "<script>location</script>" * 20_000 + "<a href=/end>end</a>",
    "comments": "<!--" * 100_000 + "--><a href=/end>end</a>",
    "bases": "<base href=/x/>" * 50_000 + "<a href=/end>end</a>",
}


def depth_and_size(tree: LexborHTMLParser) -> tuple[int, int]:
    deepest = size = 0
    waiting: list[tuple[Any, int]] = [(tree.root, 1)]
    while waiting:
        node, depth = waiting.pop()
        size += 1
        deepest = max(deepest, depth)
        if node.next is not None:
            waiting.append((node.next, depth))
        if node.first_child is not None:
            waiting.append((node.first_child, depth + 1))
    return deepest, size


@pytest.mark.parametrize("html", HOSTILE.values(), ids=list(HOSTILE))
def test_no_document_grows_a_deep_or_swollen_tree(html: str) -> None:
    """A parser's time grows with the square of the depth, and open formatting elements multiply."""
    depth, size = depth_and_size(LexborHTMLParser(simplify(html)))
    assert depth <= 6 * MAX_DEPTH  # HTML puts four elements of its own around a cell
    assert size <= 10 * html.count("<")


@pytest.mark.parametrize("html", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_document_is_read_to_its_end(html: str) -> None:
    """With a step that takes time by the square of its length this would never end."""
    assert len(read(html).mentions) <= html.count("<")


def test_what_surrounds_an_element_and_what_is_inside_is_read_within_bounds() -> None:
    tree = LexborHTMLParser("<div>" * 5000 + "<meta>" + "<b>" * 5000)
    meta, outermost = tree.css_first("meta"), tree.css_first("div")
    assert len(list(_ancestors(meta))) == 2 * MAX_DEPTH
    assert len(list(_nodes_inside(outermost.first_child))) == 200


@pytest.mark.parametrize("name", ["div", "span, then end tags", "list", "formatting", "svg", "less-than", "bases"])
def test_what_follows_a_deep_document_is_still_found(name: str) -> None:
    assert any(target.endswith("/end") for _, target in short(HOSTILE[name]))


def test_an_ordinary_large_document_reads_the_same_flattened_or_not() -> None:
    row = "<tr><td><p>Text <b>bold</b><li>Item<a href='/{0}'>Link <i>{0}</i></a><img src='/{0}.png' alt='image'>"
    html = "<table>" + "".join(row.format(number) for number in range(3000)) + "</table>"
    assert simplify(html) != html
    tree = LexborHTMLParser(html)
    assert [mention.text for mention in mentions(html) if mention.element == "a"] == [
        " ".join(node.text().split()) for node in tree.css("a")
    ]


def test_small_documents_are_not_touched() -> None:
    html = "<div>" * 100 + "<b>bold</b>" * 100
    assert simplify(html) is html


ATTRIBUTES = (
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "content",
    "rel",
    "http-equiv",
    "name",
    "poster",
    "type",
    "form",
    "id",
)
VALUES = st.one_of(
    st.text(),
    st.sampled_from(
        [
            "//",
            "http://[",
            "https:?",
            "refresh",
            "canonical",
            "alternate",
            "0;url=//x",
            "\ud800",
            "\0",
            "a,b 1x",
            "javascript:x",
            "\\",
        ]
    ),
    st.from_regex(r"[a-z]{0,6}:?[/\\?#@:.]{0,4}[a-z0-9\[\]%]{0,6}"),
)
TAGS = (
    "a",
    "area",
    "base",
    "link",
    "meta",
    "img",
    "source",
    "video",
    "script",
    "form",
    "button",
    "input",
    "noscript",
    "template",
    "svg",
)
ELEMENT = st.builds(
    lambda tag, attributes, text: (
        f"<{tag} " + " ".join(f'{name}="{html_text.escape(value)}"' for name, value in attributes.items()) + f">{text}"
    ),
    st.sampled_from(TAGS),
    st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=4),
    st.text(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(ELEMENT, st.text(), st.sampled_from(["</a>", "</noscript>", "</form>", "<!--", "<![CDATA["])),
        max_size=12,
    )
)
def test_whatever_a_document_holds_every_target_is_a_web_url_without_fragment(parts: list[str]) -> None:
    text, codec = decode("".join(parts).encode("utf-8", "surrogatepass"), None)
    for mention in read(text, codec=codec).mentions:
        if mention.element in FORM_ELEMENTS and not urls.is_web(mention.target):
            assert len(mention.target) <= MAX_ACTION
            continue
        assert urls.is_web(mention.target)
        assert "#" not in mention.target
        assert urls.parse(mention.target) == mention.target


@settings(max_examples=300, deadline=None)
@given(
    st.binary(),
    st.one_of(st.none(), st.text(), st.sampled_from(["text/html; charset=utf-16", "text/html;charset=iso-2022-jp"])),
)
def test_whatever_the_bytes_are_they_become_a_page(body: bytes, content_type: str | None) -> None:
    text, codec = decode(body, content_type)
    read(text, codec=codec)
