"""Apache HTTP Server: mod_rewrite in .htaccess, every condition on the request as it was sent (`THE_REQUEST`).

Redirect and RedirectMatch are not used: the first takes every URL below its path, both look at the decoded path, see no
query, no host and no scheme, and escape a target that is escaped already. From `MANY` entries on they stand in a RewriteMap,
which .htaccess may use, but only the server's own configuration may name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals, reason
from seoaudit.fix.expressions import escaped, path_expression
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Server, Written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset

MANY = 300
"""From so many entries on a map answers faster than rules, which are read and tried one by one at every request; ours."""

MAP_FILE = "seoaudit-redirects.map"
OWN = "%{REQUEST_SCHEME}://%{HTTP_HOST}"
AT = "%{ENV:SEOAUDIT_AT}"
QUERY = r"(\?\S*)?"


def write(rules: Ruleset) -> Written:
    """.htaccess, and for many entries the file of a RewriteMap."""
    rules = rules.unfolded(tuple(pattern for pattern in rules.patterns if pattern.lower))
    many = len(rules.exacts) >= MANY
    lines = [f"# {line}" for line in heading(rules, *_instructions(many=many))]
    lines += ["", "RewriteEngine On", *_moves(rules.upgrades), *_origins(rules)]
    aliases = {move.source for move in rules.aliases}
    for origin, own in ((OWN, True), (AT, False)):
        exacts = [exact for exact in rules.exacts if (place(exact.source).origin in aliases) is own]
        lines += _lookups(origin, exacts) if many else _exacts(origin, exacts)
    lines += [*_patterns(rules), *_moves(rules.aliases), "", *(f"# {line}" for line in proposals(rules))]
    files = [File(".htaccess", "\n".join(lines).rstrip() + "\n")]
    return Written((*files, File(MAP_FILE, _map(rules))) if many else tuple(files))


def _instructions(*, many: bool) -> list[str]:
    lines = [
        "Put this into .htaccess in the folder of the site, above all other rules, or into <Directory> of the server's configuration.",
        "It needs mod_rewrite and AllowOverride FileInfo. Behind a proxy that ends TLS, write %{HTTP:X-Forwarded-Proto} in place of %{REQUEST_SCHEME}.",
    ]
    if many:
        lines.append(
            f'The server\'s configuration, which .htaccess cannot replace here, needs: RewriteMap seoaudit "txt:/etc/apache2/{MAP_FILE}" '
            "(faster: httxt2dbm, and dbm: in place of txt:)"
        )
    return lines


def _condition(test: str, expression: str) -> str:
    return f"RewriteCond {_quoted(test)} {_quoted(expression)}"


def _rule(target: str, status: int) -> str:
    """The target as it is to be sent: nothing of it is escaped again (NE), no query is added (QSD)."""
    return f"RewriteRule ^ {_quoted(target)} [R={status},L,NE,QSD]"


def _origins(rules: Ruleset) -> list[str]:
    """The origin whose rules hold: an alias has those of the origin that it stands for."""
    lines = ["", f'RewriteRule ^ - "[E=SEOAUDIT_AT:{OWN}]"']
    for move in rules.aliases:
        lines += [_condition(OWN, f"^{escaped(move.source)}$"), f'RewriteRule ^ - "[E=SEOAUDIT_AT:{move.target}]"']
    return lines


def _moves(moves: tuple[OriginMove, ...]) -> list[str]:
    lines = []
    for move in moves:
        lines += ["", f"# {reason(move.help)}"]
        lines += [_condition(f"{OWN} %{{THE_REQUEST}}", rf"^{escaped(move.source)} \S+ (/\S*) HTTP/")]
        lines += [_rule(f"{_literal(move.target)}%1", move.status)]
    return lines


def _exacts(origin: str, exacts: Iterable[Exact]) -> list[str]:
    lines = []
    for exact in exacts:
        at, path, query = place(exact.source)
        ending = QUERY if exact.any_query else escaped(query)
        lines += ["", f"# {reason(exact.help)}"]
        lines += [_condition(f"{origin} %{{THE_REQUEST}}", rf"^{escaped(at)} \S+ {escaped(path)}{ending} HTTP/")]
        lines += [_rule(_literal(exact.target) + ("%1" if exact.any_query else ""), exact.status)]
    return lines


def _patterns(rules: Ruleset) -> list[str]:
    lines = []
    for pattern in rules.patterns:
        path = (
            path_expression(pattern).replace(".+", r"[^?\s]+").replace(".*", r"[^?\s]*").replace("[^/.]", r"[^/.?\s]")
        )
        lines += ["", f"# {reason(pattern.help)}"]
        lines += [_condition(f"{AT} %{{THE_REQUEST}}", rf"^{escaped(pattern.origin)} \S+ {path}{QUERY} HTTP/")]
        lines += [_rule(f"{_literal(pattern.target)}%1{_literal(pattern.tail)}%2", pattern.status)]
    return lines


def _lookups(origin: str, exacts: list[Exact]) -> list[str]:
    """Two lookups a status: by the whole URL, and by its path, which any query may follow."""
    lines = []
    kinds = [("url", r"(/\S*)", "%1"), ("path", r"(/[^?\s]*)" + QUERY, "%1%3")]
    for kind, request, target in kinds:
        for status in sorted({exact.status for exact in exacts if exact.any_query == (kind == "path")}):
            lines += ["", _condition(f"{origin} %{{THE_REQUEST}}", rf"^(\S+) \S+ {request} HTTP/")]
            # A condition sees the groups of the one before it only: the query goes through the lookup's own test.
            query = " %3" if kind == "path" else ""
            lines += [
                _condition(f"${{seoaudit:{kind}:%1%2}}{query}", rf"^{status}:(\S+)" + (r"( (\S*))?$" if query else "$"))
            ]
            lines += [_rule(target, status)]
    return lines


def _map(rules: Ruleset) -> str:
    lines = [f"# {line}" for line in heading(rules)]
    for exact in rules.exacts:
        kind = "path" if exact.any_query else "url"
        lines += [f"# {reason(exact.help)}", f"{kind}:{exact.source} {exact.status}:{exact.target}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(text: str) -> str:
    """A part of a substitution in which nothing is a back-reference, a variable or a map."""
    return re.sub(r"[\\$%{]", lambda mark: "\\" + mark[0], text)


SERVER = Server(title="Apache HTTP Server", write=write)
