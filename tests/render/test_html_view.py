"""The view ranks, gathers and caps what the tables hold, and every total counts the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample import INFO, LIMITED, SITE, finding, findings, make_run

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


def test_a_finding_knows_the_earlier_one_with_its_cause_and_change(tmp_path: Path) -> None:
    loop = {"group": "circle"}
    rows = [
        finding("loop", "critical", "/a", "a, b, a", "Break /b.", inlinks=2, **loop),
        finding("loop", "critical", "/b", "b, a, b", "Break /b.", inlinks=1, **loop),
        finding("loop", "critical", "/c", "c, b, a, b", "Break /c.", **loop),
        finding("loop", "critical", "/d", "d, d", "Break /b."),
    ]
    (section,) = view_of(tmp_path, findings=rows).sections
    assert [row.alike for row in section.rows] == [None, f"{SITE}/a", None, None]


def test_a_card_is_one_rule_in_one_group_with_its_own_count_and_example(tmp_path: Path) -> None:
    shared = {"group": "http to https"}
    rows = [
        finding("missing", "high", "/a", "x", "Change the rule.", inlinks=5, **shared),
        finding("missing", "high", "/b", "x", "Change the rule.", inlinks=2, **shared),
        finding("menu", "low", "/a", "x", "Point /a at /z.", inlinks=500, **shared),
        finding("menu", "low", "/c", "x", "Point /c at /z.", inlinks=900, **shared),
    ]
    missing, menu = view_of(tmp_path, findings=rows).groups
    assert (missing.rule.id, missing.text, missing.severity, missing.count, missing.inlinks) == (
        "missing",
        "http to https",
        "high",
        2,
        7,
    )
    assert (missing.change, missing.example_change, missing.example) == ("Change the rule.", None, f"{SITE}/a")
    assert (menu.rule.id, menu.count, menu.inlinks, menu.example) == ("menu", 2, 1400, f"{SITE}/c")
    assert (missing.is_cause, menu.is_cause) == (True, False)


def test_the_example_is_the_worst_url_and_the_split_of_severities_is_kept(tmp_path: Path) -> None:
    rows = [
        finding("rule", "low", "/linked", "x", "Fix /linked.", inlinks=900),
        finding("rule", "high", "/worst", "x", "Fix /worst.", inlinks=1),
        finding("rule", "high", "/second", "x", "Fix /second.", inlinks=0),
        finding("rule", "medium", "/worst", "the same URL again", "Fix /worst.", inlinks=1),
    ]
    (group,) = view_of(tmp_path, findings=rows).groups
    assert (group.by_severity, group.count, group.inlinks) == ({"high": 2, "low": 1}, 3, 901)
    assert (group.example, group.text, group.is_cause) == (f"{SITE}/worst", None, False)
    assert group.change == "Fix /worst."


def test_one_change_that_repairs_much_comes_before_many_that_repair_a_little_each(tmp_path: Path) -> None:
    rows = [
        *(finding("each", "high", f"/{number}", "x", f"Mend /{number}.", inlinks=5) for number in range(9)),
        *(finding("one", "high", f"/{number}", "x", "Mend the rule.", inlinks=2) for number in range(3)),
        finding("worst", "critical", "/a", "x", "Mend /a."),
    ]
    groups = view_of(tmp_path, findings=rows).groups
    assert [(group.rule.id, group.changes) for group in groups] == [("worst", 1), ("one", 1), ("each", 9)]


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
    assert (group.rule.title, group.text) == ("Chain", None)
    assert (group.change, group.example_change) == ("Point at the end.", "Point /c at /z.")


def test_a_group_of_one_url_counts_with_its_rule(tmp_path: Path) -> None:
    rows = [finding("rule", "high", f"/{name}", "x", group=f"only {name}") for name in "abc"]
    (group,) = view_of(tmp_path, findings=rows).groups
    assert (group.text, group.count) == (None, 3)


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


def test_a_loop_is_drawn_once_with_the_count_of_its_entrances(tmp_path: Path) -> None:
    names = [f"{SITE}/{name}" for name in "abc"]
    loops = [chain(url, "loop", url_list=[*names[i:], *names[: i + 1]]) for i, url in enumerate(names)]
    outside = chain(f"{SITE}/in", "loop", url_list=[f"{SITE}/in", *names, names[0]], loop_length=3)
    view = view_of(tmp_path, chains=[outside, *loops, chain(f"{SITE}/gone", "client-error")])
    assert [(one.requested_url[-2:], one.entrances) for one in view.chains] == [("/a", 4), ("ne", 1)]
    assert view.chains_total == 5


@pytest.mark.parametrize(
    ("end", "failed"), [({"final_status": 404}, True), ({"final_error": "dns"}, True), ({}, False)]
)
def test_a_chain_that_fails_on_another_site_stands_with_the_broken_ones(
    tmp_path: Path, end: dict[str, Any], *, failed: bool
) -> None:
    if "final_error" in end:
        end = {**end, "final_status": None}
    rows = [chain(f"{SITE}/fine"), chain(f"{SITE}/out", "external", **end), chain(f"{SITE}/gone", "client-error")]
    view = view_of(tmp_path, chains=rows)
    names = [one.requested_url.removeprefix(f"{SITE}/") for one in view.chains]
    assert names == (["gone", "out", "fine"] if failed else ["gone", "fine", "out"])
    assert view.chains[names.index("out")].failed_outside == failed
    assert view.numbers.broken == 1 + failed


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


def test_a_listed_url_that_fails_on_another_site_is_marked(tmp_path: Path) -> None:
    rows = [
        chain(f"{SITE}/away", "external", final_status=None, final_error="dns"),
        chain(f"{SITE}/partner", "external"),
    ]
    info = INFO.model_copy(update={"listed_urls": [f"{SITE}/away", f"{SITE}/partner", f"{SITE}/about"]})
    listed = build_view(make_run(tmp_path, info, chains=rows), {}).listed
    assert [one.failed_outside for one in listed] == [True, False, False]


def test_what_the_run_noted_is_not_said_twice(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"limits": [Limit("robots", 7, "seven")], "state": "unfinished", "urls_left": 2})
    limits = build_view(make_run(tmp_path, info), {}).limits
    assert [limit for limit in limits if limit.name == "robots"] == [Limit("robots", 7, "seven")]
    assert [limit.count for limit in limits if limit.name == "unfinished"] == [2]


def test_failures_name_their_hosts_the_first_five(tmp_path: Path) -> None:
    def failed(number: int) -> dict[str, Any]:
        return {"url": f"https://host{number}.example/", "error": "dns"}

    folder = make_run(tmp_path)
    rows = [failed(number) for number in range(7)] + [{"url": "https://host6.example/again", "error": "dns"}]
    pq.write_table(pa.Table.from_pylist(rows, schema=TABLES["responses"]), folder.table("responses"))
    (limit,) = [limit for limit in build_view(folder, {}).limits if limit.name == "dns"]
    assert limit.count == 8
    names = ", ".join(f"host{number}.example" for number in (6, 0, 1, 2, 3))
    assert limit.detail.endswith(f": {names} and 2 more")


def test_forms_of_the_site_that_nothing_led_to_are_the_first_limit(tmp_path: Path) -> None:
    entries = Limit("entry points", 1, "nothing led to http://shop.example/")
    info = INFO.model_copy(update={"limits": [Limit("max_depth", 3, "x"), entries]})
    view = build_view(make_run(tmp_path, info, findings=[]), {})
    assert view.limits[0] == entries
    assert "by entry points: 1 form of the site was not asked" in view.verdict


def test_numbers_count_the_tables_and_what_robots_txt_forbids_was_not_asked(tmp_path: Path) -> None:
    numbers = view_of(tmp_path).numbers
    assert (numbers.urls, numbers.forbidden) == (63, 1)
    assert (numbers.redirects, numbers.loops, numbers.longest) == (41, 6, 3)
    assert numbers.permanent + numbers.temporary + numbers.mixed == 41


@pytest.mark.parametrize("state", ["running", "unfinished"])
def test_a_run_that_did_not_end_is_called_unfinished(tmp_path: Path, state: str) -> None:
    view = build_view(make_run(tmp_path, INFO.model_copy(update={"state": state, "urls_left": 1})), {})
    assert "unfinished (1 known URL not asked); so far, " in view.verdict


def test_a_run_that_a_limit_of_its_own_ended_is_not_called_unfinished(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"urls_left": 40, "limits": [Limit("max_urls", 40, "raise max_urls")]})
    assert "unfinished" not in build_view(make_run(tmp_path, info), {}).verdict


def test_the_verdict_says_what_to_fix_first_and_what_limited_the_audit(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"limits": [Limit("max_urls", 1204, "raise it"), Limit("insecure", 3, "x")]})
    rows = [row for row in findings() if row["rule"] == "temporary-https-move"]
    assert build_view(make_run(tmp_path, info, findings=rows), {}).verdict == (
        "shop.example: 5 high problems in 63 URLs. First: temporary https move, 5 URLs (http to https on shop.example). "
        "Limited by max_urls: 1,204 known URLs were not asked."
    )


def test_a_limited_audit_that_found_nothing_speaks_of_what_was_asked(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"limits": [Limit("max_depth", 1, "raise it")]})
    assert build_view(make_run(tmp_path, info, findings=[]), {}).verdict == (
        "shop.example: nothing found in the 63 URLs that were asked; limited by max_depth: 1 known URL was not asked."
    )


def test_a_failed_audit_gives_the_reason_and_keeps_what_to_try_apart(tmp_path: Path) -> None:
    info = INFO.model_copy(update={"state": "failed", "failure": "nobody answered (dns); check the address"})
    view = build_view(make_run(tmp_path, info, findings=[]), {})
    assert view.verdict == "shop.example could not be audited: nobody answered (dns)."
    assert view.what_to_try == "check the address"


@pytest.mark.parametrize("path", ["/home/jo/client/ca.pem", "C:\\client\\ca.pem", "ca.pem"])
def test_of_a_file_argument_only_the_name_is_shown(tmp_path: Path, path: str) -> None:
    info = INFO.model_copy(update={"arguments": {"ca_file": path, "start": "http://shop.example/a/"}})
    shown = build_view(make_run(tmp_path, info), {}).arguments
    assert shown == {"ca_file": "ca.pem", "start": "http://shop.example/a/"}


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


def policy(host: str, **columns: Any) -> dict[str, Any]:
    counts = dict.fromkeys(["https_answers", "https_pages", "answers_without", "redirects_without", "hsts_values"], 0)
    return {"host": host, "in_scope": True, "sent_over_http": 0, "preload_list_date": "2026-11-01", **counts, **columns}


def test_the_browser_view_stands_beside_the_servers_answer(tmp_path: Path) -> None:
    rows = [policy("shop.example", browser="returning"), policy("www.shop.example", browser="any")]
    view = build_view(make_run(tmp_path, hosts=rows), {})
    seen = {hop.url: (hop.status, hop.visitor, hop.internal_url) for chain in view.chains for hop in chain.hops}
    assert seen["http://shop.example/"] == (302, "returning", "https://shop.example/")
    assert seen["http://www.shop.example/"] == (301, "any", "https://www.shop.example/")
    assert seen["https://www.shop.example/"][1:] == (None, None)
    assert view.browser_view


def test_without_a_known_policy_there_is_no_browser_view(tmp_path: Path) -> None:
    view = build_view(make_run(tmp_path, hosts=[policy("shop.example")]), {})
    assert not view.browser_view
    assert [host.host for host in view.hosts] == ["shop.example"]


def test_the_hosts_of_the_site_stand_by_their_answers_and_others_do_not(tmp_path: Path) -> None:
    rows = [policy("b.example"), policy("a.example", https_answers=2), policy("x.example", in_scope=False)]
    view = build_view(make_run(tmp_path, hosts=rows), {})
    assert [host.host for host in view.hosts] == ["a.example", "b.example"]
    assert view.hosts_total == 2


def test_a_host_shows_its_shortest_http_url_with_both_answers(tmp_path: Path) -> None:
    rows = [policy("shop.example", browser="any"), policy("www.shop.example")]
    hosts = {host.host: host for host in build_view(make_run(tmp_path, hosts=rows), {}).hosts}
    shown = hosts["shop.example"]
    assert (shown.plain_url, shown.plain_status) == ("http://shop.example/", 302)
    assert shown.internal_url == "https://shop.example/"
    assert hosts["www.shop.example"].internal_url is None
