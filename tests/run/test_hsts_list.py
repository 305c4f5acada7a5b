"""A report made again with a fresh preload list says what that list says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from runs import make_run, page

from seoaudit.config import Config, ConfigError
from seoaudit.run import report

if TYPE_CHECKING:
    from pathlib import Path


def test_a_fresh_list_is_what_both_reports_are_made_with(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", [page("/", in_scope=True)])
    fresh = tmp_path / "list.txt"
    fresh.write_text("example.com\n", encoding="utf-8")
    assert [host.preloaded_by for host in report(folder, Config()).hosts] == [None]
    assert [host.preloaded_by for host in report(folder, Config(), fresh).hosts] == ["example.com"]
    assert pq.read_table(folder.table("hosts"))["browser"].to_pylist() == ["any"]


def test_a_wrong_list_leaves_the_reports_as_they_were(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", [page("/", in_scope=True)])
    report(folder, Config())
    before = folder.html.read_bytes()
    wrong = tmp_path / "list.json"
    wrong.write_text("{", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no JSON"):
        report(folder, Config(), wrong)
    assert folder.html.read_bytes() == before
