"""The tables hold what the journal holds, have all columns even when empty, and change in one step or not at all."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_journal import RESPONSE, SEEDS, VARIANT, WALK, file_size_limit, records

from seoaudit.records import RESPONSE_FIELDS, Limit, Mention, Response
from seoaudit.store import blocks, tables
from seoaudit.store.folder import RunFolder, RunInfo, replace_bytes
from seoaudit.store.journal import Journal, Record, Seeds, Variant, Walk, encode
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS, TABLES, VARIANTS
from seoaudit.store.tables import TableWriter, write_crawl_tables

CRAWLED = ("responses", "links", "rewalks", "variants")


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


def test_each_answer_to_another_way_of_asking_is_a_row(folder: RunFolder) -> None:
    fill(folder, VARIANT)
    expected = {name: getattr(VARIANT, name) for name in VARIANTS.names}
    expected["asked_at"] = datetime(2025, 11, 20, 10, 30, 0, 250_000, tzinfo=UTC)
    assert rows(folder, "variants") == [expected]
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


def test_rows_of_another_table_are_refused(folder: RunFolder) -> None:
    writer = TableWriter(folder.table("links"), LINKS)
    writer.add(RESPONSES.empty_table())
    with pytest.raises(ValueError, match="schema"):
        writer.close()


@pytest.mark.parametrize("bound", ["BATCH_ROWS", "BATCH_BYTES"])
def test_rows_of_several_batches_are_all_there_in_order(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(tables, bound, 3)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100)
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


@pytest.mark.parametrize(
    "damage",
    [
        b"not a record",
        b"",
        b"\0" * 600,
        b"\0" * 600 + encode(RESPONSE)[:-1],
        encode(RESPONSE)[:-1] + b"\0" * 600,
        encode(RESPONSE)[:-20],
        encode(SEEDS)[:-1] * 2,
        b'{"response":{"url":"https://example.com/\xff"},"links":[]}',
        b'{"response":{"title":"no URL"},"links":[]}',
        b'{"response":{"url":"https://example.com/x"},"links":[["https://example.com/","a"]]}',
        b'{"response":{"url":"https://example.com/x"},"links":["https://example.com/"]}',
        b'{"another":{}}',
        b"[]",
    ],
)
def test_a_line_that_cannot_be_read_costs_no_other_line_and_is_named(
    folder: RunFolder, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [Response(url=f"https://example.com/{number}", links=[*SEEDS.links]) for number in range(9)]
    lines = [encode(SEEDS), *map(encode, pages)]
    lines[4:4], lines[7:7] = [damage + b"\n"], [damage + b"\n"]
    folder.journal.write_bytes(b"".join(lines))
    assert write_crawl_tables(folder) == [5, 8]
    assert "2 lines cannot be read, and are left out: 5, 8" in caplog.text
    assert [row["url"] for row in rows(folder, "responses")] == [page.url for page in pages]
    assert [row["source"] for row in rows(folder, "links")] == [None, None, *(page.url for page in pages for _ in "12")]


def test_a_whole_journal_has_no_line_that_cannot_be_read(folder: RunFolder, caplog: pytest.LogCaptureFixture) -> None:
    fill(folder, SEEDS, RESPONSE)
    with folder.journal.open("ab") as file:
        file.write(b'{"torn by a ki')
    assert write_crawl_tables(folder) == []
    assert not caplog.records
    assert len(rows(folder, "responses")) == 1


@pytest.mark.parametrize("block_bytes", [1, 1 << 20])
def test_a_url_has_one_row_its_first_and_the_links_of_that_row(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    first = Response(url="https://example.com/", status=200, links=[Mention("https://example.com/a", "a")])
    other = Response(url="https://example.com/a", status=404)
    again = replace(first, status=503, links=[Mention("https://example.com/b", "a")])
    fill(folder, SEEDS, first, other, again, SEEDS, WALK, again)
    assert [(row["url"], row["status"]) for row in rows(folder, "responses")] == [
        ("https://example.com/", 200),
        ("https://example.com/a", 404),
    ]
    seeds = [link.target for link in SEEDS.links]
    assert [row["target"] for row in rows(folder, "links")] == [*seeds, "https://example.com/a", *seeds]
    assert len(rows(folder, "rewalks")) == 1


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(records.filter(lambda record: not isinstance(record, Walk)), max_size=8))
def test_it_does_not_matter_where_a_block_of_the_journal_ends(folder: RunFolder, written: list[Record]) -> None:
    tables_of = []
    for size in (1, 100, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "BLOCK_BYTES", size)
            fill(folder, *written)
        tables_of.append([rows(folder, name) for name in CRAWLED])
    assert tables_of[0] == tables_of[1] == tables_of[2]
    assert len(tables_of[0][0]) == len({record.url for record in written if isinstance(record, Response)})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.floats(0, 2**32 - 1))
def test_a_time_is_rounded_to_the_microsecond_as_python_does(folder: RunFolder, seconds: float) -> None:
    fill(folder, Response(url="https://example.com/", fetched_at=seconds))
    assert rows(folder, "responses")[0]["fetched_at"] == datetime.fromtimestamp(seconds, UTC)


def test_making_the_tables_does_not_load_pandas(folder: RunFolder) -> None:
    fill(folder, SEEDS, RESPONSE, RESPONSE, WALK)
    program = (
        "import pathlib, sys; from seoaudit.store.folder import RunFolder; from seoaudit.store.tables import write_crawl_tables; "
        "write_crawl_tables(RunFolder(pathlib.Path(sys.argv[1]))); sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(folder.path)], check=True)


def test_the_tables_that_a_crawl_fills_match_the_records_field_by_field() -> None:
    assert tuple(RESPONSES.names) == RESPONSE_FIELDS
    assert tuple(LINKS.names) == ("source", *Mention._fields)
    assert set(REWALKS.names) == set(Walk.__slots__)
    assert set(VARIANTS.names) == set(Variant.__slots__)


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
