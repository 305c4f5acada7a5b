"""Patterns as regular expressions, and which entries of a ruleset are asked under which origin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from seoaudit.fix.ruleset import Pattern

STAR = "(.+)"
PAGE = "((?:.*/)?[^/.]+)"


def escaped(text: str) -> str:
    """The text as a regular expression that matches it and nothing else, in the dialect of PCRE, Go, Java and JavaScript alike."""
    return re.sub(r"[\\^$.|?*+()\[\]{}]", lambda mark: "\\" + mark[0], text)


def path_expression(pattern: Pattern, escape: Callable[[str], str] = escaped) -> str:
    """The path of a pattern; its one group is what stays. Not for patterns of letter case."""
    return f"{escape(pattern.start)}{PAGE if pattern.pages else STAR}{escape(pattern.end)}"
