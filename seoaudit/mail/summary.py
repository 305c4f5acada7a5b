"""What a letter tells, as plain data: the run stage fills it, the templates read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from seoaudit.records import Severity

FIXES = 5
"""Fixes that a letter names; the reports have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing to mend; `cause` is what its URLs have in common."""

    severity: Severity
    title: str
    urls: int
    cause: str | None
    change: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of changes.parquet, with the rule's title."""

    kind: str
    severity: Severity
    title: str
    url: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than in the run before: how many rows of each kind, and the first to look at."""

    counts: Mapping[str, int]
    first: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run before: when, how many URLs it asked, and its findings by severity (None where it was not judged)."""

    started_at: datetime
    urls: int
    counts: Mapping[Severity, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One run as its letter tells it; `trouble` says why it is no clean report, in a few words, and is empty where it is one.

    `failed` tells an audit that failed from one that is merely incomplete. `machine` and `files` say where the rest lies.
    """

    site: str
    started_at: datetime
    verdict: str
    trouble: str
    failed: bool
    counts: Mapping[Severity, int]
    last_run: LastRun | None
    changes: Changes | None
    fixes: tuple[Fix, ...]
    fixes_total: int
    machine: str
    files: tuple[Path, ...]
