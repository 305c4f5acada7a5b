"""Serialised URLs by the column: what `seoaudit.urls` says of one URL, said of a million at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit import urls as url_identity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seoaudit.store.folder import RunInfo

_PARTS = r"(?s)^(?P<scheme>[^:]*)://(?P<netloc>[^/?#]*)(?P<path>[^?#]*)(?P<query>\??[^#]*)(?P<fragment>#?.*)$"


class Scope(NamedTuple):
    """The hosts that belong to the site, written as in URLs; `apex` has its subdomains belong to it too."""

    hosts: frozenset[str]
    apex: str | None = None

    @classmethod
    def of(cls, info: RunInfo) -> Scope:
        """The scope that the crawl had."""
        widened = str(info.arguments.get("subdomains", "")).lower() in ("1", "true", "yes")
        return cls(frozenset(info.hosts), url_identity.split(info.start).host.removeprefix("www.") if widened else None)


def without_fragments(urls: pa.LargeStringArray) -> pa.LargeStringArray:
    """The URLs as one asks for them."""
    bare: Any = pc.list_element(pc.split_pattern(urls, "#", max_splits=1), 0)
    texts: pa.LargeStringArray = bare
    return texts


def parts(urls: pa.LargeStringArray) -> dict[str, pa.LargeStringArray]:
    """Scheme, netloc, path, query with its "?" and fragment with its "#"; all missing where it is no URL with a host."""
    found = pc.extract_regex(urls, _PARTS)
    return {name: pc.struct_field(found, name) for name in ("scheme", "netloc", "path", "query", "fragment")}


def is_web(urls: pa.LargeStringArray) -> NDArray[np.bool_]:
    """Whether each is a URL that HTTP can ask; a missing one is not."""
    return truth(pc.or_(pc.starts_with(urls, "http://"), pc.starts_with(urls, "https://")))


def hosts(netlocs: pa.LargeStringArray) -> pa.LargeStringArray:
    """Netlocs without user name, password and port."""
    return pc.replace_substring_regex(pc.replace_substring_regex(netlocs, r"^.*@", ""), r":\d*$", "")


def outside(urls: pa.LargeStringArray, scope: Scope) -> NDArray[np.bool_]:
    """Whether each lies outside the scope; a URL with a user name does."""
    netlocs = parts(urls)["netloc"]
    inside = truth(pc.is_in(netlocs, pa.array(sorted(scope.hosts), pa.large_string())))
    if scope.apex is not None:
        inside |= truth(pc.ends_with(netlocs, f".{scope.apex}"))
    return ~inside


def truth(flags: pa.BooleanArray) -> NDArray[np.bool_]:
    """Arrow's booleans as numpy's; a missing one is False."""
    known: Any = flags  # pyarrow's stubs name no array of booleans that fill_null takes
    return np.asarray(pc.fill_null(known, False), np.bool_)


def positions(values: pa.LargeStringArray, known: pa.LargeStringArray) -> NDArray[np.int64]:
    """The first position of each value in `known`, -1 where it is not there."""
    distinct = pc.unique(values)  # the few are hashed, not the many
    first = np.full(len(distinct) + 1, -1, np.int64)
    found = _indices(known, distinct)
    rows = np.flatnonzero(found >= 0)[::-1]
    first[found[rows]] = rows
    return first[_indices(values, distinct)]


def codes(values: pa.LargeStringArray) -> NDArray[np.int64]:
    """One number a value, the same for the same."""
    return _indices(values, pc.unique(values))


def _indices(values: pa.LargeStringArray, known: pa.LargeStringArray) -> NDArray[np.int64]:
    found: Any = pc.index_in(values, known)
    return np.asarray(pc.fill_null(found, -1), np.int64)
