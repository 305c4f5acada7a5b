"""Netlify and Cloudflare Pages: the file `_redirects`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, omitted, proposals, reason
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Server, Written, split_off

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Exact, Ruleset


def write(rules: Ruleset) -> Written:
    """One line a redirect, with the whole URL as source, so that it holds at that origin alone.

    A query goes along by itself and cannot be demanded to be absent; `*` and `:name` are templates and cannot be escaped.
    Letter case does not count. What that keeps from being written is left out.
    """
    rules = rules.unfolded(
        tuple(
            one
            for one in rules.patterns
            if one.end or one.pages or one.lower or not _plain(one.start + one.target + one.tail)
        )
    )
    rules, special = split_off(rules, _fits, "a query, or a mark that is a template here, cannot be written")
    alike = Counter(exact.source.lower() for exact in rules.exacts)
    rules, cases = split_off(
        rules,
        lambda one: alike[one.source.lower()] == 1 and one.source.lower() != one.target.lower(),
        "letter case alone tells it from another URL, and may not count here",
    )
    lines = heading(
        rules,
        "Put this file into the folder that is published, above other rules. Cloudflare Pages takes paths as sources: leave the origin out there, "
        "and the lines of other origins.",
    )
    text = [f"# {line}" for line in lines]
    for source, target, status, comment in _rows(rules):
        text += [f"# {comment}", f"{source} {target} {status}!"]
    text += [f"# {line}" for line in (*omitted((*special, *cases)), *proposals(rules))]
    return Written((File("_redirects", "\n".join(text) + "\n"),), rules, (*special, *cases))


def _plain(text: str) -> bool:
    return not any(
        mark in text.partition("://")[2] or mark in text.partition("://")[0] for mark in ("*", ":", "#", " ")
    )


def _fits(exact: Exact) -> bool:
    return exact.any_query and _plain(exact.source) and _plain(exact.target)


def _rows(rules: Ruleset) -> list[tuple[str, str, int, str]]:
    rows = [(f"{move.source}/*", f"{move.target}/:splat", move.status, reason(move.help)) for move in rules.upgrades]
    for exact in rules.exacts:
        origin, path, _ = place(exact.source)
        rows += [(at + path, exact.target, exact.status, reason(exact.help)) for at in rules.origins_at(origin)]
    for one in rules.patterns:
        target = f"{one.target}:splat{one.tail}"
        rows += [(f"{at}{one.start}*", target, one.status, reason(one.help)) for at in rules.origins_at(one.origin)]
    return [
        *rows,
        *((f"{move.source}/*", f"{move.target}/:splat", move.status, reason(move.help)) for move in rules.aliases),
    ]


SERVER = Server(title="Netlify and Cloudflare Pages", write=write)
