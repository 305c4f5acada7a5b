"""Vercel: `redirects` of vercel.json, and beside it what JSON has no comments for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from seoaudit.fix.comments import heading, omitted, proposals
from seoaudit.fix.hosted import entries
from seoaudit.fix.servers import File, Server, Written

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset

MOST = 1024
"""Redirects that vercel.json may hold (from its documentation; the number may have changed); more go into Bulk Redirects."""


def write(rules: Ruleset) -> Written:
    """vercel.json, and a text with the reason for each entry in the same order."""
    rules, found, left_out = entries(rules)
    if len(found) > MOST:
        more = (
            f"{len(found) - MOST:,} entries: vercel.json holds {MOST:,}; take --server csv for Vercel's Bulk Redirects"
        )
        left_out = (*left_out, more)
    text = json.dumps({"redirects": [entry.redirect for entry in found[:MOST]]}, indent=2)
    lines = heading(rules, "Merge redirects into vercel.json. Why each is there:")
    lines += [f"{entry.redirect['source']}: {entry.comment}" for entry in found[:MOST]]
    lines += [*omitted(left_out), *proposals(rules)]
    notes = "\n".join(lines) + "\n"
    return Written((File("vercel.json", text + "\n"), File("vercel-redirects.txt", notes)), rules, left_out)


SERVER = Server(title="Vercel", write=write)
