"""Redirects of hosting platforms and frameworks that match paths as templates (path-to-regexp): Next.js and Vercel."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from seoaudit.fix.comments import reason
from seoaudit.fix.expressions import escaped
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import split_off

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Exact, OriginMove, Pattern, Ruleset

QUERY = "paths are matched without their query here, and it goes along: this needs a rule before the application"
SPECIAL = re.compile(r"[:(){}*+?\\]")


class Entry(NamedTuple):
    """One redirect as these platforms write it, and the comment on it."""

    redirect: dict[str, Any]
    comment: str


def entries(rules: Ruleset) -> tuple[Ruleset, list[Entry], tuple[str, ...]]:
    """The rules that can be written, each as an entry, and a sentence on each that cannot.

    Letter case does not count when these platforms match a path: two entries that it alone tells apart, or an entry whose
    target is its own source in another case, would catch each other, and are left out.
    """
    rules = rules.unfolded(
        tuple(one for one in rules.patterns if one.lower or one.pages or SPECIAL.search(one.start + one.end))
    )
    rules, queries = split_off(rules, lambda one: one.any_query, QUERY)
    alike = Counter(exact.source.lower() for exact in rules.exacts)
    rules, cases = split_off(
        rules,
        lambda one: alike[one.source.lower()] == 1 and one.source.lower() != one.target.lower(),
        "letter case alone tells it from another URL, and does not count here",
    )
    alias_of = {origin: rules.origins_at(origin) for origin in _origins(rules)}
    found = [_move(move) for move in rules.upgrades]
    found += [_exact(exact, at) for exact in rules.exacts for at in alias_of[place(exact.source).origin]]
    found += [_pattern(pattern, at) for pattern in rules.patterns for at in alias_of[pattern.origin]]
    return rules, [*found, *map(_move, rules.aliases)], (*queries, *cases)


def _origins(rules: Ruleset) -> set[str]:
    return {place(exact.source).origin for exact in rules.exacts} | {pattern.origin for pattern in rules.patterns}


def _entry(path: str, origin: str, target: str, status: int, comment: str) -> Entry:
    scheme, _, host = origin.partition("://")
    conditions = [{"type": "host", "value": escaped(host)}]
    conditions.append({"type": "header", "key": "x-forwarded-proto", "value": scheme})
    return Entry({"source": path, "has": conditions, "destination": target, "statusCode": status}, comment)


def _exact(exact: Exact, origin: str) -> Entry:
    path = SPECIAL.sub(r"\\\g<0>", place(exact.source).path)
    return _entry(path, origin, template(exact.target), exact.status, reason(exact.help))


def _pattern(pattern: Pattern, origin: str) -> Entry:
    source = f"{pattern.start}:rest(.+){pattern.end}"
    return _entry(
        source, origin, f"{template(pattern.target)}:rest{template(pattern.tail)}", pattern.status, reason(pattern.help)
    )


def _move(move: OriginMove) -> Entry:
    return _entry("/:rest(.*)", move.source, f"{template(move.target)}/:rest", move.status, reason(move.help))


def template(target: str) -> str:
    """A destination in which nothing is a parameter; the colon of the scheme is none."""
    scheme, separator, rest = target.partition("://")
    return scheme + separator + SPECIAL.sub(r"\\\g<0>", rest) if separator else SPECIAL.sub(r"\\\g<0>", target)
