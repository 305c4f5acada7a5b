"""Rules with everything that a server's language might take for its own, and URLs that come close to them."""

from __future__ import annotations

import random

from recorded_sites import absolute

from seoaudit.fix.recorded import Recorded, Told
from seoaudit.fix.ruleset import Exact, Help, OriginMove, Pattern, Proposal, Ruleset, place

PIECES = [
    "sp%20ace",
    "quo%22te",
    "apos'trophe",
    "dollar$1",
    "dollar$scheme",
    "dollar${PATH}",
    "per%25cent",
    "per%{HTTP_HOST}cent",
    "caf%C3%A9",
    "caf%c3%a9",
    "€uro",
    "hash%23tag",
    "mark%3Fquestion",
    "semi;colon",
    "co:lon",
    "at@sign",
    "star*",
    "(a|b)+[c]^.",
    "back%5Cslash",
    "new%0Aline",
    "CASE",
    "Case",
    "case",
    "~^tilde$",
    "!not",
    "=equals",
    "-minus",
    "comma,",
    "`tick`",
    "{brace}",
    "%3Cscript%3E",
    "*/",
    "--%3E",
    ":param",
    ":param*",
    "_default",
    "x" * 1500,
]
_RANDOM = random.Random(7)  # the same text every time, so that a failure can be looked at
_ALPHABET = [mark for mark in map(chr, range(0x20, 0x7F)) if mark not in "?#"] + [
    "é",
    "%2F",
    "%5c",
    "%24",
    "%0d",
    "%27",
    "//",
]
PIECES += [f"r{number}" + "".join(_RANDOM.choices(_ALPHABET, k=12)) for number in range(80)]
NOTE = 'said "x"\n}\n-->*/ ?> \u2028 <script> ${PATH} \\'
HELP = Help(("redirect-chain",), 3, 7, NOTE)


def exacts() -> list[Exact]:
    """Each piece as path, as path below a folder, as query, and as target."""
    found = []
    for number, piece in enumerate(PIECES):
        path, query = piece, piece.replace("%23", "").replace("?", "")
        found += [
            exact(f"/{path}", f"/ends/{number}/{path}?{query}"),
            exact(f"/below/{path}/", f"/ends/{number}/below", any_query=True),
            exact(f"/asked?{query}", f"/ends/{number}/asked#part-{number}"),
            exact(f"/asked{number}?back\\slash={query}&x=\\", f"/ends/{number}/back?y=\\", status=302),
        ]
    return [
        *found,
        exact("/double//slash", "/ends/double"),
        exact("/prefix", "/ends/prefix", any_query=True, status=308),
    ]


def exact(source: str, target: str, *, any_query: bool = False, status: int = 301) -> Exact:
    return Exact(absolute(source), absolute(target), status, any_query, HELP)


def hostile() -> Ruleset:
    """All of it, with an upgrade, aliases, patterns and proposals besides."""
    patterns = (
        pattern("/pre.fix/deep/", "", "/deeper/", ""),
        pattern("/pre.fix/", "", "/mo$ved/", ""),
        pattern("/pages/", "", "/pages/", "/", pages=True),
        pattern("/files/", ".html", "/files/", "1/"),
    )
    return Ruleset(
        "example.com",
        upgrades=(OriginMove("http://first.example", "https://first.example", 308, HELP),),
        exacts=(*exacts(), Exact("http://www.example.com/own", absolute("/ends/own"), 301, any_query=True)),
        patterns=patterns,
        aliases=(
            OriginMove("http://example.com", "https://example.com", 301, HELP),
            OriginMove("http://www.example.com", "https://example.com", 301, HELP),
        ),
        proposals=(Proposal(absolute("/gone"), None, NOTE, HELP),),
    )


def pattern(start: str, end: str, target: str, tail: str, *, pages: bool = False, lower: bool = False) -> Pattern:
    covers = tuple(exact(f"{start}{name}{end}", f"{target}{name}{tail}", any_query=True) for name in ("a", "b", "c"))
    return Pattern(
        "https://example.com",
        start,
        end,
        absolute(target),
        tail,
        301,
        pages=pages,
        lower=lower,
        help=HELP,
        covers=covers,
    )


def asked(rules: Ruleset) -> list[str]:
    """Every source, and URLs like it: other letter case, something behind it, another query, other origins."""
    found = []
    for rule in rules.exacts:
        origin, path, query = place(rule.source)
        near = [
            f"{path}x{query}",
            f"/x{path}{query}",
            path.swapcase() + query,
            f"{path}?other=1&b=%20",
            f"{path}{query}&more",
        ]
        found += [rule.source, *(origin + one for one in near if "%" not in path or one[: len(path)] == path)]
        found += [rule.source.replace("https://", "http://"), rule.source.replace("://", "://www.")]
    starts = [
        "/pre.fix/x",
        "/pre.fix/deep/x?q=$1",
        "/preXfix/x",
        "/pre.fix/",
        "/pages/x/y",
        "/pages/x.pdf",
        "/files/a.html",
        "/files/b.html?x",
    ]
    starts += ["/", "/?q=1", "/pre.fix/a%20b/c", "/pre.fix/%E2%82%AC", "/unknown"]
    origins = (
        "https://example.com",
        "http://example.com",
        "http://first.example",
        "https://first.example",
        "https://other.example",
    )
    found += [origin + start for origin in origins for start in starts]
    return list(dict.fromkeys(found))


def blank(rules: Ruleset) -> Recorded:
    """A site on which every one of these URLs is a page."""
    return Recorded(rules.site, {url: Told(status=200) for url in asked(rules)})
