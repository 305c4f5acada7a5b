from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from seoaudit.store.folder import RunFolder
from seoaudit.store.history import first_sightings
from seoaudit.store.schema import FINDINGS
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def run(site: Path, started: str, *seen: tuple[str, str]) -> RunFolder:
    folder = RunFolder(site / started)
    folder.path.mkdir(parents=True)
    rows = [{"rule": rule, "url": url, "first_seen": LONG_AGO} for rule, url in seen]
    write_table(folder.table("findings"), pa.Table.from_pylist(rows, schema=FINDINGS))
    return folder


def test_the_first_run_of_a_site_has_seen_nothing_before(tmp_path: Path) -> None:
    assert first_sightings(run(tmp_path, "20260105T030000Z", ("redirect-loop", "/a"))) == {}


def test_a_finding_keeps_the_day_it_was_first_seen(tmp_path: Path) -> None:
    run(tmp_path, "20260105T030000Z", ("redirect-loop", "/a"), ("redirect-chain", "/b"))
    run(tmp_path, "20260112T030000Z", ("redirect-loop", "/a"))
    now = run(tmp_path, "20260112T030000Z-2")
    assert first_sightings(now) == {("redirect-loop", "/a"): LONG_AGO}


@pytest.mark.parametrize("damage", ["removed", "cut"])
def test_a_run_without_readable_findings_is_passed_over(tmp_path: Path, damage: str) -> None:
    run(tmp_path, "20260105T030000Z", ("redirect-loop", "/a"))
    table = run(tmp_path, "20260112T030000Z", ("redirect-chain", "/b")).table("findings")
    if damage == "removed":
        table.unlink()
    else:
        table.write_bytes(table.read_bytes()[:50])
    assert first_sightings(run(tmp_path, "20260119T030000Z")) == {("redirect-loop", "/a"): LONG_AGO}
