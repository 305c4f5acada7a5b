"""The HSTS preload list that browsers are shipped with, and what it asks of a host that wants to be on it."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import hstspreload

from seoaudit import urls
from seoaudit.config.hsts_list import read_hsts_list
from seoaudit.http.hsts import ONE_YEAR_S, ancestors, is_address, parse_hsts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_REDIRECTS = 3
"""Redirects that the list lets the home page have (chromium/hstspreload, redirects.go)."""

# A label that no host of the list has: it stands for any subdomain.
_ANY = "any--subdomain"


class PreloadList:
    """One list: the one that came with the hstspreload package, or that of `file`; raises ConfigError for a wrong file."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._entries = None if file is None else read_hsts_list(file)

    @cached_property
    def date(self) -> str:
        """The day of the list, as YYYY-MM-DD: that of the package's release, or of the file's last change."""
        if self._file is None:
            year, month, day = (int(part) for part in hstspreload.__version__.split(".")[:3])
            return f"{year}-{month:02}-{day:02}"
        return datetime.fromtimestamp(self._file.stat().st_mtime, UTC).date().isoformat()

    def covering(self, host: str) -> str | None:
        """The entry that makes browsers use https for a host: the widest superdomain that includes it, else its own; None for none.

        The host may be written in any case, with a trailing dot, and in Unicode.
        """
        name = _normalised(host)
        if name is None:
            return None
        wide = [above for above in ancestors(name) if self._includes_subdomains(above)]
        if wide:
            return wide[-1]
        return name if self._names(name) else None

    def _names(self, name: str) -> bool:
        return _packaged(name) if self._entries is None else name in self._entries

    def _includes_subdomains(self, name: str) -> bool:
        return _packaged(f"{_ANY}.{name}") if self._entries is None else self._entries.get(name, False)


@lru_cache(maxsize=65536)
def _packaged(name: str) -> bool:
    """Whether the package's list covers a name; it reads its file anew each time, by a function that Python 3.11 deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return bool(hstspreload.in_hsts_preload(name))


def _normalised(host: str) -> str | None:
    url = urls.parse(f"https://{host}/")
    name = urls.split(url).host.rstrip(".") if url else ""
    return name if name and not is_address(name) else None


class Step(NamedTuple):
    """One answer of a chain: `status` is None where nothing came, `hsts` None without the field, joined with commas if several came."""

    url: str
    status: int | None
    hsts: str | None = None
    hsts_count: int = 1


def failed_requirements(host: str, http: Sequence[Step], https: Sequence[Step]) -> list[str]:
    """What keeps a host off the preload list, in words; none is known where the list is empty.

    `http` and `https`: the chains of its home page by either scheme, each answer of it; empty where it was not asked. Whether
    port 80 answers does not matter. Source: hstspreload.org, submission requirements, and chromium/hstspreload.
    """
    failed = [*_of_header(https[0]), *_of_redirects(https)] if https else []
    return list(dict.fromkeys([*failed, *(_of_http(host, http) if http else ())]))


def _of_header(home: Step) -> Iterator[str]:
    """What the header of the https home page lacks; it counts on a redirect, too."""
    if home.status is None:
        yield f"{home.url} does not answer"
        return
    if home.hsts is None:
        yield f"{home.url} sends no Strict-Transport-Security"
        return
    if home.hsts_count > 1:
        yield f"{home.url} sends {home.hsts_count} Strict-Transport-Security fields"
        return
    policy = parse_hsts(home.hsts)
    yield from policy.problems
    if policy.max_age is not None and policy.max_age < ONE_YEAR_S:
        yield f"max-age is {policy.max_age}, below one year ({ONE_YEAR_S})"
    if not policy.include_subdomains:
        yield "includeSubDomains is missing"
    if not policy.preload:
        yield "preload is missing"


def _of_redirects(https: Sequence[Step]) -> Iterator[str]:
    plain = next((step.url for step in https if step.url.startswith("http://")), None)
    if plain:
        yield f"{https[0].url} redirects to plain HTTP: {plain}"
    if len(https) - 1 > MAX_REDIRECTS:
        yield f"{https[0].url} takes {len(https) - 1} redirects, more than {MAX_REDIRECTS}"


def _of_http(host: str, http: Sequence[Step]) -> Iterator[str]:
    """Port 80 may be closed; where it answers, it must go to https on the same host first, and that answer must have the header."""
    if http[0].status is None:
        return
    if len(http) == 1:
        yield f"{http[0].url} does not redirect to https"
        return
    first = http[1]
    parts = urls.split(first.url)
    if parts.scheme != "https" or parts.host != host:
        yield f"{http[0].url} redirects to {first.url} and not to https://{host}/ first"
    elif first.status is not None and first.hsts is None:
        yield f"{first.url} sends no Strict-Transport-Security"
    if len(http) - 1 > MAX_REDIRECTS:
        yield f"{http[0].url} takes {len(http) - 1} redirects, more than {MAX_REDIRECTS}"
