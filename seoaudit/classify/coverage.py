"""Whether a pattern that moves some pages would also move pages that should stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

MAX_PATTERNS = 200
"""Patterns that are compared with every page; the rest count as matching some, which is the careful answer."""


def matching(patterns: Iterable[str], urls: pa.LargeStringArray) -> set[str]:
    """Those of the patterns, the most important ones first, that one of the URLs matches; `*` stands for any text."""
    kept = list(dict.fromkeys(patterns))
    return {pattern for pattern in kept[:MAX_PATTERNS] if _matches(pattern, urls)} | set(kept[MAX_PATTERNS:])


def _matches(pattern: str, urls: pa.LargeStringArray) -> bool:
    start, *middle, end = pattern.split("*")
    found: Any = pc.starts_with(urls, start)
    if end:
        found = pc.and_(found, pc.ends_with(urls, end))
    if middle:
        for piece in middle:
            found = pc.and_(found, pc.match_substring(urls, piece))
        found = pc.match_like(urls.filter(found), "%".join(_literal(piece) for piece in (start, *middle, end)))
    return bool(pc.any(found).as_py())


def _literal(text: str) -> str:
    """The text with what SQL's LIKE takes for a sign escaped."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
