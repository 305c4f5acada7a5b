"""The rules as the tables of a program: what PHP, Express and WSGI look up, and in which order, is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seoaudit.fix.comments import reason

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset


class Row(NamedTuple):
    """One entry of a table: its key, what stands there, and the comment before it."""

    key: str
    values: tuple[str | int | bool, ...]
    comment: str


class Table(NamedTuple):
    """One table, by the name that the program gives it."""

    name: str
    rows: tuple[Row, ...]


def tables(rules: Ruleset) -> list[Table]:
    """Upgrades, entries by URL, entries by path, patterns (at, start, end, target, tail, pages, lower, status) and aliases."""
    patterns = tuple(
        Row(
            one.origin,
            (one.start, one.end, one.target, one.tail, one.pages, one.lower, one.status),
            reason(one.help),
        )
        for one in rules.patterns
    )
    return [
        Table("upgrades", tuple(map(_move, rules.upgrades))),
        Table("urls", tuple(_entry(exact) for exact in rules.exacts if not exact.any_query)),
        Table("paths", tuple(_entry(exact) for exact in rules.exacts if exact.any_query)),
        Table("patterns", patterns),
        Table("aliases", tuple(map(_move, rules.aliases))),
    ]


def _entry(exact: Exact) -> Row:
    return Row(exact.source, (exact.target, exact.status), reason(exact.help))


def _move(move: OriginMove) -> Row:
    return Row(move.source, (move.target, move.status), reason(move.help))
