"""A run's tables in a notebook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from runs import facts_of, make_run, moved, page

from seoaudit import load_run
from seoaudit.classify.facts import write_chains, write_fixes
from seoaudit.classify.hsts import write_hosts
from seoaudit.records import Mention
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_run_gives_its_tables_as_frames(tmp_path: Path) -> None:
    link = Mention("https://example.com/a", "a", "here")
    facts = facts_of(tmp_path, [page("/", links=[link]), moved("/a", "/b"), moved("/b", "/c"), page("/c")])
    write_chains(RunFolder(tmp_path), facts)
    write_fixes(RunFolder(tmp_path), facts)
    write_hosts(RunFolder(tmp_path), facts)
    run = load_run(str(tmp_path))
    assert run.info.site == "example.com"
    assert len(run.responses) == 4
    assert list(run.links["text"]) == ["here"]
    assert list(run.chains["redirect_count"]) == [2, 1]
    assert list(run.hops["position"]) == [0, 1, 0]
    assert list(run.fixes["replace_with"]) == ["https://example.com/c"]
    assert list(run.hosts["host"]) == ["example.com"]
    assert run.rewalks.empty
    assert run.chains is run.chains


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is no run folder"):
        load_run(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere is no run folder"):
        load_run(tmp_path / "nowhere")


def test_a_broken_run_json_is_named(tmp_path: Path) -> None:
    make_run(tmp_path).info_file.write_text("{}")
    with pytest.raises(FileNotFoundError, match=r"run\.json"):
        load_run(tmp_path)


def test_a_table_that_was_not_written_is_named(tmp_path: Path) -> None:
    make_run(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no findings\.parquet"):
        _ = load_run(tmp_path).findings


def test_importing_seoaudit_loads_no_pandas() -> None:
    code = "import sys, seoaudit; print(sorted({'pandas', 'pyarrow', 'duckdb', 'scrapy'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip() == "[]"
    )
