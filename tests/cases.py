"""Reads the cases of tests/rules/*.toml and builds from one case the facts that a rule sees (format: tests/test_rules.py)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs import make_run

from seoaudit import urls
from seoaudit.classify.facts import Facts, build_facts
from seoaudit.config import Expected, Thresholds
from seoaudit.http.location import read_location
from seoaudit.records import REDIRECT_STATUSES, Mention, Response
from seoaudit.store.chronicle import chronicle
from seoaudit.store.journal import Variant, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "rules"
SITE = "https://example.com"
HOSTS = ("example.com", "www.example.com")
NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
"""The start of the run of a case with a history."""

NOON = 1_790_000_000.0
"""The second at which every response of a case was fetched, unless it says otherwise."""


@dataclass(kw_only=True)
class Case:
    """One case: what the servers answered, what the pages link, and which URLs the rule must name."""

    name: str
    finds: list[str | dict[str, str]]
    responses: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    rewalks: list[dict[str, Any]] = field(default_factory=list)
    variants: list[dict[str, Any]] = field(default_factory=list)
    thresholds: dict[str, Any] = field(default_factory=dict)
    expected: list[dict[str, Any]] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=lambda: list(HOSTS))
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def fires(self) -> bool:
        return bool(self.finds)

    @property
    def expected_findings(self) -> list[dict[str, str]]:
        """Every expected finding as a table, its URL written out."""
        tables = [{"url": find} if isinstance(find, str) else find for find in self.finds]
        return [{**table, "url": absolute(table["url"])} for table in tables]


def cases(file: Path) -> list[Case]:
    """The cases of one file; raises TypeError, naming the key, for a key that no case has."""
    return [Case(**table) for table in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]


def absolute(text: str) -> str:
    """A URL as a case writes it, written out: a path lies on https://example.com."""
    url = urls.parse(text, SITE)
    return text if url is None else url


def facts(case: Case, path: Path) -> Facts:
    """The facts of a case, by way of journal and tables in the folder `path`."""
    expected = [Expected.model_validate(entry) for entry in case.expected]
    info = {"hosts": case.hosts, **case.run}
    if not case.history:
        run = make_run(path, records(case), _seeds(case), **info)
        return build_facts(run, run.read_info(), Thresholds(**case.thresholds), expected=expected)
    for week, (state, answers) in sorted(earlier(case.history).items()):
        started = NOW - timedelta(weeks=week)
        rows = [_response(_answer(line), case.hosts, []) for line in answers]
        make_run(
            path / "example.com" / name(started), rows, hosts=case.hosts, started_at=started.isoformat(), state=state
        )
    run = make_run(
        path / "example.com" / name(NOW), records(case), _seeds(case), **{"started_at": NOW.isoformat(), **info}
    )
    ledger = chronicle(run.path.parent).ledger
    return build_facts(run, run.read_info(), Thresholds(**case.thresholds), expected=expected, ledger=ledger)


def name(started: datetime) -> str:
    """The folder's name of a run that began then."""
    return f"{started:%Y%m%dT%H%M%SZ}"


def earlier(history: list[str]) -> dict[int, tuple[str, list[str]]]:
    """State and answers of each week before the run, from lines such as `12..1 /a 302 /b` and `3 unfinished`."""
    states: dict[int, str] = {}
    answers: dict[int, list[str]] = {}
    for line in history:
        weeks, rest = line.split(" ", 1)
        first, _, last = weeks.partition("..")
        for week in range(int(last or first), int(first) + 1):
            answers.setdefault(week, [])
            if rest in ("unfinished", "failed"):
                states[week] = rest
            else:
                answers[week].append(rest)
    return {week: (states.get(week, "finished"), lines) for week, lines in answers.items()}


def _seeds(case: Case) -> list[Mention]:
    return [mention for source, mention in map(_mention, case.links) if source is None]


def records(case: Case) -> Iterator[Response | Walk | Variant]:
    """The journal of a case: a page that has links but no answer of its own answers 200."""
    answers = {row["url"]: row for row in (_answer(line) for line in case.responses)}
    for row in case.rows:
        url = urls.without_fragment(absolute(row["url"]))
        answers[url] = {**answers.get(url, {"status": 200}), **row, "url": url}
    mentions: dict[str, list[Mention]] = {}
    for source, mention in map(_mention, case.links):
        if source is not None:
            mentions.setdefault(source, []).append(mention)
    for url in mentions:
        answers.setdefault(url, {"url": url, "status": 200})
    for url, row in answers.items():
        yield _response(row, case.hosts, mentions.get(url, []))
    yield from (_walk(row) for row in case.rewalks)
    yield from (_variant(row) for row in case.variants)


def _answer(line: str) -> dict[str, Any]:
    """`URL STATUS`, `URL !error`, `URL STATUS LOCATION` or `URL STATUS refresh=0 TARGET` and its kin, as columns."""
    written, answer, *rest = line.split(" ", 2)
    row: dict[str, Any] = {"url": urls.without_fragment(absolute(written))}
    if answer.startswith("!"):
        return {**row, "error": answer[1:]}
    row["status"] = int(answer)
    return {**row, **_target(row["status"], rest[0], row["url"])} if rest else row


_MECHANISMS = {"refresh": "meta-refresh", "refresh-header": "refresh-header", "javascript": "javascript"}


def _target(status: int, text: str, url: str) -> dict[str, Any]:
    """The columns that say where an answer points; a Location is read as the crawl reads it."""
    word, _, target = text.partition(" ")
    name, equals, delay = word.partition("=")
    if target and name in _MECHANISMS:
        seconds = float(delay) if equals else None
        return {
            "mechanism": _MECHANISMS[name],
            "refresh_delay": seconds,
            "location": target,
            "location_url": urls.parse(target, url),
        }
    location = read_location([text.encode()], url)
    columns: dict[str, Any] = {"location": location.raw, "location_count": location.count}
    if status not in REDIRECT_STATUSES or location.url is None:
        return columns
    return {**columns, "mechanism": "location", "location_url": location.url}


def _mention(line: str) -> tuple[str | None, Mention]:
    """`SOURCE ELEMENT TARGET | TEXT`; the source `-` is no page, and `ELEMENT:WORD,WORD` says what a form holds."""
    words, _, text = (part.strip() for part in line.partition(" | "))
    source, element, href = words.split(" ", 2)
    element, _, rel = element.partition(":")
    base = None if source == "-" else absolute(source)
    target = urls.without_fragment(urls.parse(href, base or SITE) or href)
    return base, Mention(target, element, text or None, rel.replace(",", " ") or None, href if href != target else None)


def _response(row: dict[str, Any], hosts: list[str], links: list[Mention]) -> Response:
    """A response with what an ordinary server would have said beside it, unless the case says otherwise."""
    url: str = row["url"]
    usual: dict[str, Any] = {"in_scope": urls.split(url).host in hosts, "fetched_at": NOON}
    if row.get("error") is None:
        usual |= {"latency_ms": 40.0, "body_bytes": 5000, "media_type": "text/html", "protocol": "h2"}
    if row.get("status") == 200:
        usual["title"] = f"The page {urls.split(url).path}"
    return Response(**{**usual, **row}, links=links)


def _walk(row: dict[str, Any]) -> Walk:
    """A second walk from its `url_list` and `statuses`; its end is `ok` unless the case says otherwise."""
    url_list = [absolute(url) for url in row["url_list"]]
    statuses = row["statuses"]
    usual = {
        "requested_url": url_list[0],
        "redirect_count": len(url_list) - 1,
        "final_url": url_list[-1],
        "final_status": statuses[-1],
        "error": None,
        "outcome": "ok",
        "cookie_names": None,
        "walked_at": NOON + 600,
    }
    return Walk(**{**usual, **row, "url_list": url_list})


def _variant(row: dict[str, Any]) -> Variant:
    """An answer to a URL asked once more; asked by GET unless the case says otherwise, its Location read as the crawl does."""
    url = absolute(row["of"])
    target = read_location([row["location"].encode()], url).url if "location" in row else None
    usual = {"url": url, "method": "GET", "location_url": target, "asked_at": NOON + 600}
    return Variant(**{**usual, **row, "of": url})
