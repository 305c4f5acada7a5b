"""PHP: a file to require before anything else is done or sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals
from seoaudit.fix.servers import File, Server, Written
from seoaudit.fix.tables import tables

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset
    from seoaudit.fix.tables import Table

_CODE = r"""
function seoaudit_reply(string $origin, string $url): ?array
{
    [$upgrades, $urls, $paths, $patterns, $aliases] = seoaudit_tables();
    $mark = strpos($url, '?');
    $path = $mark === false ? $url : substr($url, 0, $mark);
    $query = $mark === false ? '' : substr($url, $mark);
    if (isset($upgrades[$origin])) {
        return [$upgrades[$origin][0] . $url, $upgrades[$origin][1]];
    }
    $alias = $aliases[$origin] ?? null;
    $at = $alias ? $alias[0] : $origin;
    foreach (array_unique([$origin, $at]) as $where) {
        if (isset($urls[$where . $url])) {
            return $urls[$where . $url];
        }
        if (isset($paths[$where . $path])) {
            return [$paths[$where . $path][0] . $query, $paths[$where . $path][1]];
        }
    }
    foreach ($patterns as [$rule, $start, $end, $target, $tail, $pages, $lower, $status]) {
        if ($rule !== $at) {
            continue;
        }
        if ($lower) {
            if ($path !== strtolower($path)) {
                return [$target . strtolower($path) . $query, $status];
            }
            continue;
        }
        $length = strlen($path) - strlen($start) - strlen($end);
        if ($length <= 0 || !str_starts_with($path, $start) || !str_ends_with($path, $end)) {
            continue;
        }
        $star = substr($path, strlen($start), $length);
        $slash = strrpos($star, '/');
        $last = $slash === false ? $star : substr($star, $slash + 1);
        if ($pages && ($last === '' || str_contains($last, '.'))) {
            continue;
        }
        return [$target . $star . $tail . $query, $status];
    }
    return $alias ? [$alias[0] . $url, $alias[1]] : null;
}

function seoaudit_redirect(): void
{
    $secure = ($_SERVER['HTTPS'] ?? '') !== '' && $_SERVER['HTTPS'] !== 'off';
    $origin = ($secure ? 'https://' : 'http://') . strtolower($_SERVER['HTTP_HOST'] ?? '');
    $found = seoaudit_reply($origin, $_SERVER['REQUEST_URI'] ?? '/');
    if ($found !== null) {
        header('Location: ' . $found[0], true, $found[1]);
        exit;
    }
}

if (PHP_SAPI !== 'cli') {
    seoaudit_redirect();
}
"""


def write(rules: Ruleset) -> Written:
    """One file for PHP 8.0 or newer."""
    lines = heading(
        rules,
        "First line of the front controller: require __DIR__ . '/seoaudit-redirects.php'; or auto_prepend_file in php.ini. "
        "Behind a proxy that ends TLS, set $_SERVER['HTTPS'] from X-Forwarded-Proto first.",
    )
    text = ["<?php", *map(_comment, lines), "declare(strict_types=1);", "", "function seoaudit_tables(): array", "{"]
    for table in tables(rules):
        text += _table(table)
    text += ["    return [$upgrades, $urls, $paths, $patterns, $aliases];", "}", _CODE.rstrip()]
    return Written(
        (File("seoaudit-redirects.php", "\n".join([*text, *map(_comment, proposals(rules))]) + "\n"),), rules
    )


def _comment(line: str) -> str:
    """A closing tag ends PHP even in a comment."""
    return f"// {line.replace('?>', '? >')}"


def _table(table: Table) -> list[str]:
    lines = [f"    static ${table.name} = ["]
    for row in table.rows:
        values = ", ".join(map(_value, row.values))
        entry = f"[{_value(row.key)}, {values}]" if table.name == "patterns" else f"{_value(row.key)} => [{values}]"
        lines += [f"        {_comment(row.comment)}", f"        {entry},"]
    return [*lines, "    ];"]


def _value(value: str | int | bool) -> str:
    """A literal; in single quotes PHP reads nothing but the backslash and the quote."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


SERVER = Server(title="PHP", write=write)
