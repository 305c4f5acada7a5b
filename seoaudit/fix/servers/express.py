"""Express: a middleware, which works with any server of Node.js that gives it `req.protocol` or TLS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, proposals
from seoaudit.fix.servers import File, Server, Written
from seoaudit.fix.tables import tables

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset
    from seoaudit.fix.tables import Table

_CODE = """
function reply(origin, url) {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark);
  const upgrade = upgrades.get(origin);
  if (upgrade) return [upgrade[0] + url, upgrade[1]];
  const alias = aliases.get(origin);
  const at = alias ? alias[0] : origin;
  for (const where of at === origin ? [origin] : [origin, at]) {
    const exact = urls.get(where + url);
    if (exact) return exact;
    const any = paths.get(where + path);
    if (any) return [any[0] + query, any[1]];
  }
  for (const [rule, start, end, target, tail, pages, lower, status] of patterns) {
    if (rule !== at) continue;
    if (lower) {
      if (path !== path.toLowerCase()) return [target + path.toLowerCase() + query, status];
      continue;
    }
    if (!path.startsWith(start) || !path.endsWith(end) || path.length <= start.length + end.length) continue;
    const star = path.slice(start.length, path.length - end.length);
    const last = star.slice(star.lastIndexOf("/") + 1);
    if (pages && (last === "" || last.includes("."))) continue;
    return [target + star + tail + query, status];
  }
  return alias ? [alias[0] + url, alias[1]] : null;
}

function redirects(req, res, next) {
  const protocol = req.protocol || (req.socket && req.socket.encrypted ? "https" : "http");
  const found = reply(`${protocol}://${String(req.headers.host || "").toLowerCase()}`, req.originalUrl || req.url);
  if (!found) return next();
  res.writeHead(found[1], { Location: found[0], "Content-Length": 0 });
  res.end();
}

module.exports = redirects;
module.exports.reply = reply;
"""


def write(rules: Ruleset) -> Written:
    """One CommonJS module."""
    lines = heading(
        rules,
        'Before every route: app.use(require("./seoaudit-redirects")). Behind a proxy that ends TLS: app.set("trust proxy", 1).',
    )
    text = [f"// {line}" for line in lines] + ['"use strict";']
    for table in tables(rules):
        text += ["", *_table(table)]
    text += [_CODE.rstrip(), *(f"// {line}" for line in proposals(rules))]
    return Written((File("seoaudit-redirects.js", "\n".join(text) + "\n"),), rules)


def _table(table: Table) -> list[str]:
    """Entries as JSON, which is JavaScript; patterns are a list, the others a map."""
    plain = table.name == "patterns"
    lines = [f"const {table.name} = {'[' if plain else 'new Map(['}"]
    for row in table.rows:
        cells = [row.key, *row.values] if plain else [row.key, list(row.values)]
        lines += [f"  // {row.comment}", f"  {json.dumps(cells)},"]
    return [*lines, "];" if plain else "]);"]


SERVER = Server(title="Express", write=write)
