"""JavaScript redirects are found where they run at once, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.http import javascript
from seoaudit.http.javascript import script_redirect
from seoaudit.http.javascript_tokens import UnreadableError, tokenize, unescape


@pytest.mark.parametrize(
    "script",
    [
        'location = "/new"',
        "location.href='/new';",
        "window.location = `/new`",
        "document.location.href = '/new'",
        "self.location.replace('/new')",
        "top.location.assign('/new')",
        "parent.window.location = '/new'",
        "globalThis.location = '/new'",
        "location?.replace('/new')",
        "location['href'] = '/new'",
        'window["location"]["replace"]("/new")',
        "location.replace('/new', 'more')",
        "location = '/n' + \"e\" + `w`",
        "location = '/n' +\n 'ew'\nlog()",
        "location = '/new' + window.location.hash",
        "window.location = document.location = '/new'",
        "location.href = '\\/n\\x65\\u0077'",
        "location = '/new' // moved",
        "/* moved */ location /* where? */ = '/new'",
        "<!--\nlocation = '/new'\n//-->",
        "<!--\nlocation = '/new'\n-->",
        "\ufefflocation='/new'",
        '"use strict"; location = "/new"',
        "var page = 1\nlocation = '/new'",
        "page = {\n a: 1\n}\nlocation = '/new'\n",
        "track(1), location = '/new', track(2)",
        "void (location.href = '/new')",
        "(location.href = '/new') && log()",
        "{ location = '/new' }",
        "try { location = '/new' } catch (e) { location = '/other' }",
        "try { } finally { location = '/new' }",
        "(function () { location = '/new' })()",
        "(function () { location = '/new' }())",
        "(function go() { location = '/new' }).call(this)",
        "!function () { location = '/new' }()",
        "(() => { location = '/new' })()",
        "(() => location = '/new')()",
        "(function (w, d) { w.x = 1; location = '/new' })(window, document)",
        "(function (window) { window.location = '/new' })(window)",
        "(function () { return location.replace('/new') })()",
        "(function () { { return } location = '/other' })(); location = '/new'",
        "setTimeout(function () { location = '/new' }, 0)",
        "window.setTimeout(() => location.replace('/new'))",
        "location = '/old'; location = '/new'",
        "if (mobile) { location = '/m' } else { x() } location = '/new'",
        "if (a) b(); else if (c) d()\nlocation = '/new'",
        "if (a) { b = function () { return 1 } } location = '/new'",
        "for (const a of b) c(a)\nlocation = '/new'",
        "switch (a) { case 1: b() } location = '/new'",
        "function f(a = {}) { return a } class A extends B { m() {} } location = '/new'",
        "if (a) /['\"]/.test(b)\nlocation = '/new'",
        "a = b / c; location = '/new'; d = e / f",
        "a = /[/'\"]/g; location = '/new'",
        "a = `'${ {b: `\"`}.b }'`; location = '/new'",
    ],
)
def test_a_redirect_that_runs_at_once_is_found(script: str) -> None:
    assert script_redirect(script) == "/new"


@pytest.mark.parametrize(
    "script",
    [
        "if (mobile) location = '/new'",
        "if (mobile) { location = '/new' }",
        "if (a) b(); else location = '/new'",
        "while (a) location = '/new'",
        "for (;;) { location = '/new' }",
        "do { location = '/new' } while (0)",
        "switch (a) { default: location = '/new' }",
        "mobile && (location = '/new')",
        "mobile && location.replace('/new')",
        "mobile ? location = '/new' : 0",
        "mobile || location.replace('/new')",
        "function go() { location = '/new' }",
        "function go() { location = '/new' } go()",
        "var go = function () { location = '/new' }",
        "go = () => location = '/new'",
        "(location = '/new') => 1",
        "async function go() { location = '/new' }",
        "(async () => { await a(); location = '/new' })()",
        "(function* () { location = '/new' })()",
        "class A { go() { location = '/new' } }",
        "window.onload = function () { location = '/new' }",
        "addEventListener('load', () => { location = '/new' })",
        "$(function () { location = '/new' })",
        "setTimeout(function () { location = '/new' }, 3000)",
        "setTimeout(go, 0)",
        "setInterval(function () { location = '/new' }, 0)",
        "(function () { location = '/new' })",
        "(function () { if (a) return; location = '/new' })()",
        "(function () { return; location = '/new' })()",
        "(function () { return\nlocation = '/new' })()",
        "if (a) throw b; location = '/new'",
        "throw a; location = '/new'",
        "try { a() } catch (e) { throw e } location = '/new'",
        "try { throw a } catch (e) { } location = '/new'",
        "// location = '/new'",
        "/* location = '/new' */",
        "a = \"location = '/new'\"",
        "a = `location = '/new'`",
        "a = /location='x'/",
        "location == '/new'",
        "location === '/new'",
        "location += '/new'",
        "a = location.href = '/new'",
        "a = { location: '/new' }",
        "page.location = '/new'",
        "opener.location = '/new'",
        "frames[0].location = '/new'",
        "document.href = '/new'",
        "location.search = '/new'",
        "location.reload('/new')",
        "location = '/new' + id",
        "location = `/new${id}`",
        "location = base + '/new'",
        "location = '/new' || a",
        "location = '/new'\n(function () {})()",
        "location.replace('/new' + id)",
        "location.replace(url)",
        "location[key] = '/new'",
        "location = '#top'",
        "location = ''",
        "var location = '/new'",
        "var a, location = '/new'",
        "let { location } = a; location = '/new'",
        "import { location } from 'a'; location = '/new'",
        "function f() { var location } location = '/new'",
        "(function (location) { location = '/new' })(a)",
        "(function (a, window) { window.location = '/new' })(window)",
        "(function (window) { window.location = '/new' }).call(this, window)",
        "(location => { location.href = '/new' })(a)",
        "location = '/new",
        "location = '/new'; }",
        "location = '/new'; (",
        "location = '/new'; a = `",
        "location = '/new'; a = /[",
        "location = '/new'; /* a",
        "location = '/new'; \\",
        "else location = '/new'",
        "label: location = '/new'",
        "",
        "location",
    ],
)
def test_what_does_not_run_at_once_or_is_not_known_is_not_found(script: str) -> None:
    assert script_redirect(script) is None


@pytest.mark.parametrize(
    "script",
    [
        "location = '/new'; if (mobile) location = '/m'",
        "location = '/new'; location.href = base + '/x'",
        "location = '/new'; mobile && location.replace('/m')",
        "location = '/new'; a = (window['location'] = b)",
        "location = '/new'; do { location = '/x' } while (0)",
        "location = '/new'; label: { location = '/x' }",
        "(function () { location = '/new'; if (a) return; location = '/x' })()",
        "location = '/new'; (function (location) { location.href = '/x' })(window.location)",
        "location = '/new'; location.search = '?x'",
    ],
)
def test_a_redirect_that_a_later_one_may_replace_is_not_known(script: str) -> None:
    assert script_redirect(script) is None


@pytest.mark.parametrize(
    "script",
    [
        "if (mobile) location = '/m'; location = '/new'",
        "location = '/new'; if (location.href == '/x') a()",
        "location = '/new'; a.onclick = function () { location = '/x' }",
        "location = '/new'; a.onclick = () => { location.href = '/x' }",
        "location = '/new'; function f() { location = '/x' }",
        "location = '/new'; setTimeout(function () { location = '/x' }, 5000)",
        "location = '/new'; location.hash = '#x'",
        "setTimeout(function () { location = '/new' }, 0); location = '/x'",
        "location = '/new'; try { a() } catch (e) { location = '/x' }",
    ],
)
def test_what_does_not_run_or_ran_before_replaces_no_redirect(script: str) -> None:
    assert script_redirect(script) == "/new"


def test_a_script_longer_than_the_limit_is_not_read() -> None:
    redirect = "location = '/new';"
    assert script_redirect(redirect + " " * (javascript.MAX_LENGTH - len(redirect))) == "/new"
    assert script_redirect(redirect + " " * javascript.MAX_LENGTH) is None


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("a\\nb", "a\nb"),
        ("\\u{1F600}", "\U0001f600"),
        ("\\ud83d\\ude00", "\U0001f600"),
        ("\\ud83d", "\ufffd"),
        ("\\u{110000}", "\ufffd"),
        ("a\\\r\nb", "ab"),
        ("\\q\\'", "q'"),
    ],
)
def test_escapes_in_a_literal_are_read(literal: str, value: str) -> None:
    assert unescape(literal) == value


PIECES = (
    *(
        "location",
        "window",
        "document",
        ".href",
        ".replace",
        "=",
        "==",
        "=>",
        "'/a'",
        '"/b"',
        "`c`",
        "`${",
        "+",
        ",",
        ";",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "function",
        "()",
        "if",
        "else",
        "for",
        "try",
        "catch",
        "finally",
        "return",
        "throw",
    ),
    *(
        "var",
        "let",
        "async",
        "setTimeout",
        "0",
        "/",
        "/*",
        "*/",
        "//",
        "<!--",
        "-->",
        "\n",
        " ",
        "'",
        "`",
        "\\",
        "!",
        "a",
    ),
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
def test_any_text_after_a_redirect_is_read_or_refused(rest: str) -> None:
    for script in (f"location = '/new';{rest}", f"{rest}\nlocation = '/new'"):
        found = script_redirect(script)
        assert found is None or (found and not found.startswith("#"))


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_tokens_lie_side_by_side_and_brackets_have_partners(source: str) -> None:
    try:
        tokens = tokenize(source)
    except UnreadableError:
        return
    assert len(tokens.kinds) == len(tokens.texts) == len(tokens.new_line)
    assert all(tokens.partner[tokens.partner[i]] == i for i in tokens.partner)
    assert all(
        i in tokens.partner for i in range(len(tokens)) if tokens.text(i) in ("(", "[", "{", "${", ")", "]", "}")
    )


@pytest.mark.parametrize(
    ("piece", "closing"),
    [("(", ")"), ("{", "}"), ("(a=>", ")"), ("(function(){", "})()"), ("`${", "}`"), ("try{", "}finally{}")]
    + [(piece, "") for piece in ("if(a)", "!", "a,", "/b", "var a=", "/*", "<!--", "/[", "location=", "else ", "\\")],
)
def test_deep_and_long_scripts_are_read_too(piece: str, closing: str) -> None:
    count = javascript.MAX_LENGTH // (len(piece) + len(closing)) - 10
    assert script_redirect(f"location='/new';{piece * count}{closing * count}") in ("/new", None)
