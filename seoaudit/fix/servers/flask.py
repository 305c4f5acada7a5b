"""Flask, and any other WSGI application: a middleware before it, because only there the URL stands as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals
from seoaudit.fix.servers import File, Server, Written
from seoaudit.fix.tables import tables

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset
    from seoaudit.fix.tables import Table

_CODE = '''

def reply(origin, url):
    """The target and the status, or None."""
    path, mark, query = url.partition("?")
    query = mark + query
    if origin in UPGRADES:
        target, status = UPGRADES[origin]
        return target + url, status
    alias = ALIASES.get(origin)
    at = alias[0] if alias else origin
    for where in dict.fromkeys((origin, at)):
        if where + url in URLS:
            return URLS[where + url]
        if where + path in PATHS:
            target, status = PATHS[where + path]
            return target + query, status
    for rule, start, end, target, tail, pages, lower, status in PATTERNS:
        if rule != at:
            continue
        if lower:
            if path != path.lower():
                return target + path.lower() + query, status
            continue
        if not (path.startswith(start) and path.endswith(end) and len(path) > len(start) + len(end)):
            continue
        star = path[len(start) : len(path) - len(end)]
        last = star.rpartition("/")[2]
        if pages and (not last or "." in last):
            continue
        return target + star + tail + query, status
    return (alias[0] + url, alias[1]) if alias else None


class Redirects:
    """WSGI middleware that answers what has moved, and asks the application for the rest."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        url = environ.get("RAW_URI") or environ.get("REQUEST_URI")
        if url is None:
            url = quote(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), encoding="latin-1")
            url += "?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else ""
        found = reply(environ["wsgi.url_scheme"] + "://" + environ.get("HTTP_HOST", "").lower(), url)
        if found is None:
            return self.application(environ, start_response)
        status = f"{found[1]} {responses[found[1]]}"
        start_response(status, [("Location", found[0]), ("Content-Length", "0")])
        return []
'''


def write(rules: Ruleset) -> Written:
    """One module."""
    lines = heading(
        rules,
        "app.wsgi_app = Redirects(app.wsgi_app), as the last line of the set-up; behind a proxy that ends TLS, ProxyFix goes around it.",
    )
    text = [f"# {line}" for line in lines]
    text += ["from http.client import responses", "from urllib.parse import quote"]
    for table in tables(rules):
        text += ["", *_table(table)]
    text += [_CODE.rstrip(), "", *(f"# {line}" for line in proposals(rules))]
    return Written((File("seoaudit_redirects.py", "\n".join(text).rstrip() + "\n"),), rules)


def _table(table: Table) -> list[str]:
    plain = table.name == "patterns"
    lines = [f"{table.name.upper()} = {'[' if plain else '{'}"]
    for row in table.rows:
        entry = ascii((row.key, *row.values)) if plain else f"{row.key!a}: {row.values!a}"
        lines += [f"    # {row.comment}", f"    {entry},"]
    return [*lines, "]" if plain else "}"]


SERVER = Server(title="Flask", write=write)
