"""The page carries as many rows as it may, in their order, and each redirect knows its line on the map."""

from __future__ import annotations

import gzip
from base64 import b64decode
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from sample import SITE, finding, findings, make_run

from seoaudit.render.datasets import Dataset, datasets, pack
from seoaudit.render.redirect_map import redirect_map
from seoaudit.render.tables import open_tables
from seoaudit.store.schema import RESPONSES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def unpacked(packed: str) -> list[tuple[Any, ...]]:
    blocks = [orjson.loads(line) for line in gzip.decompress(b64decode(packed)).splitlines()]
    return [row for block in blocks for row in zip(*block, strict=True)]


def of_run(path: Path, **tables: list[dict[str, Any]]) -> dict[str, Dataset]:
    with open_tables(make_run(path, **tables)) as opened:
        return {one.name: one for one in datasets(opened, redirect_map(opened))}


def cells(dataset: Dataset, name: str) -> list[Any]:
    place = [column.name for column in dataset.columns].index(name)
    return [row[place] for row in unpacked(dataset.packed)]


def test_every_row_comes_out_as_it_went_in() -> None:
    rows = [(number, f"text {number} \u202e\x00\n", None) for number in range(5001)]
    assert pack(iter(rows), 1_000_000)[0] == 5001
    assert unpacked(pack(iter(rows), 1_000_000)[1]) == rows


def test_the_first_rows_are_kept_when_not_all_of_them_fit() -> None:
    rows = [(f"{number * 7919 % 1_000_003:x}-{number}",) for number in range(50_000)]
    count, packed = pack(iter(rows), 100_000)
    assert 0 < count < 50_000
    assert unpacked(packed) == rows[:count]
    assert len(b64decode(packed)) < 100_100


def test_what_packs_well_but_would_fill_a_browser_is_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seoaudit.render.datasets.UNPACKED_CHARACTERS", 5_000_000)
    count, packed = pack((("x" * 1000,) for _ in range(20_000)), 1_000_000)
    assert count == 4000
    assert len(packed) < 100_000


def test_findings_stand_worst_first_and_every_table_says_how_many_there_are(tmp_path: Path) -> None:
    found = of_run(tmp_path)
    assert list(found) == ["findings", "links", "chains", "urls"]
    severities = cells(found["findings"], "severity")
    assert severities == sorted(severities, key=["critical", "high", "medium", "low", "info"].index)
    assert (found["findings"].rows, found["findings"].total) == (len(findings()), len(findings()))


def test_a_table_without_rows_is_left_out(tmp_path: Path) -> None:
    assert "links" not in of_run(tmp_path, fixes=[])


def test_a_chain_carries_its_urls_and_their_answers(tmp_path: Path) -> None:
    chains = of_run(tmp_path)["chains"]
    paths = dict(zip(cells(chains, "url"), cells(chains, "path"), strict=True))
    steps = ("old/boots", "shop/boots", "catalogue/boots", "products/boots")
    assert paths[f"{SITE}/old/boots"].split("\n") == [f"{SITE}/{step}" for step in steps]
    assert "301 → 301 → 307 → 200" in cells(chains, "statuses")
    assert "301 → -" in cells(chains, "statuses")


def test_each_redirect_knows_its_flow_and_the_flows_add_up(tmp_path: Path) -> None:
    large = [(f"http://shop.example/blog/{n}", f"{SITE}/blog/{n}") for n in range(600)]
    small = [(f"http://shop.example/{n}/x", f"{SITE}/{n}/x#part") for n in range(400)]
    folder = make_run(tmp_path)
    usual = {"status": 301, "mechanism": "location", "in_scope": True}
    rows = [{"url": source, "location_url": target} | usual for source, target in large + small]
    pq.write_table(pa.Table.from_pylist(rows, schema=RESPONSES), folder.table("responses"))
    with open_tables(folder) as tables:
        drawn = redirect_map(tables)
        urls = next(one for one in datasets(tables, drawn) if one.name == "urls")
    flows = Counter(cells(urls, "flow"))
    assert [flow.hosts is None for flow in drawn.flows] == [True, False]
    assert [flows[number] for number in range(len(drawn.flows))] == [flow.count for flow in drawn.flows] == [600, 400]


def test_a_url_is_there_once_whatever_the_site_calls_it(tmp_path: Path) -> None:
    odd = "'; drop table findings; --"
    found = of_run(tmp_path, findings=[finding(odd, "high", odd, odd, odd, group=odd)])
    assert cells(found["findings"], "url") == [odd]
