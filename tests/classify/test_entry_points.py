"""The ways into the site: one row a host and scheme, with where it ends and what becomes of path and query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cases
import pyarrow.parquet as pq

from seoaudit.classify.entry_points import entry_points, write_entry_points
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import ENTRY_POINTS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def matrix(path: Path, *responses: str, probes: dict[str, str], **more: Any) -> pd.DataFrame:
    """The entry points of a site with these answers, by URL; `probes` says why a URL was asked."""
    rows = [{"url": url, "probe": kind} for url, kind in probes.items()]
    case = cases.Case(name="entries", finds=[], responses=list(responses), rows=rows, **more)
    return entry_points(cases.facts(case, path)).set_index("url")


def test_each_name_has_a_row_under_each_scheme_that_was_asked(tmp_path: Path) -> None:
    rows = matrix(
        tmp_path,
        "/ 200",
        "http://example.com/ 301 https://example.com/",
        "https://www.example.com/ 301 https://example.com/",
        "http://www.example.com/ 302 https://www.example.com/",
        "https://other.example/ 200",
        "/about/ 200",
        probes={
            "http://example.com/": "entry",
            "https://www.example.com/": "entry",
            "http://www.example.com/": "entry",
        },
    )
    assert rows[["host", "scheme", "statuses"]].to_numpy().tolist() == [
        ["example.com", "http", "301 → 200"],
        ["example.com", "https", "200"],
        ["www.example.com", "http", "302 → 301 → 200"],
        ["www.example.com", "https", "301 → 200"],
    ]
    assert rows["meets"].all()
    assert list(rows["redirect_count"]) == [1, 0, 2, 1]
    assert rows["permanence"].fillna("").tolist() == ["permanent", "", "mixed", "permanent"]


def test_what_does_not_answer_has_its_error_and_meets_nobody(tmp_path: Path) -> None:
    rows = matrix(tmp_path, "/ 200", "http://example.com/ !connect", probes={"http://example.com/": "entry"})
    silent = rows.loc["http://example.com/"]
    assert (silent["statuses"], silent["outcome"], silent["meets"]) == ("connect", "unreachable", False)


def test_an_entry_that_answers_404_is_no_meeting_place(tmp_path: Path) -> None:
    rows = matrix(tmp_path, "/ 404", "http://example.com/ 404", probes={"http://example.com/": "entry"})
    assert list(rows["outcome"]) == ["client-error"] * 2
    assert not rows["meets"].any()


def test_sampled_pages_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    http = "http://example.com"
    rows = matrix(
        tmp_path,
        "/ 200", "/a 200", "/b?x=1 200", "/e 200",
        f"{http}/ 301 https://example.com/",
        f"{http}/a 301 https://example.com/a",
        f"{http}/b?x=1 301 https://example.com/b?x=1",
        f"{http}/c 301 https://example.com/",
        f"{http}/d?y=2 301 https://example.com/a?y=2",
        f"{http}/e?z=3 301 https://example.com/e",
        f"{http}/f 200",
        f"{http}/g 404",
        f"{http}/h !timeout",
        "/A 404",
        probes={f"{http}/": "entry", "/A": "case"}
        | {f"{http}/{page}": "scheme" for page in ("a", "b?x=1", "c", "d?y=2", "e?z=3", "f", "g", "h")},
    )  # fmt: skip
    counts = ["pages_asked", "pages_kept", "pages_answered", "paths_lost", "queries_lost", "pages_failed"]
    assert rows.loc[f"{http}/", counts].tolist() == [8, 2, 1, 1, 1, 3], "the target of /d?y=2 was not asked"
    assert rows.loc["https://example.com/", counts].tolist() == [0] * 6


def test_a_run_without_answers_has_an_empty_table_with_all_its_columns(tmp_path: Path) -> None:
    facts = cases.facts(cases.Case(name="nothing", finds=[]), tmp_path)
    write_entry_points(RunFolder(tmp_path), facts)
    assert pq.read_table(RunFolder(tmp_path).table("entry_points")).schema.equals(ENTRY_POINTS)
