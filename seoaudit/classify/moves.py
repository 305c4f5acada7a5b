"""In what two URLs differ, as a pattern that one server rule could follow."""

from __future__ import annotations

import re
from typing import NamedTuple

_INDEX = re.compile(r"(?:index|default)\.[a-z]{2,5}", re.IGNORECASE)
_EXTENSION = re.compile(r"(?<=.)\.[a-z][a-z0-9]{0,4}$", re.IGNORECASE)


class PathMove(NamedTuple):
    """How one path became another.

    `change` is a word of `Facts.redirects`; `words` says it, '' where only the one path is moved; `source` and `target`
    are patterns with `*` for what stays; `prefix` whether a part of the path was replaced by another.
    """

    change: str
    words: str
    source: str
    target: str
    prefix: bool


def path_move(source: str, target: str) -> PathMove:
    """Compare two different paths of serialised URLs."""
    (before, tail), (after, new_tail) = _shape(source), _shape(target)
    words = _tail_words(tail, new_tail)
    if before == after:
        change = "slash" if {tail, new_tail} == {"", "/"} else "extension"
        return PathMove(change, " and ".join(words), f"/*{tail}", f"/*{new_tail}", prefix=False)
    if source.lower() == target.lower():
        case = "lower case" if target == target.lower() else "other letter case"
        return PathMove("case", f"path to {case}", "/*", f"/* in {case}", prefix=False)
    kept = _common_end(before, after)
    if not kept:
        return PathMove("path", "", source, target, prefix=True)
    old, new = "".join(f"/{s}" for s in before[:-kept]), "".join(f"/{s}" for s in after[:-kept])
    text = " and ".join([f"{old}/* to {new}/*", *words])
    return PathMove("path", text, f"{old}/*{tail}", f"{new}/*{new_tail}", prefix=True)


def _shape(path: str) -> tuple[list[str], str]:
    """The path's names, and how it ends: with a slash, an index file or an extension."""
    folder, _, name = path.rpartition("/")
    segments = folder.split("/")[1:]
    if not name:
        return segments, "/"
    if _INDEX.fullmatch(name):
        return segments, f"/{name}"
    extension = _EXTENSION.search(name)
    tail = extension[0] if extension else ""
    return [*segments, name[: len(name) - len(tail)]], tail


def _tail_words(tail: str, new_tail: str) -> list[str]:
    if tail == new_tail:
        return []
    old, new = tail.strip("/"), new_tail.strip("/")
    if old and new:
        return [f"{old} to {new}"]
    words = [f"{old} removed"] if old else [f"{new} added"] if new else []
    was, now = tail.startswith("/"), new_tail.startswith("/")
    if was != now:
        words.append("trailing slash added" if now else "trailing slash removed")
    return words


def _common_end(before: list[str], after: list[str]) -> int:
    kept = 0
    for one, other in zip(reversed(before), reversed(after), strict=False):
        if one != other:
            break
        kept += 1
    return kept
