"""In what two URLs differ, as a pattern that one rule of a server could follow."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from publicsuffixlist import PublicSuffixList

from seoaudit.urls import twin

_INDEX = re.compile(r"(?:index|default)\.[a-z]{2,5}", re.IGNORECASE)
_EXTENSION = re.compile(r"(?<=.)\.[a-z][a-z0-9]{0,4}$", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_NUMBER = re.compile(r"\d+(?:[._]\d+)*")


class Address(NamedTuple):
    """The parts of one serialised URL, as `url_columns.parts` gives them."""

    scheme: str
    netloc: str
    path: str
    query: str
    fragment: str


class PathMove(NamedTuple):
    """How one path became another: the word for it, the pieces of a sentence, and patterns with `*` for what stays.

    `part`: only a part of the path stayed, which is a rule only if other redirects share it.
    """

    change: str
    words: tuple[str, ...]
    source: str
    target: str
    part: bool


class Move(NamedTuple):
    """How one URL became another.

    `change`: a word of `Facts.redirects`. `words`: what changed, in words that every URL which the same rule moves has;
    `numbered`: the same with any number in place of those in the path, so that the folders of a blog's years are one.
    `source`, `target`: patterns of the rule as it should be, which never leads from https to http. `kept`: what the rule carries along. `part`: as in `PathMove`; `whole`: nothing
    of the path stayed. `canonical`: only http or www changed, which is right for every URL of the host.
    """

    change: str
    words: str
    numbered: str
    source: str
    target: str
    kept: str
    part: bool
    whole: bool
    canonical: bool


def compare(source: Address, target: Address) -> Move:
    """What a redirect from `source` to `target` changed."""
    path = path_move(source.path, target.path)
    hosts = [] if source.netloc == target.netloc else [f"{source.netloc} to {target.netloc}"]
    schemes = [] if source.scheme == target.scheme else [f"{source.scheme} to {target.scheme}"]
    query, kept = _query(source.query, target.query)
    where = "" if hosts else f" on {source.netloc}"
    scheme = "https" if source.scheme == "https" else target.scheme
    queries = ("?*" if source.query and query else "", "?*" if target.query and query else "")
    return Move(
        change=_change(source, target, path),
        words=" and ".join([*schemes, *hosts, *path.words, *query]) + where,
        numbered=" and ".join([*schemes, *hosts, *map(any_number, path.words[:1]), *path.words[1:], *query]) + where,
        source=f"{source.scheme}://{source.netloc}{path.source}{queries[0]}",
        target=f"{scheme}://{target.netloc}{path.target}{queries[1]}",
        kept=kept or ("query kept" if path.change else "path and query kept"),
        part=path.part,
        whole=path.part and not path.words,
        canonical=not (path.change or query) and target.netloc in (source.netloc, twin(source.netloc)),
    )


def any_number(path: str) -> str:
    """The path, or a sentence on it, with `<number>` for every number and version."""
    return _NUMBER.sub("<number>", path)


def is_its_own_target(source: str, target: str) -> bool:
    """Whether a rule for the pattern `source` would move its own target again."""
    if "*" not in source:
        return source == target
    start, *middle, end = source.split("*")
    example = target.replace("*", "x")
    return example.startswith(start) and example.endswith(end) and all(part in example for part in middle)


def _change(source: Address, target: Address, path: PathMove) -> str:
    if site(source.netloc) != site(target.netloc):
        return "site"
    if path.change:
        return path.change
    if source.query != target.query:
        return "query"
    kinds = [name for name in ("scheme", "netloc") if getattr(source, name) != getattr(target, name)]
    if kinds:
        return "-".join(kinds).replace("netloc", "host")
    return "same" if source.fragment == target.fragment else "fragment"


@lru_cache(maxsize=65536)
def site(netloc: str) -> str:
    """The domain that somebody registered; a host that has none, such as an IP address, is its own site."""
    host = re.sub(r":\d*$", "", netloc.rpartition("@")[2])
    if host.startswith("[") or re.fullmatch(r"[\d.]+", host):
        return host
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _query(source: str, target: str) -> tuple[tuple[str, ...], str]:
    """The word for a changed query, and what a rule does with it."""
    if source == target:
        return (), ""
    if target in ("", "?"):
        return ("query dropped",), "without the query"
    return ("query added" if source in ("", "?") else "query changed",), "with the new query"


def path_move(source: str, target: str) -> PathMove:
    """Compare the paths of two serialised URLs: first how they end, then letter case, then which part was replaced."""
    if source == target:
        return PathMove("", (), "/*", "/*", part=False)
    (before, tail), (after, new_tail) = _shape(source), _shape(target)
    if before == after:
        change = "slash" if {tail, new_tail} == {"", "/"} else "extension"
        pattern = f"/*{tail}" if tail else f"/* (not ending in {new_tail})"
        return PathMove(change, _tail_words(tail, new_tail), pattern, f"/*{new_tail}", part=False)
    if source.lower() == target.lower():
        if _ESCAPE.sub(_upper, source) == _ESCAPE.sub(_upper, target):
            to = "lower" if any(escape != escape.upper() for escape in _ESCAPE.findall(target)) else "upper"
            pattern = f"/* (with percent-escapes in {to} case)"
            return PathMove("case", (f"percent-escapes to {to} case",), "/*", pattern, part=False)
        if target == target.lower():
            return PathMove("case", ("path to lower case",), "/* (with capitals)", "/* (in lower case)", part=False)
        return PathMove("case", ("path to other letter case",), "/*", "/* (in other letter case)", part=False)
    return _part_move(before, tail, after, new_tail) or PathMove("path", (), source, target, part=True)


def _upper(escape: re.Match[str]) -> str:
    return escape[0].upper()


def _part_move(before: list[str], tail: str, after: list[str], new_tail: str) -> PathMove | None:
    """What was replaced before the segments that stayed, else behind them; None where none stayed."""
    if kept := common_start(before[::-1], after[::-1]):
        old, new = _join(before[:-kept]), _join(after[:-kept])
        words = (f"{old}/* to {new}/*", *_tail_words(tail, new_tail))
        return PathMove("path", words, f"{old}/*{tail}", f"{new}/*{new_tail}", part=True)
    if kept := common_start(before, after):
        old, new = f"/*{_join(before[kept:])}{tail}", f"/*{_join(after[kept:])}{new_tail}"
        return PathMove("path", (f"{old} to {new}",), old, new, part=True)
    return None


def _join(segments: list[str]) -> str:
    return "".join(f"/{segment}" for segment in segments)


def _shape(path: str) -> tuple[list[str], str]:
    """The path's segments, and how it ends: with a slash, an index file or an extension."""
    folder, _, name = path.rpartition("/")
    segments = folder.split("/")[1:]
    if not name:
        return segments, "/"
    if _INDEX.fullmatch(name):
        return segments, f"/{name}"
    extension = _EXTENSION.search(name)
    tail = extension[0] if extension else ""
    return [*segments, name[: len(name) - len(tail)]], tail


def _tail_words(tail: str, new_tail: str) -> tuple[str, ...]:
    if tail == new_tail:
        return ()
    old, new = tail.strip("/"), new_tail.strip("/")
    if old and new:
        return (f"{old} to {new}",)
    file = f"{old} removed" if old else f"{new} added" if new else ""
    slash = "" if tail[:1] == new_tail[:1] == "/" else _slash_words(tail, new_tail)
    return tuple(word for word in (file, slash) if word)


def _slash_words(tail: str, new_tail: str) -> str:
    """`/a.html` to `/a/` adds a slash; `/a/` to `/a.html` needs no word of its own."""
    if new_tail == "/":
        return "trailing slash added"
    return "trailing slash removed" if tail == "/" and not new_tail else ""


def common_start(before: list[str], after: list[str]) -> int:
    """How many segments two paths have in common before they differ."""
    kept = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        kept += 1
    return kept
