"""The view ranks, gathers and caps what the tables hold, and every total counts the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample import INFO, LIMITED, SITE, finding, make_run

from seoaudit.records import Limit
from seoaudit.render import chains as drawn
from seoaudit.render.findings import SECTION_ROWS
from seoaudit.render.tables import open_tables
from seoaudit.render.verdict import plural
from seoaudit.render.view import ReportView, build_view
from seoaudit.rules import Rule
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def view_of(path: Path, **tables: list[dict[str, Any]]) -> ReportView:
    return build_view(make_run(path, **tables), {})


def chain(url: str, outcome: str = "ok", **more: Any) -> dict[str, Any]:
    path = more.pop("url_list", [url, f"{SITE}/end"])
    usual = {
        "requested_url": url,
        "url_list": path,
        "statuses": [301] * len(path),
        "mechanisms": ["location"] * (len(path) - 1),
        "redirect_count": len(path) - 1,
        "final_url": path[-1],
        "final_status": 200,
        "outcome": outcome,
        "permanence": "permanent",
        "inlinks": 0,
    }
    return usual | more


def test_sections_stand_worst_first_then_by_number(tmp_path: Path) -> None:
    rows = [
        finding("few-high", "high", "/1", "x"),
        finding("one-critical", "critical", "/1", "x"),
        finding("one-critical", "low", "/2", "x"),
        *(finding("many-high", "high", f"/{number}", "x") for number in range(3)),
        *(finding("most-low", "low", f"/{number}", "x") for number in range(9)),
    ]
    sections = view_of(tmp_path, findings=rows).sections
    assert [section.rule.id for section in sections] == ["one-critical", "many-high", "few-high", "most-low"]
    assert sections[0].by_severity == {"critical": 1, "low": 1}
    assert [row.severity for row in sections[0].rows] == ["critical", "low"]


def test_a_section_keeps_the_most_linked_rows_and_counts_the_rest(tmp_path: Path) -> None:
    rows = [finding("rule", "high", f"/{number}", "x", inlinks=number) for number in range(SECTION_ROWS + 50)]
    (section,) = view_of(tmp_path, findings=rows).sections
    assert section.rows[0].inlinks == SECTION_ROWS + 49
    assert (len(section.rows), section.total, section.left_out) == (SECTION_ROWS, SECTION_ROWS + 50, 50)


def test_one_cause_is_one_group_whatever_rules_speak_of_it(tmp_path: Path) -> None:
    shared = {"group": "http to https"}
    rows = [
        finding("temporary", "high", "/a", "x", "Change the rule.", inlinks=5, **shared),
        finding("temporary", "high", "/b", "x", "Change the rule.", inlinks=2, **shared),
        finding("chain", "low", "/a", "x", "Point /a at /z.", inlinks=5, **shared),
        finding("chain", "low", "/c", "x", "Point /c at /z.", inlinks=0, **shared),
    ]
    (group,) = view_of(tmp_path, findings=rows).groups
    assert (group.text, group.named, group.severity, group.count, group.inlinks) == (
        "http to https",
        True,
        "high",
        3,
        7,
    )
    assert (group.rule.id, group.change, group.example_change) == ("temporary", "Change the rule.", None)
    assert group.example == f"{SITE}/a"
    assert [(share.rule.id, share.count) for share in group.shares] == [("temporary", 2), ("chain", 2)]


def test_where_each_url_needs_its_own_change_the_rule_speaks_and_one_row_is_the_example(tmp_path: Path) -> None:
    rule = Rule(
        title="Chain",
        family="Chains",
        severity="low",
        why="",
        fix="Point at the end.",
        references=(),
        since="0.1",
        find=lambda f: f.chains,
    )
    rows = [
        finding("chain", "low", f"/{name}", "x", f"Point /{name} at /z.", inlinks=n) for n, name in enumerate("abc")
    ]
    (group,) = build_view(make_run(tmp_path, findings=rows), {"chain": rule}).groups
    assert (group.text, group.change, group.example_change) == ("Chain", "Point at the end.", "Point /c at /z.")


def test_a_group_of_one_url_counts_with_its_rule(tmp_path: Path) -> None:
    rows = [finding("rule", "high", f"/{name}", "x", group=f"only {name}") for name in "abc"]
    (group,) = view_of(tmp_path, findings=rows).groups
    assert (group.named, group.count) == (False, 3)


def test_groups_stand_by_severity_then_by_what_they_reach_and_info_asks_for_nothing(tmp_path: Path) -> None:
    rows = [
        finding("little", "high", "/1", "x"),
        finding("linked", "high", "/1", "x", inlinks=900),
        finding("worst", "critical", "/1", "x"),
        finding("note", "info", "/1", "x", inlinks=10_000),
    ]
    view = view_of(tmp_path, findings=rows)
    assert [group.rule.id for group in view.groups] == ["worst", "linked", "little"]
    assert view.groups_total == 3
    assert view.findings_total == 4


def test_a_group_named_like_a_rule_stays_apart(tmp_path: Path) -> None:
    rows = [finding("twin", "high", f"/{name}", "x", group="twin") for name in "ab"] + [
        finding("twin", "high", "/c", "x")
    ]
    assert sorted(group.count for group in view_of(tmp_path, findings=rows).groups) == [1, 2]


def test_rules_that_found_nothing_are_named_except_those_that_failed(tmp_path: Path) -> None:
    rule = Rule(
        title="Quiet", family="x", severity="low", why="", fix="", references=(), since="0.1", find=lambda f: f.chains
    )
    view = build_view(make_run(tmp_path, LIMITED), {"quiet": rule, "redirect-loop": rule, "redirect-chain": rule})
    assert [words.id for words in view.silent] == ["quiet"]


def test_the_worst_ends_are_drawn_first(tmp_path: Path) -> None:
    rows = [
        chain(f"{SITE}/{outcome}", outcome)
        for outcome in ("ok", "client-error", "unfinished", "loop", "server-error", "too-many")
    ]
    view = view_of(tmp_path, chains=rows)
    assert [one.outcome for one in view.chains] == [
        "loop",
        "too-many",
        "server-error",
        "client-error",
        "unfinished",
        "ok",
    ]


def test_a_few_chains_of_each_shape_are_drawn_before_more_of_the_same(tmp_path: Path) -> None:
    many = [chain(f"{SITE}/many/{number}", "client-error") for number in range(drawn.DRAWN_CHAINS * 2)]
    view = view_of(tmp_path, chains=[*many, chain(f"{SITE}/single")])
    assert len(view.chains) == drawn.DRAWN_CHAINS
    assert view.chains_total == drawn.DRAWN_CHAINS * 2 + 1
    assert view.chains[drawn.ALIKE_FIRST].requested_url == f"{SITE}/single"
    assert view.chains[0].alike == drawn.DRAWN_CHAINS * 2


def test_a_loop_is_drawn_once_before_its_other_entrances(tmp_path: Path) -> None:
    names = [f"{SITE}/{name}" for name in "abc"]
    loops = [chain(url, "loop", url_list=[*names[i:], *names[: i + 1]]) for i, url in enumerate(names)]
    view = view_of(tmp_path, chains=[*loops, chain(f"{SITE}/gone", "client-error")])
    assert [one.requested_url[-2:] for one in view.chains] == ["/a", "ne", "/b", "/c"]


def test_a_very_long_chain_is_cut_and_says_how_much(tmp_path: Path) -> None:
    path = [f"{SITE}/{number}" for number in range(101)]
    (one,) = view_of(tmp_path, chains=[chain(path[0], url_list=path, redirect_count=5000)]).chains
    assert (len(one.hops), one.hops_left_out) == (drawn.DRAWN_HOPS, 5001 - drawn.DRAWN_HOPS)


def test_each_hop_has_its_own_answer(tmp_path: Path) -> None:
    chains = {one.requested_url: one for one in view_of(tmp_path).chains}
    hops = chains[f"{SITE}/old/boots"].hops
    assert [(hop.status, hop.mechanism, hop.permanent) for hop in hops] == [
        (301, "location", True),
        (301, "location", True),
        (307, "location", False),
        (200, None, None),
    ]
    assert all(hop.latency_ms and hop.scheme == "https" for hop in hops)
    assert [chains[f"{SITE}/{name}"].hops[0].permanent for name in ("move", "wait", "header", "script")] == [
        True,
        False,
        True,
        True,
    ]
    assert chains[f"{SITE}/odd"].hops[0].location == "http://[undefined"
    assert chains[f"{SITE}/away"].hops[1].error == "dns"


def test_a_loop_that_cookies_end_is_marked(tmp_path: Path) -> None:
    assert [one.requested_url for one in view_of(tmp_path).chains if one.stateful] == [f"{SITE}/login"]


def test_listed_urls_are_looked_up_as_they_are_asked(tmp_path: Path) -> None:
    urls = ["HTTPS://SHOP.example/about#team", f"{SITE}/about", f"{SITE}/private", f"{SITE}/nowhere"]
    listed = build_view(make_run(tmp_path, INFO.model_copy(update={"listed_urls": urls})), {}).listed
    assert [one.url for one in listed] == urls
    assert [one.outcome for one in listed] == ["ok", "ok", "robots", "client-error"]
    assert [one.status for one in listed] == [200, 200, None, 404]


def test_what_the_run_noted_is_not_said_twice(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"limits": [Limit("robots", 7, "seven")], "state": "unfinished", "urls_left": 2})
    limits = build_view(make_run(tmp_path, info), {}).limits
    assert [limit for limit in limits if limit.name == "robots"] == [Limit("robots", 7, "seven")]
    assert [limit.count for limit in limits if limit.name == "unfinished"] == [2]


def test_numbers_count_the_tables(tmp_path: Path) -> None:
    numbers = view_of(tmp_path).numbers
    assert (numbers.urls, numbers.redirects, numbers.loops, numbers.longest) == (64, 41, 6, 3)
    assert numbers.permanent + numbers.temporary + numbers.mixed == 41


@pytest.mark.parametrize("state", ["running", "unfinished"])
def test_a_run_that_did_not_end_is_called_unfinished(tmp_path: Path, state: str) -> None:
    view = build_view(make_run(tmp_path, INFO.model_copy(update={"state": state, "urls_left": 1})), {})
    assert "unfinished (1 known URL not asked); so far, " in view.verdict


def test_a_run_that_a_limit_of_its_own_ended_is_not_called_unfinished(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"urls_left": 40, "limits": [Limit("max_urls", 40, "raise max_urls")]})
    assert "unfinished" not in build_view(make_run(tmp_path, info), {}).verdict


def test_the_verdict_names_the_cause_behind_most_urls(tmp_path: Path) -> None:
    assert "one cause, “http to https on shop.example”, is behind 5 of those URLs" in view_of(tmp_path).verdict


def test_a_folder_with_nothing_but_run_json_has_a_view(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write_info(INFO)
    view = build_view(folder)
    assert (view.sections, view.chains, view.groups, view.listed, view.redirect_map.flows) == ((), (), (), (), ())
    assert view.numbers.median_page_ms is None


def test_a_missing_run_json_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"run\.json"):
        build_view(RunFolder(tmp_path))


def test_rows_of_any_number_come_out_in_batches(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    urls = [f"{SITE}/{number:05}" for number in range(25_000)]
    names = TABLES["responses"].names
    nothing = dict.fromkeys(names, [None] * len(urls))
    pq.write_table(pa.table(nothing | {"url": urls}, schema=TABLES["responses"]), folder.table("responses"))
    with open_tables(folder) as tables:
        assert [url for (url,) in tables.stream("select url from responses order by url")] == urls


@pytest.mark.parametrize(("count", "words"), [(0, "0 URLs"), (1, "1 URL"), (1204, "1,204 URLs")])
def test_plural_writes_a_count_with_its_noun(count: int, words: str) -> None:
    assert plural(count, "URL") == words
