"""Settings files and sites for the tests of the schedule."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seoaudit.config.sites import read_sites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seoaudit.config.sites import Site, Sites


def settings_file(folder: Path, *entries: Mapping[str, Any], **shared: Any) -> Path:
    """seoaudit.toml in `folder` with these `[[site]]` entries and this `[schedule]`."""
    lines = ["[schedule]", *_lines(shared)]
    for entry in entries:
        lines += ["[[site]]", *_lines(entry)]
    file = folder / "seoaudit.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} = {json.dumps(value)}" for name, value in values.items()
    ]  # JSON's scalars and lists are TOML's, too


def sites_of(folder: Path, *entries: Mapping[str, Any], **shared: Any) -> Sites:
    return read_sites(settings_file(folder, *entries, **shared))


def one_site(folder: Path, **keys: Any) -> Site:
    """https://example.com with these keys."""
    return sites_of(folder, {"start": "https://example.com/", **keys}).sites[0]


def utc(text: str) -> datetime:
    """`2026-11-20 05:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
