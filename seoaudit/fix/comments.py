"""The words beside a rule: the findings that it repairs, and whom it helps. Never more than one line, whatever a site wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.fix.ruleset import Help, Proposal, Ruleset

LONGEST = 500
"""A comment is cut here; the tables have the whole."""

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")


def clean(text: str) -> str:
    """The text as one line that no format reads on from: without control characters, and without a backslash at its end."""
    line = " ".join(_BREAKS.sub(" ", text).split())
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return line.rstrip("\\ ")


def reason(help_: Help) -> str:
    """What a rule repairs and whom it helps: `redirect-chain: 704 URLs, 1,200 links`."""
    why = ", ".join(help_.findings)
    why = "; ".join(part for part in (why, help_.note) if part) or "leads straight to the end"
    return clean(f"{why}: {_count(help_.urls, 'URL')}, {_count(help_.links, 'link')}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def proposed(proposal: Proposal) -> str:
    """A proposal in one line."""
    to = f" -> {proposal.target}" if proposal.target else ""
    rules = (
        f" ({', '.join(proposal.help.findings)}; {_count(proposal.help.links, 'link')})"
        if proposal.help.findings
        else ""
    )
    return clean(f"PROPOSAL {proposal.source}{to}: {proposal.text}{rules}")


def heading(rules: Ruleset, *lines: str) -> list[str]:
    """The first lines of every file: what it is, and how it is used."""
    return [
        clean(
            f"Redirects of {rules.site}, made by seoaudit from the run of an audit: the final target of each, in one redirect."
        ),
        *map(clean, lines),
    ]


def omitted(left_out: Iterable[str]) -> list[str]:
    """A line for each rule that is not there, and why."""
    return [clean(f"LEFT OUT {line}") for line in left_out]


def proposals(rules: Ruleset) -> list[str]:
    """The last lines: what a person must decide."""
    if not rules.proposals:
        return []
    return ["To be decided by a person; nothing below is a rule.", *map(proposed, rules.proposals)]
