"""`seoaudit rules [ID]`: what is judged, and why."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from seoaudit.cli.audit import refuse
from seoaudit.config import ConfigError

if TYPE_CHECKING:
    from seoaudit.rules import Rule


def command(
    name: Annotated[str | None, typer.Argument(metavar="ID", help="One rule, such as redirect-loop.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print all of them as docs/rules.md has them.")] = False,
) -> None:
    """List the rules, or explain one."""
    # A crawl loads this module too, and has no room for what these two load.
    from seoaudit.render.rules_page import rules_page  # noqa: PLC0415
    from seoaudit.rules import catalogue  # noqa: PLC0415

    rules = catalogue()
    if markdown:
        print(rules_page(rules), end="")
    elif name is None:
        for rule in rules.values():
            print(f"{rule.id:34} {rule.severity:9} {rule.title}")
    elif name in rules:
        print(explain(rules[name]))
    else:
        near = difflib.get_close_matches(name, rules, 1)
        refuse(
            ConfigError(
                f"there is no rule {name}; {f'did you mean {near[0]}?' if near else 'seoaudit rules lists them'}"
            )
        )


def explain(rule: Rule) -> str:
    """Everything a rule says of itself, as plain text."""
    sources = "\n".join(f"  {ref.source}, {ref.date}\n  {ref.url}" for ref in rule.references)
    inferred = f"\n\nInferred: {rule.inferred}" if rule.inferred else ""
    return f"{rule.id} ({rule.severity}, {rule.family})\n{rule.title}\n\nWhy: {rule.why}\n\nFix: {rule.fix}{inferred}\n\nSources:\n{sources}"
