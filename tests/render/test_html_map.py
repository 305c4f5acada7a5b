"""The redirect map stays legible from ten redirects to ten thousand, and loses none of them in silence."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample import INFO, SITE
from selectolax.lexbor import LexborHTMLParser

from seoaudit.render.html import render_html
from seoaudit.render.redirect_map import MAX_FLOWS, Flow, RedirectMap, redirect_map
from seoaudit.render.svg import lay_out
from seoaudit.render.tables import open_tables
from seoaudit.render.view import build_view
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import RESPONSES

if TYPE_CHECKING:
    from pathlib import Path


def folder_with(path: Path, moves: list[tuple[str, str]], status: int = 301, **more: Any) -> RunFolder:
    folder = RunFolder(path)
    folder.write_info(INFO)
    usual = {"status": status, "mechanism": "location", "in_scope": True} | more
    rows = [{"url": source, "location": target, "location_url": target} | usual for source, target in moves]
    pq.write_table(pa.Table.from_pylist(rows, schema=RESPONSES), folder.table("responses"))
    return folder


def map_of(path: Path, moves: list[tuple[str, str]], status: int = 301, **more: Any) -> RedirectMap:
    with open_tables(folder_with(path, moves, status, **more)) as tables:
        return redirect_map(tables)


def test_ten_redirects_are_drawn_url_by_url(tmp_path: Path) -> None:
    drawn = map_of(tmp_path, [(f"{SITE}/old/{name}", f"{SITE}/new/{name}#part") for name in "abcdefghij"])
    assert drawn.by == "URL"
    assert Flow(f"{SITE}/old/a", f"{SITE}/new/a", 1, 1) in drawn.flows
    assert (len(drawn.flows), drawn.other) == (10, 0)


def test_more_are_gathered_by_folder_as_deep_as_it_fits(tmp_path: Path) -> None:
    deep = [(f"{SITE}/shop/{name}/{n}", f"{SITE}/buy/{name}/{n}") for name in "abcde" for n in range(30)]
    drawn = map_of(tmp_path, deep)
    assert drawn.by == "folder, two levels deep"
    assert Flow(f"{SITE}/shop/a/…", f"{SITE}/buy/a/…", 30, 30) in drawn.flows
    wide = [(f"{SITE}/shop/{n}/{n}", f"{SITE}/buy/{n}/{n}") for n in range(100)]
    assert map_of(tmp_path, wide).flows == (Flow(f"{SITE}/shop/…", f"{SITE}/buy/…", 100, 100),)


def test_ten_thousand_are_few_lines_and_the_rest_goes_to_the_hosts(tmp_path: Path) -> None:
    large = [(f"http://shop.example/blog/{n}", f"{SITE}/blog/{n}") for n in range(6000)]
    small = [(f"http://shop.example/{n}/x", f"{SITE}/{n}/x") for n in range(4000)]
    drawn = map_of(tmp_path, large + small)
    assert len(drawn.flows) <= MAX_FLOWS
    assert drawn.flows[0] == Flow("http://shop.example/blog/…", f"{SITE}/blog/…", 6000, 6000)
    assert Flow("http://shop.example (other folders)", f"{SITE} (other folders)", 4000, 4000) in drawn.flows
    assert (drawn.total, drawn.other) == (10_000, 0)


def test_what_is_not_drawn_is_counted(tmp_path: Path) -> None:
    moves = [(f"{SITE}/{n}/x", f"https://host-{n}.example/") for n in range(200)]
    drawn = map_of(tmp_path, moves)
    assert len(drawn.flows) == MAX_FLOWS
    assert sum(flow.count for flow in drawn.flows) + drawn.other == drawn.total == 200


def test_the_largest_hosts_are_complete_however_many_there_are(tmp_path: Path) -> None:
    many = [(f"{SITE}/f{n}/x", f"https://host-{n}.example/") for n in range(60)]
    own = [(f"http://shop.example/{n}/x", f"{SITE}/{n}/x") for n in range(300)]
    drawn = map_of(tmp_path, many + own)
    assert Flow("http://shop.example/…", f"{SITE}/…", 300, 300) in drawn.flows


@pytest.mark.parametrize(
    ("status", "more", "permanent"),
    [
        (301, {}, 1),
        (308, {}, 1),
        (302, {}, 0),
        (303, {}, 0),
        (307, {}, 0),
        (200, {"mechanism": "meta-refresh", "refresh_delay": 0.0}, 1),
        (200, {"mechanism": "refresh-header", "refresh_delay": 5.0}, 0),
        (200, {"mechanism": "javascript"}, 1),
    ],
)
def test_a_flow_knows_what_is_permanent(tmp_path: Path, status: int, more: dict[str, Any], permanent: int) -> None:
    (flow,) = map_of(tmp_path, [(f"{SITE}/a", f"{SITE}/b")], status, **more).flows
    assert flow.permanent == permanent


def test_odd_targets_have_a_node_too(tmp_path: Path) -> None:
    drawn = map_of(tmp_path, [(f"{SITE}/a", "mailto:someone@shop.example"), (f"{SITE}/b", "https://[::1]:8443/x?y#z")])
    assert {flow.target for flow in drawn.flows} == {"mailto:someone@shop.example", "https://[::1]:8443/x?y"}
    assert {(node.origin, node.path) for node in lay_out(drawn).targets} == {
        ("", "mailto:someone@shop.example"),
        ("https://[::1]:8443", "/x?y"),
    }


def test_places_and_lines_do_not_lie_upon_each_other() -> None:
    flows = [Flow(f"{SITE}/{n % 4}", f"{SITE}/to/{n}", n + 1, n % 3) for n in range(MAX_FLOWS)]
    drawing = lay_out(RedirectMap(tuple(flows), "URL", 210, 0))
    for nodes in (drawing.sources, drawing.targets):
        for above, below in itertools.pairwise(nodes):
            assert above.y + above.height < below.y
        assert nodes[-1].y + nodes[-1].height <= drawing.height
    starts = sorted(line.y1 for line in drawing.lines)
    assert min(after - before for before, after in itertools.pairwise(starts)) >= 15
    assert all(2 <= line.thickness <= 12 for line in drawing.lines)


def test_the_map_has_a_title_a_description_and_a_table(tmp_path: Path) -> None:
    page = render_html(build_view(folder_with(tmp_path, [(f"{SITE}/a", f"{SITE}/b"), (f"{SITE}/c", f"{SITE}/d")], 307)))
    tree = LexborHTMLParser(page)
    named = {str(node.id): node.text() for node in tree.css("svg.map > title, svg.map > desc")}
    assert "Redirect map of shop.example" in named["map-title"]
    assert "1 temporary from https://shop.example/a to https://shop.example/b" in " ".join(named["map-desc"].split())
    assert len(tree.css("#map tbody tr")) == 2
    assert len(tree.css("#map path.temporary")) == 2
