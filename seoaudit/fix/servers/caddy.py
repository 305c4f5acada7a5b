"""Caddy: a snippet for the Caddyfile, with maps from the URL as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seoaudit.fix.comments import heading, omitted, proposals, reason
from seoaudit.fix.expressions import escaped, path_expression
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Server, Written, split_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.fix.ruleset import Exact, OriginMove, Pattern, Ruleset

_ASKED = "{scheme}://{host}"

_REQUEST = (
    "map {uri} {sa_path} {",
    '    "~^([^?]*)" "${1}"',
    "}",
    "map {query} {sa_query} {",
    '    "" ""',
    '    default "?{query}"',
    "}",
)


class _Row(NamedTuple):
    key: str
    target: str
    status: int
    comment: str


def write(rules: Ruleset) -> Written:
    """One snippet, to be imported at the beginning of each site block.

    A brace begins a placeholder, a backslash at the end of a word takes the quote with it, and nothing escapes them
    everywhere: such entries are left out. Patterns of letter case are written out.
    """
    rules = rules.unfolded(tuple(one for one in rules.patterns if one.lower or not _pattern_fits(one)))
    rules, left_out = split_off(rules, _fits, "Caddy would read its brace or backslash in a way of its own")
    lines = heading(rules, "In each site block of the site, first: import seoaudit", "Then caddy validate, and reload.")
    body = [*_REQUEST, f'map "{_ASKED}" {{sa_at}} {{']
    body += [*(f'    "{move.source}" "{move.target}"' for move in rules.aliases), f'    default "{_ASKED}"', "}"]
    for name, key, rows in _lookups(rules):
        for status in sorted({row.status for row in rows}):
            body += _map(f"{name}_{status}", key, [row for row in rows if row.status == status], status)
    text = [*(f"# {line}" for line in lines), "(seoaudit) {", "    route {", *(f"        {line}" for line in body)]
    text += ["    }", "}", *(f"# {line}" for line in (*omitted(left_out), *proposals(rules)))]
    return Written((File("seoaudit.caddy", "\n".join(text) + "\n"),), rules, left_out)


def _fits(exact: Exact) -> bool:
    return not any(mark in exact.source + exact.target for mark in '{"\\')


def _pattern_fits(pattern: Pattern) -> bool:
    return not any(mark in pattern.start + pattern.end + pattern.target + pattern.tail for mark in '{"\\')


def _lookups(rules: Ruleset) -> Iterator[tuple[str, str, list[_Row]]]:
    """Each lookup in the order in which they count: the name of its variable, what is looked up, and its entries."""
    aliases = {move.source for move in rules.aliases}
    yield "sa_upgrade", _ASKED, list(map(_move, rules.upgrades))
    for name, origin, own in (("own", _ASKED, True), ("at", "{sa_at}", False)):
        exacts = [exact for exact in rules.exacts if (place(exact.source).origin in aliases) is own]
        yield f"sa_{name}_url", origin + "{uri}", [_entry(one, "") for one in exacts if not one.any_query]
        yield f"sa_{name}_path", origin + "{sa_path}", [_entry(one, "{sa_query}") for one in exacts if one.any_query]
    # One of these decides at a time, so that the narrower stays before the wider whatever their status.
    for number, pattern in enumerate(rules.patterns):
        yield f"sa_pattern_{number}", "{sa_at}{sa_path}", [_pattern(pattern)]
    yield "sa_alias", _ASKED, list(map(_move, rules.aliases))


def _move(move: OriginMove) -> _Row:
    return _Row(move.source, f"{move.target}{{uri}}", move.status, reason(move.help))


def _entry(exact: Exact, query: str) -> _Row:
    return _Row(exact.source, exact.target + query, exact.status, reason(exact.help))


def _pattern(pattern: Pattern) -> _Row:
    """The target of an expression, in which `$$` is a dollar (Go, regexp.Expand)."""
    start, tail = (text.replace("$", "$$") for text in (pattern.target, pattern.tail))
    expression = f"~^{escaped(pattern.origin)}{path_expression(pattern)}$"
    return _Row(expression, f"{start}${{1}}{tail}{{sa_query}}", pattern.status, reason(pattern.help))


def _map(name: str, key: str, rows: list[_Row], status: int) -> list[str]:
    lines = [f'map "{key}" {{{name}}} {{']
    for row in rows:
        lines += [f"    # {row.comment}", f'    "{row.key}" "{row.target}"']
    return [*lines, '    default ""', "}", f'@{name} not vars {{{name}}} ""', f"redir @{name} {{{name}}} {status}"]


SERVER = Server(title="Caddy", write=write)
