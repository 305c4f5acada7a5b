"""Next.js: `redirects()` for next.config.js."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, omitted, proposals
from seoaudit.fix.hosted import entries
from seoaudit.fix.servers import File, Server, Written

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset


def write(rules: Ruleset) -> Written:
    """One CommonJS module with the list that `redirects()` returns."""
    rules, found, left_out = entries(rules)
    lines = heading(
        rules,
        'In next.config.js: async redirects() { return require("./seoaudit-redirects"); }',
        "Next.js itself redirects to one form of the slash at the end first; trailingSlash says to which.",
    )
    text = [*(f"// {line}" for line in lines), "module.exports = ["]
    for entry in found:
        text += [f"  // {entry.comment}", f"  {json.dumps(entry.redirect)},"]
    text += ["];", *(f"// {line}" for line in (*omitted(left_out), *proposals(rules)))]
    return Written((File("seoaudit-redirects.js", "\n".join(text) + "\n"),), rules, left_out)


SERVER = Server(title="Next.js", write=write)
