"""The tables hold what the journal holds, have all columns even when empty, and change in one step or not at all."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from test_journal import RESPONSE, SEEDS, WALK, file_size_limit, records

from seoaudit.records import RESPONSE_FIELDS, Limit, Mention, Response
from seoaudit.store import tables
from seoaudit.store.folder import RunFolder, RunInfo, replace_bytes
from seoaudit.store.journal import Journal, Record, Seeds, Walk
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS, TABLES
from seoaudit.store.tables import TableWriter, write_crawl_tables

CRAWLED = ("responses", "links", "rewalks")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def fill(folder: RunFolder, *written: Record) -> None:
    folder.journal.unlink(missing_ok=True)
    with Journal(folder.journal) as journal:
        for record in written:
            journal.append(record)
    write_crawl_tables(folder)


def rows(folder: RunFolder, table: str) -> list[dict[str, object]]:
    return pq.read_table(folder.table(table)).to_pylist()


def test_each_response_is_a_row_with_its_fields_as_columns(folder: RunFolder) -> None:
    fill(folder, RESPONSE)
    expected = {name: getattr(RESPONSE, name) for name in RESPONSE_FIELDS}
    expected["fetched_at"] = datetime(2025, 11, 20, 10, 30, 0, 500_000, tzinfo=UTC)
    assert rows(folder, "responses") == [expected]


def test_each_mention_is_a_row_with_the_page_that_made_it(folder: RunFolder) -> None:
    fill(folder, SEEDS, RESPONSE)
    names = ("source", *Mention._fields)
    seeds = [dict(zip(names, (None, *mention), strict=True)) for mention in SEEDS.links]
    mentions = [dict(zip(names, (RESPONSE.url, *mention), strict=True)) for mention in RESPONSE.links]
    assert rows(folder, "links") == seeds + mentions


def test_each_second_walk_is_a_row(folder: RunFolder) -> None:
    fill(folder, WALK)
    expected = {name: getattr(WALK, name) for name in REWALKS.names}
    expected["walked_at"] = datetime(2025, 11, 20, 10, 30, 0, 250_000, tzinfo=UTC)
    assert rows(folder, "rewalks") == [expected]
    assert rows(folder, "responses") == []


def test_a_run_without_records_has_all_columns_and_types(folder: RunFolder) -> None:
    fill(folder)
    for name in CRAWLED:
        assert pq.read_schema(folder.table(name)) == TABLES[name]
        assert rows(folder, name) == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=records.filter(lambda record: not isinstance(record, Walk) or 0 <= record.walked_at < 2**32))
def test_any_text_in_the_journal_reaches_its_table_unchanged(folder: RunFolder, record: Record) -> None:
    fill(folder, record)
    if isinstance(record, Response):
        (row,) = rows(folder, "responses")
        assert row == {name: getattr(record, name) for name in RESPONSE_FIELDS}
    elif isinstance(record, Walk):
        (row,) = rows(folder, "rewalks")
        assert row["url_list"] == record.url_list
        assert row["statuses"] == record.statuses
    if isinstance(record, Response | Seeds):
        assert [tuple(row.values())[1:] for row in rows(folder, "links")] == record.links


@pytest.mark.parametrize("status", [99_999, -40_000, 2**40])
def test_a_number_that_its_column_cannot_hold_is_empty_and_loses_nothing_else(folder: RunFolder, status: int) -> None:
    fill(
        folder,
        Response(url="https://example.com/a", status=status, title="odd"),
        Response(url="https://example.com/b", status=200),
    )
    assert [(row["url"], row["status"], row["title"]) for row in rows(folder, "responses")] == [
        ("https://example.com/a", None, "odd"),
        ("https://example.com/b", 200, None),
    ]


def test_a_list_of_numbers_loses_only_the_one_that_does_not_fit(folder: RunFolder) -> None:
    fill(folder, replace(WALK, statuses=[302, 99_999]))
    assert rows(folder, "rewalks")[0]["statuses"] == [302, None]


def test_a_value_of_another_type_is_an_error(folder: RunFolder) -> None:
    writer = TableWriter(folder.table("responses"), RESPONSES)
    writer.add(tuple("text" if name == "refresh_delay" else None for name in RESPONSES.names))
    with pytest.raises(pa.ArrowInvalid):
        writer.close()


def test_rows_of_several_batches_are_all_there_in_order(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BATCH_ROWS", 3)
    urls = [f"https://example.com/{number}" for number in range(10)]
    fill(folder, *(Response(url=url) for url in urls))
    assert [row["url"] for row in rows(folder, "responses")] == urls


def test_writing_again_replaces_the_tables_and_leaves_nothing_beside_them(folder: RunFolder) -> None:
    fill(folder, RESPONSE)
    fill(folder, WALK)
    assert rows(folder, "responses") == []
    assert len(rows(folder, "rewalks")) == 1
    assert sorted(file.name for file in folder.path.iterdir()) == [
        "journal.jsonl",
        *sorted(f"{t}.parquet" for t in CRAWLED),
    ]


def test_a_full_disk_leaves_the_earlier_tables_as_they_were(folder: RunFolder) -> None:
    fill(folder, RESPONSE, WALK)
    before = {name: folder.table(name).read_bytes() for name in CRAWLED}
    with Journal(folder.journal) as journal:
        journal.append(Response(url="https://example.com/new"))
    with file_size_limit(100), pytest.raises(OSError, match="File too large"):
        write_crawl_tables(folder)
    assert {name: folder.table(name).read_bytes() for name in CRAWLED} == before
    assert not list(folder.path.glob(".*"))


def test_a_record_that_cannot_be_read_leaves_the_earlier_tables_as_they_were(folder: RunFolder) -> None:
    fill(folder, RESPONSE)
    before = {name: folder.table(name).read_bytes() for name in CRAWLED}
    with folder.journal.open("ab") as file:
        file.write(b"not a record\n")
    with pytest.raises(ValueError, match="invalid literal"):
        write_crawl_tables(folder)
    assert {name: folder.table(name).read_bytes() for name in CRAWLED} == before
    assert not list(folder.path.glob(".*"))


def test_the_tables_that_a_crawl_fills_match_the_records_field_by_field() -> None:
    assert tuple(RESPONSES.names) == RESPONSE_FIELDS
    assert tuple(LINKS.names) == ("source", *Mention._fields)
    assert set(REWALKS.names) == set(Walk.__slots__)


def test_a_row_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path / "x.parquet", pa.schema({"a": pa.string(), "b": pa.string()}))
    with pytest.raises(ValueError, match="shorter"):
        writer.add(("only one",))


def test_run_facts_come_back_equal(folder: RunFolder) -> None:
    info = RunInfo(
        site="example.com",
        start="https://example.com/",
        started_at="2025-11-20T10:30:00Z",
        version="0.1.0",
        limits=[Limit("robots", 3, "robots.txt forbids 3 URLs; -a robots=ignore asks them")],
        failed_rules={"redirect-loop": "KeyError: 'url'"},
    )
    folder.write_info(info)
    assert folder.read_info() == info


def test_arguments_that_are_paths_can_be_kept(folder: RunFolder) -> None:
    info = RunInfo(site="s", start="u", started_at="t", version="0", arguments={"ca_file": Path("/etc/ca.pem")})
    folder.write_info(info)
    assert folder.read_info().arguments == {"ca_file": "/etc/ca.pem"}


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    with file_size_limit(10), pytest.raises(OSError, match="File too large"):
        replace_bytes(path, b"x" * 100)
    assert path.read_bytes() == b"old"
    replace_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
