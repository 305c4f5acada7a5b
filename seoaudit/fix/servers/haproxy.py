"""HAProxy: map files, whose keys are read as they stand and with letter case, and the lines of a frontend that look them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals, reason
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Server, Written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset

FOLDER = "/etc/haproxy"

_REQUEST = """\
    http-request set-var-fmt(txn.sa_origin) "%[ssl_fc,iif(https,http)]://%[req.hdr(host),lower]"
    http-request set-var-fmt(txn.sa_at) "%[var(txn.sa_origin)]"
    http-request set-var(txn.sa_at) var(txn.sa_origin),map_str({folder}/seoaudit-origins.map) if {{ var(txn.sa_origin),map_str({folder}/seoaudit-origins.map) -m found }}
    http-request set-var-fmt(txn.sa_own_url) "%[var(txn.sa_origin)]%[pathq]"
    http-request set-var-fmt(txn.sa_own_path) "%[var(txn.sa_origin)]%[path]"
    http-request set-var-fmt(txn.sa_at_url) "%[var(txn.sa_at)]%[pathq]"
    http-request set-var-fmt(txn.sa_at_path) "%[var(txn.sa_at)]%[path]"
    http-request set-var-fmt(txn.sa_query) "?%[query]" if {{ query -m found }}"""

_ORDER = (
    ("upgrade", "sa_origin", "%[pathq]"),
    ("own-url", "sa_own_url", ""),
    ("own-path", "sa_own_path", "%[var(txn.sa_query)]"),
    ("at-url", "sa_at_url", ""),
    ("at-path", "sa_at_path", "%[var(txn.sa_query)]"),
    ("alias", "sa_origin", "%[pathq]"),
)
"""Each lookup: its maps, the variable that is looked up, and what goes behind the target."""


def write(rules: Ruleset) -> Written:
    """The lines of a frontend, and a map file for each lookup that has entries; HAProxy 2.5 or newer.

    Patterns are written out: nothing that a site wrote stands in the configuration itself, and a lookup costs the same for
    one entry and for 100,000.
    """
    rules = rules.unfolded(rules.patterns)
    maps = {name: lines for name, lines in _maps(rules).items() if lines or name == "origins"}
    lines = heading(
        rules, f"Into each frontend of the site, before all other http-request lines; the map files into {FOLDER}."
    )
    text = [*(f"    # {line}" for line in lines), _REQUEST.format(folder=FOLDER)]
    for name, variable, behind in _ORDER:
        for status in rules.statuses:
            if f"{name}-{status}" in maps:
                found = f"var(txn.{variable}),map_str({FOLDER}/seoaudit-{name}-{status}.map)"
                text.append(
                    f'    http-request redirect location "%[{found}]{behind}" code {status} if {{ {found} -m found }}'
                )
    text += [f"    # {line}" for line in proposals(rules)]
    files = [File(f"seoaudit-{name}.map", "".join(f"{line}\n" for line in lines)) for name, lines in maps.items()]
    return Written((File("seoaudit-haproxy.cfg", "\n".join(text) + "\n"), *files), rules)


def _maps(rules: Ruleset) -> dict[str, list[str]]:
    aliases = {move.source for move in rules.aliases}
    found = {"origins": [f"{move.source} {move.target}" for move in rules.aliases]}
    for status in rules.statuses:
        found[f"upgrade-{status}"] = _moves(rules.upgrades, status)
        for kind, any_query in (("url", False), ("path", True)):
            exacts = [one for one in rules.exacts if one.status == status and one.any_query == any_query]
            found[f"own-{kind}-{status}"] = _entries(one for one in exacts if place(one.source).origin in aliases)
            found[f"at-{kind}-{status}"] = _entries(one for one in exacts if place(one.source).origin not in aliases)
        found[f"alias-{status}"] = _moves(rules.aliases, status)
    return found


def _moves(moves: Iterable[OriginMove], status: int) -> list[str]:
    own = [move for move in moves if move.status == status]
    return [line for move in own for line in (f"# {reason(move.help)}", f"{move.source} {move.target}")]


def _entries(exacts: Iterable[Exact]) -> list[str]:
    return [line for one in exacts for line in (f"# {reason(one.help)}", f"{one.source} {one.target}")]


SERVER = Server(title="HAProxy", write=write)
