"""docs/data.md says what every column of every table is, and nothing that is not there."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from seoaudit.records import (
    ASSET_ELEMENTS,
    CHANGE_KINDS,
    CONTRACT_STATES,
    ERRORS,
    FILE_ELEMENTS,
    FORM_ELEMENTS,
    FORM_VERDICTS,
    MECHANISMS,
    OUTCOMES,
    PAGE_ELEMENTS,
    PROBE_ELEMENTS,
    PROBE_KINDS,
    SEVERITIES,
)
from seoaudit.store.folder import RunInfo
from seoaudit.store.schema import LEDGER, TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
TYPES = {
    pa.string(): "text",
    pa.int16(): "integer",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "true/false",
    pa.timestamp("us", tz="UTC"): "time",
    pa.binary(): "bytes",
    pa.list_(pa.string()): "list of text",
    pa.list_(pa.int16()): "list of integers",
}


def rows() -> dict[str, dict[str, tuple[str, str]]]:
    """By file, by column: type and meaning."""
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    found = {}
    for section in sections:
        title = section.partition("\n")[0].strip("`")
        lines = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]*) \|$", section, flags=re.MULTILINE)
        assert len(lines) == len({name for name, _, _ in lines}), f"{title} has a column twice"
        found[title] = {name: (kind.strip(), meaning.strip()) for name, kind, meaning in lines}
    return found


def test_every_table_has_its_section_and_nothing_else_has_one() -> None:
    assert list(rows()) == [*(f"{name}.parquet" for name in TABLES), "run.json", "ledger.parquet"]


@pytest.mark.parametrize("table", [*TABLES, "ledger"])
def test_every_column_of_a_table_stands_there_in_order_with_its_type(table: str) -> None:
    described = {name: kind for name, (kind, _) in rows()[f"{table}.parquet"].items()}
    schema = {**TABLES, "ledger": LEDGER}[table]
    assert list(described.items()) == [(field.name, TYPES[field.type]) for field in schema]


def test_every_field_of_run_json_stands_there_in_order() -> None:
    assert list(rows()["run.json"]) == list(RunInfo.model_fields)


def test_every_column_has_a_meaning() -> None:
    assert all(meaning for section in rows().values() for _, meaning in section.values())


def test_every_line_that_looks_like_a_column_was_read() -> None:
    lines = [line for line in PAGE.partition("\n## ")[2].splitlines() if line.startswith("| ") and "---" not in line]
    headers = [line for line in lines if line.startswith(("| column |", "| field |"))]
    assert len(lines) - len(headers) == sum(len(section) for section in rows().values())


@pytest.mark.parametrize(
    ("file", "column", "words"),
    [
        ("responses", "error", ERRORS),
        ("responses", "mechanism", MECHANISMS),
        ("responses", "probe", PROBE_KINDS),
        ("chains", "outcome", OUTCOMES),
        ("chains", "permanence", ("permanent", "temporary", "mixed")),
        ("forms", "verdict", FORM_VERDICTS),
        ("findings", "severity", SEVERITIES),
        ("contracts", "state", CONTRACT_STATES),
        ("changes", "kind", CHANGE_KINDS),
        ("links", "element", [*PAGE_ELEMENTS, *ASSET_ELEMENTS, *FORM_ELEMENTS, *FILE_ELEMENTS, *PROBE_ELEMENTS]),
    ],
)
def test_a_column_with_closed_words_names_them_all_and_no_others(file: str, column: str, words: list[str]) -> None:
    _, meaning = rows()[f"{file}.parquet"][column]
    assert set(re.findall(r"`([^`]+)`", meaning)) == set(words)
