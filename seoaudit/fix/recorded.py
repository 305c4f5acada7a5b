"""What a run knows, as the plan looks at it: every answer by its URL, links, findings, forms and HSTS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from seoaudit.config import ConfigError
from seoaudit.fix.ruleset import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.records import Mechanism
    from seoaudit.store.folder import RunFolder


class Told(NamedTuple):
    """What one URL answered; `target` has its fragment and is missing where the answer leads nowhere else."""

    status: int | None = None
    error: str | None = None
    target: str | None = None
    mechanism: Mechanism | None = None
    delay: float | None = None
    in_scope: bool = True
    page: bool = True
    title: str | None = None
    vary: str | None = None
    cookies: str | None = None
    location: str | None = None

    @property
    def living(self) -> bool:
        """Whether it is a page, or a file, that stays where it is."""
        return self.target is None and self.error is None and self.status is not None and 200 <= self.status < 300


class Noted(NamedTuple):
    """One finding: the rule's id, and the change that it asks for."""

    rule: str
    fix: str


@dataclass(frozen=True)
class Recorded:
    """One run. `unasked`: URLs that pages mention and nobody asked; `outcomes` and `links` by redirecting URL; `texts`: what links to a URL say."""

    site: str
    answers: dict[str, Told]
    unasked: frozenset[str] = frozenset()
    outcomes: dict[str, str] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    findings: dict[str, tuple[Noted, ...]] = field(default_factory=dict)
    posts: frozenset[str] = frozenset()
    preload: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)

    def target(self, url: str) -> str | None:
        """Where the recorded site sends a URL, with the fragment that it names."""
        told = self.answers.get(url)
        return told.target if told else None

    def named(self, url: str) -> set[str]:
        """The ids of the rules that name this URL."""
        return {noted.rule for noted in self.findings.get(url, ())}


NEEDED = ("responses", "links", "chains", "findings", "fixes", "forms", "hosts")

_ANSWER = ["url", "status", "error", "mechanism", "location", "location_url", "refresh_delay", "in_scope", "media_type"]
_ANSWER += ["title", "vary", "set_cookie_names"]


def read_recorded(folder: RunFolder) -> Recorded:
    """Read the tables of a run; raises ConfigError where one is missing or cannot be read."""
    for name in NEEDED:
        if not folder.table(name).is_file():
            raise ConfigError(
                f"RUN: {folder.path} has no {name}.parquet, it was not judged; seoaudit report {folder.path} does that"
            )
    try:
        return _read(folder)
    except ValidationError as error:
        raise ConfigError(
            f"RUN: {folder.info_file} cannot be read; give another run, or audit the site again"
        ) from error
    except (OSError, pa.ArrowException, KeyError) as error:
        first = str(error).partition("\n")[0]
        raise ConfigError(
            f"RUN: a table of {folder.path} cannot be read ({first}); seoaudit report {folder.path} makes them again"
        ) from error


def _read(folder: RunFolder) -> Recorded:
    answers = {row["url"]: _told(row) for row in _rows(folder, "responses", _ANSWER)}
    chains = list(_rows(folder, "chains", ["requested_url", "outcome", "inlinks"]))
    findings: dict[str, tuple[Noted, ...]] = {}
    for row in _rows(folder, "findings", ["rule", "url", "fix"]):
        findings[row["url"]] = (*findings.get(row["url"], ()), Noted(row["rule"], row["fix"] or ""))
    return Recorded(
        site=folder.read_info().site,
        answers=answers,
        unasked=_unasked(folder, answers),
        outcomes={row["requested_url"]: row["outcome"] for row in chains},
        links={row["requested_url"]: row["inlinks"] or 0 for row in chains},
        findings=findings,
        posts=_posts(folder, answers),
        preload=frozenset(row["host"] for row in _rows(folder, "hosts", ["host", "preload"]) if row["preload"]),
        texts={row["target"]: row["text"] for row in _rows(folder, "fixes", ["target", "text"]) if row["text"]},
    )


def _rows(folder: RunFolder, name: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(folder.table(name)) as file:
        for batch in file.iter_batches(columns=columns):
            yield from batch.to_pylist()


def _told(row: dict[str, Any]) -> Told:
    target = row["location_url"] if row["mechanism"] else None
    if target is not None and row["mechanism"] != "location" and target.partition("#")[0] == row["url"]:
        target = None  # a page that loads itself again is polling
    return Told(
        status=row["status"],
        error=row["error"],
        target=target if target and target.startswith(("http://", "https://")) else None,
        mechanism=row["mechanism"],
        delay=row["refresh_delay"],
        in_scope=bool(row["in_scope"]),
        page=row["media_type"] in ("text/html", "application/xhtml+xml"),
        title=row["title"],
        vary=row["vary"],
        cookies=row["set_cookie_names"],
        location=row["location"],
    )


def _unasked(folder: RunFolder, answers: dict[str, Told]) -> frozenset[str]:
    origins = {place(url).origin for url, told in answers.items() if told.in_scope}
    found: set[str] = set()
    for row in _rows(folder, "links", ["target"]):
        url = row["target"]
        if url is not None and url not in answers and url not in found and place(url).origin in origins:
            found.add(url)
    return frozenset(found)


def _posts(folder: RunFolder, answers: dict[str, Told]) -> frozenset[str]:
    """Every URL that a form's POST passes on its way."""
    found: set[str] = set()
    for row in _rows(folder, "forms", ["method", "action"]):
        url = row["action"] if row["method"] == "POST" else None
        while url and url not in found and url in answers:
            found.add(url)
            target = answers[url].target
            url = target.partition("#")[0] if target else None
    return frozenset(found)
