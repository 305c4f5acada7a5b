"""nginx: maps from the URL as it was sent, and one `return` a status.

Hashes of `map` ignore letter case (ngx_http_map_module), so each entry repeats its URL, and an expression compares the two
exactly: 20,000 entries cost one lookup and one comparison. Keys are raw (`$request_uri`): a decoded path would not tell %2F from /.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, omitted, proposals, reason
from seoaudit.fix.expressions import escaped, path_expression
from seoaudit.fix.ruleset import place
from seoaudit.fix.servers import File, Front, Server, Written, split_off

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.bench import Bench
    from seoaudit.fix.ruleset import Exact, OriginMove, Ruleset


LONGEST = 3800


def write(rules: Ruleset) -> Written:
    """One file for the http block; its first lines say what goes into each server block."""
    rules = rules.unfolded(tuple(pattern for pattern in rules.patterns if pattern.lower))
    rules, left_out = split_off(rules, _fits, "longer than nginx reads a parameter (4 kB)")
    blocks = _blocks(rules)
    answers = "".join(f" ${name}" for name in blocks)
    lines = [f"# {line}" for line in heading(rules, *_instructions(rules))]
    lines += ["", *_sizes(rules), 'geo $seoaudit_dollar { default "$"; }', *_request(rules)]
    for block in blocks.values():
        lines += ["", *block]
    for status in rules.statuses:
        lines += [
            "",
            f'map "{answers}" $seoaudit_{status} {{',
            '    default "";',
            f'    "~^ *{status} (\\\\S+)" $1;',
            "}",
        ]
    lines += ["", *(f"# {line}" for line in (*omitted(left_out), *proposals(rules)))]
    return Written((File("seoaudit-redirects.conf", "\n".join(lines).rstrip() + "\n"),), rules, left_out)


def server_lines(rules: Ruleset) -> list[str]:
    """The directives for each server block."""
    return [f"if ($seoaudit_{status}) {{ return {status} $seoaudit_{status}; }}" for status in rules.statuses]


def _instructions(rules: Ruleset) -> list[str]:
    return [
        "1. Include this file in the http block.",
        "2. Put these lines at the beginning of each server block of the site:",
        *(f"       {line}" for line in server_lines(rules)),
        "3. Behind a proxy that ends TLS, write $http_x_forwarded_proto in place of $scheme below.",
        "4. nginx -t, then reload.",
    ]


def _sizes(rules: Ruleset) -> list[str]:
    """Hashes that hold the entries: nginx's own limits are made for a few short ones."""
    longest = max((len(exact.source) for exact in rules.exacts), default=0)
    return [
        f"map_hash_bucket_size {_power(max(longest + 64, 128))};  # once in the whole configuration; the larger one counts",
        f"map_hash_max_size {_power(max(len(rules.exacts), 2048))};",
    ]


def _fits(exact: Exact) -> bool:
    """Whether its line stays a parameter: nginx reads them through a buffer of 4096 bytes (NGX_CONF_BUFFER)."""
    dollars = exact.source.count("$") + exact.target.count("$")
    return len(exact.source) + len(exact.target) + 20 * dollars < LONGEST and len(escaped(exact.source)) < LONGEST


def _power(number: int) -> int:
    return 1 << (number - 1).bit_length()


def _request(rules: Ruleset) -> list[str]:
    """What is asked: the path without its query, and the origin whose rules hold."""
    ports = any(":" in origin.partition("://")[2] for origin in _origins(rules))
    origin = "$scheme://$http_host" if ports else "$scheme://$host"
    return [
        'map $request_uri $seoaudit_path { "~^([^?]*)" $1; }',
        f'map "{origin}" $seoaudit_origin {{ default "{origin}"; }}',
        "map $seoaudit_origin $seoaudit_at {",
        "    default $seoaudit_origin;",
        *(f"    {_quoted(move.source)} {_value(move.target)};" for move in rules.aliases),
        "}",
    ]


def _origins(rules: Ruleset) -> set[str]:
    moves = {move.source for move in (*rules.upgrades, *rules.aliases)}
    return (
        moves | {place(exact.source).origin for exact in rules.exacts} | {pattern.origin for pattern in rules.patterns}
    )


def _blocks(rules: Ruleset) -> dict[str, list[str]]:
    """The maps by the variable that each fills with `STATUS TARGET`, in the order in which they count."""
    aliases = {move.source for move in rules.aliases}
    own = [exact for exact in rules.exacts if place(exact.source).origin in aliases]
    others = [exact for exact in rules.exacts if place(exact.source).origin not in aliases]
    blocks = {"seoaudit_upgrade": _moves("seoaudit_upgrade", rules.upgrades)}
    for name, origin, exacts in (("own", "$seoaudit_origin", own), ("at", "$seoaudit_at", others)):
        fixed = [exact for exact in exacts if not exact.any_query]
        free = [exact for exact in exacts if exact.any_query]
        blocks[f"seoaudit_{name}_url"] = _exacts(f"seoaudit_{name}_url", f"{origin}$request_uri", fixed, "")
        blocks[f"seoaudit_{name}_path"] = _exacts(
            f"seoaudit_{name}_path", f"{origin}$seoaudit_path", free, "$is_args$args"
        )
    blocks["seoaudit_pattern"] = _patterns(rules)
    blocks["seoaudit_alias"] = _moves("seoaudit_alias", rules.aliases)
    return {name: block for name, block in blocks.items() if block}


def _moves(name: str, moves: tuple[OriginMove, ...]) -> list[str]:
    if not moves:
        return []
    lines = [f"map $seoaudit_origin ${name} {{", '    default "";']
    for move in moves:
        lines += [
            f"    # {reason(move.help)}",
            f"    {_quoted(move.source)} {_quoted(f'{move.status} {move.target}$request_uri')};",
        ]
    return [*lines, "}"]


def _exacts(name: str, key: str, exacts: Iterable[Exact], query: str) -> list[str]:
    exacts = list(exacts)
    if not exacts:
        return []
    alike = Counter(exact.source.lower() for exact in exacts)
    lines = [f'map "{key}" ${name}_entry {{', '    default "";']
    for exact in exacts:
        # Two that only letter case tells apart are one key to the hash.
        source = exact.source if alike[exact.source.lower()] == 1 else f"~^{escaped(exact.source)}$"
        value = _value(f"{exact.source} {exact.status} {exact.target}")
        lines += [f"    # {reason(exact.help)}", f"    {_quoted(source)} {value};"]
    lines += ["}", f'map "{key} ${name}_entry" ${name} {{', '    default "";']
    return [*lines, f'    "~^(\\\\S+) \\\\1 (\\\\d+ \\\\S+)$" "$2{query}";', "}"]


def _patterns(rules: Ruleset) -> list[str]:
    if not rules.patterns:
        return []
    lines = ['map "$seoaudit_at$seoaudit_path" $seoaudit_pattern {', '    default "";']
    for pattern in rules.patterns:
        expression = f"~^{escaped(pattern.origin)}{path_expression(pattern)}$"
        start, tail = (_value(text)[1:-1] for text in (f"{pattern.status} {pattern.target}", pattern.tail))
        lines += [f"    # {reason(pattern.help)}", f'    {_quoted(expression)} "{start}$1{tail}$is_args$args";']
    return [*lines, "}"]


def _quoted(text: str) -> str:
    escapes = str.maketrans({"\\": "\\\\", '"': '\\"'})
    return f'"{text.translate(escapes)}"'


def _value(text: str) -> str:
    """A text in which nothing is a variable: nginx has no escape for the dollar, but a variable may hold one."""
    return _quoted(text).replace("$", "${seoaudit_dollar}")


_BENCH = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; server_tokens off; large_client_header_buffers 4 64k; merge_slashes off;
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  include {folder}/{rules};
  keepalive_requests 100000;
  upstream recorded {{ server 127.0.0.1:{behind}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl;
    ssl_certificate {certificate}; ssl_certificate_key {certificate};
    {lines}
    location / {{ proxy_pass http://recorded; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""


def _prepare(bench: Bench, written: Written) -> list[str]:
    (file,) = written.files
    (bench.folder / file.name).write_text(file.text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    lines = "\n    ".join(server_lines(written.rules))
    configuration = bench.folder / "nginx.conf"
    configuration.write_text(_BENCH.format(user=user, rules=file.name, lines=lines, **vars(bench)))
    return ["-e", "stderr", "-p", str(bench.folder), "-c", str(configuration)]


SERVER = Server(title="nginx", write=write, front=Front(program="nginx", package="nginx-light", prepare=_prepare))
