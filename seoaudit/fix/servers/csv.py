"""A table of source, target and code, for redirect plugins and content delivery networks."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from seoaudit.fix.comments import proposed, reason
from seoaudit.fix.servers import File, Server, Written

if TYPE_CHECKING:
    from seoaudit.fix.ruleset import Ruleset

COLUMNS = ("source", "target", "code", "reason")


def write(rules: Ruleset) -> Written:
    """Every entry in the order in which they count; `*` is any path, where a whole origin moves.

    Patterns are written out, because each importer has its own idea of them. There are no comments in a CSV file, so that
    proposals are left out of it.
    """
    rules = rules.unfolded(rules.patterns)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    moves = [
        [(f"{move.source}/*", f"{move.target}/*", move.status, reason(move.help)) for move in which]
        for which in (rules.upgrades, rules.aliases)
    ]
    table.writerows(moves[0])
    table.writerows((exact.source, exact.target, exact.status, reason(exact.help)) for exact in rules.exacts)
    table.writerows(moves[1])
    return Written((File("redirects.csv", text.getvalue()),), rules, tuple(map(proposed, rules.proposals)))


SERVER = Server(title="a table for plugins and CDNs", write=write)
