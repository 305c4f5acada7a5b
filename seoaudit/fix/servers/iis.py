"""IIS: rewrite maps and rules of the URL Rewrite module, for web.config."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from seoaudit.fix.comments import heading, omitted, proposals, reason
from seoaudit.fix.expressions import escaped
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Server, Written, split_off

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset

KINDS = {301: "Permanent", 302: "Found", 307: "Temporary"}
"""The words of redirectType; URL Rewrite 2.1 has none for 308."""

ORIGIN = "{seoaudit-scheme:{HTTPS}}://{HTTP_HOST}"

WHY = "URL Rewrite has no 308, and reads braces in its own way"


def write(rules: Ruleset) -> Written:
    """One web.config; keys are the URL as it was sent (`UNENCODED_URL`), and letter case counts.

    308 is left out, because 301 would turn a POST into a GET. Patterns are written out; an entry stands there for each alias.
    """
    rules, left_out = split_off(rules.unfolded(rules.patterns), _fits, WHY)
    moves = [move for move in (*rules.upgrades, *rules.aliases) if move.status not in KINDS]
    left_out = (*left_out, *(f"{move.source} -> {move.target}: {WHY}" for move in moves))
    upgrades, aliases = (tuple(one for one in which if one not in moves) for which in (rules.upgrades, rules.aliases))
    rules = replace(rules, upgrades=upgrades, aliases=aliases)
    text = ['<?xml version="1.0" encoding="UTF-8"?>']
    text += map(_comment, heading(rules, "Merge this into web.config; it needs the URL Rewrite module 2.1."))
    text += ["<configuration><system.webServer><rewrite>", "<rewriteMaps>", *_maps(rules), "</rewriteMaps>"]
    text += ["<rules>", *_rules(rules), "</rules>", "</rewrite></system.webServer></configuration>"]
    text += map(_comment, (*omitted(left_out), *proposals(rules)))
    return Written((File("web.config", "\n".join(text) + "\n"),), rules, left_out)


def _fits(exact: Exact) -> bool:
    return exact.status in KINDS and "{" not in exact.source + exact.target


def _comment(line: str) -> str:
    """XML ends a comment at two hyphens."""
    return f"<!-- {re.sub('-(?=-)', '- ', line)} -->"


def _element(name: str, **attributes: str) -> str:
    return f"<{name} {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())} />"


def _kinds(rules: Ruleset) -> list[tuple[str, int, list[Exact]]]:
    """Each lookup: by URL or by path, its status, and its entries."""
    found = []
    for kind, any_query in (("url", False), ("path", True)):
        for status in KINDS:
            exacts = [one for one in rules.exacts if one.status == status and one.any_query == any_query]
            found += [(kind, status, exacts)] if exacts else []
    return found


def _maps(rules: Ruleset) -> list[str]:
    lines = ['<rewriteMap name="seoaudit-scheme">', _element("add", key="on", value="https")]
    lines += [_element("add", key="off", value="http"), "</rewriteMap>"]
    own = {exact.source for exact in rules.exacts}
    for kind, status, exacts in _kinds(rules):
        lines.append(f'<rewriteMap name="seoaudit-{kind}-{status}" ignoreCase="false">')
        for exact in exacts:
            lines.append(_comment(reason(exact.help)))
            origin, path, query = place(exact.source)
            urls = [at + path + query for at in rules.origins_at(origin)]
            keys = [url for url in urls if url == exact.source or url not in own]
            lines += [_element("add", key=key, value=exact.target) for key in keys]
        lines.append("</rewriteMap>")
    return lines


def _rules(rules: Ruleset) -> list[str]:
    lines = [line for move in rules.upgrades for line in _move(move)]
    for kind, status, _ in _kinds(rules):
        asked = r"^(.*)$" if kind == "url" else r"^([^?]*)"
        conditions = [("{UNENCODED_URL}", asked), (f"{{seoaudit-{kind}-{status}:{ORIGIN}{{C:1}}}}", "(.+)")]
        lines += _rule(f"seoaudit {kind} {status}", conditions, "{C:2}", status, query=kind == "path")
    return [*lines, *(line for move in rules.aliases for line in _move(move))]


def _move(move: OriginMove) -> list[str]:
    conditions = [("{UNENCODED_URL}", r"^([^?]*)"), (ORIGIN, f"^{escaped(move.source)}$")]
    name = f"seoaudit {move.source}"
    return [_comment(reason(move.help)), *_rule(name, conditions, f"{move.target}{{C:1}}", move.status, query=True)]


def _rule(name: str, conditions: list[tuple[str, str]], target: str, status: int, *, query: bool) -> list[str]:
    lines = [f'<rule name={quoteattr(name)} stopProcessing="true">', '<match url=".*" />']
    lines += ['<conditions trackAllCaptures="true">']
    lines += [_element("add", input=given, pattern=pattern, ignoreCase="false") for given, pattern in conditions]
    action = {"type": "Redirect", "url": target, "appendQueryString": str(query).lower(), "redirectType": KINDS[status]}
    return [*lines, "</conditions>", _element("action", **action), "</rule>"]


SERVER = Server(title="IIS", write=write)
