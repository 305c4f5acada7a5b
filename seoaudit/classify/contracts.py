"""Redirects that are meant: which of them are as `[[expected]]` of seoaudit.toml says."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from seoaudit.classify import frames
from seoaudit.store.schema import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seoaudit.config import Expected
    from seoaudit.store.folder import RunInfo


def check_contracts(responses: pd.DataFrame, expected: Sequence[Expected], info: RunInfo) -> pd.DataFrame:
    """Hold what was answered against the contracts: the columns of contracts.parquet, by entry, then by URL.

    A URL belongs to the first entry that matches it; an entry that no URL belongs to has one row without `url`.
    """
    day = datetime.fromisoformat(info.started_at).date()
    rows: list[dict[str, Any]] = []
    free = dict(enumerate(frames.words(responses["url"]))) if expected else {}
    for number, entry in enumerate(expected, 1):
        # One look at each URL: the pattern is Python's, as seoaudit.toml is read; Arrow's knows another language.
        targets = {row: target for row, url in free.items() if (target := entry.target_of(url)) is not None}
        rows += _rows(responses.loc[list(targets)], targets.values(), number, entry, day)
        free = {row: url for row, url in free.items() if row not in targets}
    return frames.conform(pd.DataFrame(rows), CONTRACTS).sort_values(["entry", "url"], ignore_index=True)


_ASKED = ("url", "status", "error", "mechanism", "location_url")


def _rows(
    answers: pd.DataFrame, targets: Iterable[str], number: int, entry: Expected, day: date
) -> list[dict[str, Any]]:
    said = {
        "entry": number,
        "source": entry.source,
        "code": entry.code,
        "why": entry.why or None,
        "until": entry.until.isoformat() if entry.until else None,
    }
    found = []
    columns = [frames.words(answers[name].astype(frames.TEXT)) for name in _ASKED]
    for (url, *answer), target in zip(zip(*columns, strict=True), targets, strict=True):
        state, detail = _judged(entry, target, answer, day)
        _, _, mechanism, leads_to = answer
        seen = {"status": answer[0], "location_url": leads_to if mechanism else None}
        found.append({**said, "url": url, "target": target, **seen, "state": state, "detail": detail})
    if not found:
        detail = "No URL that was asked matches it: mend its source, or remove the entry."
        found.append({**said, "target": entry.target, "state": "unmatched", "detail": detail})
    return found


def _judged(entry: Expected, target: str, answer: list[str | None], day: date) -> tuple[str, str]:
    """The state of one contract, and a sentence that says it."""
    status, error, mechanism, leads_to = answer
    why = f" ({entry.why})" if entry.why else ""
    meant = f"{entry.code} to {target}{why}"
    if status is None:
        return "unchecked", f"It could not be checked: {error or 'no answer'}; expected is {meant}."
    if entry.until and day > entry.until:
        return "expired", f"The entry ended on {entry.until.isoformat()}; it was {meant}."
    if mechanism == "location" and status == str(entry.code) and leads_to == target:
        return "kept", f"It answers {meant}, as expected."
    return "broken", f"{_said(status, mechanism, leads_to)}; expected is {meant}."


def _said(status: str, mechanism: str | None, leads_to: str | None) -> str:
    if mechanism == "location":
        return f"It answers {status} to {leads_to or 'a target that is no URL'}"
    if mechanism:
        return f"It answers {status} and redirects by {mechanism} to {leads_to or 'a target that is no URL'}"
    return f"It answers {status} and redirects nowhere"


def kept(contracts: pd.DataFrame) -> set[str]:
    """The URLs whose redirect is as expected."""
    return set(contracts.loc[contracts["state"] == "kept", "url"])


def in_state(contracts: pd.DataFrame, state: str) -> pd.DataFrame:
    """The contracts in that state, as a rule takes them: `url`, `detail`, `code`, `target`, `until` and `source`, text."""
    rows = contracts[contracts["state"] == state]
    return rows[["url", "detail", "code", "target", "until", "source"]].astype(frames.TEXT)
