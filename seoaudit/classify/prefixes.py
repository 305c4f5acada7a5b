"""How much of a site the redirects that replace one part of the path stand for: a whole folder, or single pages in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.classify import frames
from seoaudit.classify.moves import common_start

if TYPE_CHECKING:
    from collections.abc import Iterable


class Named(NamedTuple):
    """The words and patterns of one redirect; `exact`: they hold for these URLs and no others."""

    words: str
    source: str
    target: str
    exact: bool


class Folder(NamedTuple):
    """What the redirects of one cause share.

    `below`: the folders below the part that is replaced; `paths`: how many make the move; `whole`: every known URL there does.
    """

    below: str
    paths: int
    whole: bool

    def name(self, words: str, source: str, target: str, ends: tuple[str, str]) -> Named:
        """The words and patterns of a redirect that replaces the first of the `ends` by the second."""
        old, new = (end + self.below for end in ends)
        moved = f"{old}/* to {new}/*"
        if not self.whole:
            moved = f"{self.paths} URLs below {old}/ to the same path below {new}/"
        source, target = (text.replace("/*", f"{self.below}/*", 1) for text in (source, target))
        return Named(words.replace(f"{ends[0]}/* to {ends[1]}/*", moved, 1), source, target, exact=not self.whole)


def name_folders(moves: pd.DataFrame, answered: pd.Series[str]) -> pd.DataFrame:
    """`words`, `source`, `target` and `exact` of these moves, with the deepest folder that all sources of a cause share.

    `moves`: the columns of `Move`, and `url`. `answered`: URLs without query that answered anything, those that redirect too.
    A folder in which one of them does not make the move is not called whole: `exact`, and the words count the URLs.
    """
    known = _sorted(answered)
    by_words: dict[str, list[int]] = {}
    for row, words in enumerate(moves["words"]):
        by_words.setdefault(words, []).append(row)
    urls, sources, targets = (moves[name].to_list() for name in ("url", "source", "target"))
    named = [Named("", "", "", exact=False)] * len(moves)
    for words, rows in by_words.items():
        start, end = (_before_star(patterns[rows[0]]) for patterns in (sources, targets))
        folder = _folder(words, sources[rows[0]], (start, end), [urls[row] for row in rows], known)
        for row in rows:
            named[row] = folder.name(words, sources[row], targets[row], (start, end))
    return pd.DataFrame(named, columns=list(Named._fields), index=moves.index)


def _sorted(urls: pd.Series[str]) -> pa.LargeStringArray:
    distinct: Any = pc.unique(frames.as_arrow(urls))
    ordered: pa.LargeStringArray = distinct.take(pc.sort_indices(distinct))
    return ordered


def _before_star(pattern: str) -> str:
    """The path of a pattern, as far as it is fixed."""
    return "".join(f"/{part}" for part in pattern.partition("/*")[0].split("/")[3:])


def _folder(words: str, pattern: str, ends: tuple[str, str], urls: list[str], known: pa.LargeStringArray) -> Folder:
    source, target = ends
    piece = f"{source}/* to {target}/*"
    if piece not in words:
        return Folder("", len(urls), whole=True)
    tail = pattern.partition("/*")[2].partition("?")[0] if f"{piece} and " in words else ""
    paths = {"/" + url.split("/", 3)[3].partition("?")[0] for url in urls}
    below = _shared_folder(path.removeprefix(source) for path in paths)
    members = [url for url in urls if "?" not in url]
    whole = all(
        _count(known, f"{origin}{source}{below}/", tail) <= sum(url.startswith(f"{origin}/") for url in members)
        for origin in {"/".join(url.split("/", 3)[:3]) for url in urls}
    )
    return Folder(below, len(paths), whole)


def _shared_folder(paths: Iterable[str]) -> str:
    shared, *others = (path.rstrip("/").split("/")[:-1] for path in paths)
    for other in others:
        shared = shared[: common_start(shared, other)]
    return "/".join(shared)


def _count(known: pa.LargeStringArray, start: str, tail: str) -> int:
    """How many of the sorted URLs begin and end so, the folder itself not counted."""
    first, last = (_position(known, text) for text in (f"{start}\0", start[:-1] + "0"))  # "0" follows "/"
    ends: Any = pc.ends_with(known.slice(first, last - first), tail)
    return int(pc.sum(ends).as_py() or 0)


def _position(known: pa.LargeStringArray, text: str) -> int:
    low, high = 0, len(known)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if known[middle].as_py() < text else (low, middle)
    return low
