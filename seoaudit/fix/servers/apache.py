"""Apache HTTP Server: mod_rewrite in .htaccess, every condition on the request as it was sent (`THE_REQUEST`).

Redirect and RedirectMatch are not used: the first takes every URL below its path, both look at the decoded path, see no
query, no host and no scheme, and escape a target that is escaped already. From `MANY` entries on they stand in a RewriteMap,
which .htaccess may use, but only the server's own configuration may name.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals, reason
from seoaudit.fix.expressions import PAGE, STAR, escaped, path_expression
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Front, Server, Written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.bench import Bench
    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset

MANY = 300
"""From so many entries on a map answers faster than rules, which are read and tried one by one at every request; ours."""

MAP_FILE = "seoaudit-redirects.map"
OWN = "%{REQUEST_SCHEME}://%{HTTP_HOST}"
AT = "%{ENV:SEOAUDIT_AT}"
PATH = r"(/[^?\s]*)"
QUERY = r"(?:\?\S*)?"
REQUESTED_STAR = r"([^?\s]+)"
REQUESTED_PAGE = r"((?:[^?\s]*/)?[^/.?\s]+)"

BOTH = ((r"([^?\s]+)", "%1"), (r"([^?\s]+)\?(\S*)", "%1?%2"))
"""Targets without a query, and with one."""

LONGEST_LINE = 1000
"""mod_rewrite reads 1024 bytes of a line of a text map (REWRITE_MAX_TXT_MAP_LINE)."""


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
    return Written((*files, File(MAP_FILE, _map(rules))) if many else tuple(files), rules)


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
    """mod_rewrite reads its arguments by itself: a backslash is only a backslash, and nothing escapes a quote."""
    return f'RewriteCond "{test}" "{expression}"'


def _rule(target: str, status: int, *, query: bool = False) -> str:
    """The target as it is to be sent: nothing of it is escaped again (NE), and with `query` Apache adds what was asked (else QSD).

    The query is never a back-reference: since 2.4.60 Apache answers 403 where one brings a question mark into the target.
    """
    return f'RewriteRule ^ "{target}" [R={status},L,NE{"" if query else ",QSD"}]'


def _origins(rules: Ruleset) -> list[str]:
    """The origin whose rules hold: an alias has those of the origin that it stands for."""
    lines = ["", f'RewriteRule ^ - "[E=SEOAUDIT_AT:{OWN}]"']
    for move in rules.aliases:
        lines += [_condition(OWN, f"^{_plain(move.source)}$"), f'RewriteRule ^ - "[E=SEOAUDIT_AT:{move.target}]"']
    return lines


def _moves(moves: tuple[OriginMove, ...]) -> list[str]:
    lines = []
    for move in moves:
        lines += ["", f"# {reason(move.help)}"]
        lines += [_condition(f"{OWN} %{{THE_REQUEST}}", rf"^{_plain(move.source)} \S+ {PATH}{QUERY} HTTP/")]
        lines += [_rule(f"{_literal(move.target)}%1", move.status, query=True)]
    return lines


def _exacts(origin: str, exacts: Iterable[Exact]) -> list[str]:
    lines = []
    for exact in exacts:
        at, path, query = place(exact.source)
        ending = QUERY if exact.any_query else _plain(query)
        lines += ["", f"# {reason(exact.help)}"]
        lines += [_condition(f"{origin} %{{THE_REQUEST}}", rf"^{_plain(at)} \S+ {_plain(path)}{ending} HTTP/")]
        lines += [_rule(_literal(exact.target), exact.status, query=exact.any_query)]
    return lines


def _patterns(rules: Ruleset) -> list[str]:
    lines = []
    for pattern in rules.patterns:
        path = path_expression(pattern, _plain).replace(PAGE, REQUESTED_PAGE).replace(STAR, REQUESTED_STAR)
        lines += ["", f"# {reason(pattern.help)}"]
        lines += [_condition(f"{AT} %{{THE_REQUEST}}", rf"^{_plain(pattern.origin)} \S+ {path}{QUERY} HTTP/")]
        lines += [_rule(f"{_literal(pattern.target)}%1{_literal(pattern.tail)}", pattern.status, query=True)]
    return lines


def _lookups(origin: str, exacts: list[Exact]) -> list[str]:
    """Lookups by the whole URL, then by its path, which any query may follow; what no line of a map can hold is a rule."""
    lines = _exacts(origin, [exact for exact in exacts if not _fits(exact)])
    for kind, request, targets in (("url", r"(/\S*)", BOTH), ("path", PATH + QUERY, BOTH[:1])):
        for status in sorted({exact.status for exact in exacts if _fits(exact) and _kind(exact) == kind}):
            for expression, target in targets:
                lines += ["", _condition(f"{origin} %{{THE_REQUEST}}", rf"^(\S+) \S+ {request} HTTP/")]
                lines += [_condition(f"${{seoaudit:{kind}:%1%2}}", rf"^{status}:{expression}$")]
                lines += [_rule(target, status, query=kind == "path")]
    return lines


def _kind(exact: Exact) -> str:
    return "path" if exact.any_query else "url"


def _line(exact: Exact) -> str:
    return f"{_kind(exact)}:{exact.source} {exact.status}:{exact.target}"


def _fits(exact: Exact) -> bool:
    return len(_line(exact)) < LONGEST_LINE


def _map(rules: Ruleset) -> str:
    lines = [f"# {line}" for line in heading(rules)]
    for exact in filter(_fits, rules.exacts):
        lines += [f"# {reason(exact.help)}", _line(exact)]
    return "\n".join(lines) + "\n"


def _literal(text: str) -> str:
    """A part of a substitution in which nothing is a back-reference, a variable or a map; URLs have no quotes, and would lose them here."""
    return re.sub(r"[\\$%{]", lambda mark: "\\" + mark[0], text.replace('"', "%22"))


def _plain(text: str) -> str:
    """An expression for this very text, without a quote."""
    return escaped(text).replace('"', r"\x22")


_MODULES = ("mpm_event", "authz_core", "rewrite", "socache_shmcb", "ssl", "proxy", "proxy_http")

_BENCH = """
ServerName localhost
ErrorLog /dev/stderr
LogLevel warn
PidFile {folder}/apache.pid
Mutex file:{folder} default
{modules}
{user}
Listen 127.0.0.1:{plain}
Listen 127.0.0.1:{secure} https
MaxKeepAliveRequests 0
LimitRequestLine 65536
AllowEncodedSlashes NoDecode
DocumentRoot {folder}/site
<Directory {folder}/site>
    AllowOverride FileInfo
    Require all granted
</Directory>
RewriteEngine On
{named}
<VirtualHost 127.0.0.1:{secure}>
    SSLEngine on
    SSLCertificateFile {certificate}
    RewriteEngine On
    RewriteOptions InheritBefore
    {named}
</VirtualHost>
"""

_BEHIND = """
# What no rule answers is asked of the recorded site.
RewriteRule ^ "http://127.0.0.1:{behind}/" [P,L,QSD]
"""


def _prepare(bench: Bench, written: Written) -> list[str]:
    site = bench.folder / "site"
    site.mkdir()
    htaccess, *beside = written.files
    (site / ".htaccess").write_text(htaccess.text + _BEHIND.format(behind=bench.behind), encoding="utf-8")
    for file in beside:
        (bench.folder / file.name).write_text(file.text, encoding="utf-8")
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
    named = f'RewriteMap seoaudit "txt:{bench.folder}/{MAP_FILE}"' if beside else ""
    configuration = bench.folder / "apache.conf"
    configuration.write_text(_BENCH.format(modules=modules, user=user, named=named, **vars(bench)))
    return ["-DFOREGROUND", "-d", str(bench.folder), "-f", str(configuration)]


SERVER = Server(
    title="Apache HTTP Server", write=write, front=Front(program="apache2", package="apache2", prepare=_prepare)
)
