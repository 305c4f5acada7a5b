"""The frames that rules look at have all their columns and types, and say what the docstring of `Facts` promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from runs import absolute, facts_of, make_run, moved, page

from seoaudit.classify.chains import HOPS
from seoaudit.classify.facts import REPEATED, build_facts, write_chains, write_fixes
from seoaudit.classify.frames import conform, dtype_of
from seoaudit.classify.inlinks import INLINKS
from seoaudit.classify.ledger import HISTORY
from seoaudit.config import Thresholds
from seoaudit.records import Mention
from seoaudit.store.folder import RunFolder
from seoaudit.store.journal import Walk
from seoaudit.store.schema import CHAINS, RESPONSES, REWALKS, VARIANTS

if TYPE_CHECKING:
    from pathlib import Path

    from seoaudit.records import Response

SITE = "https://example.com"
REDIRECTS = {
    **dict(zip(RESPONSES.names, RESPONSES.types, strict=True)),
    "permanence": pa.string(),
    "target_status": pa.int16(),
    "target_error": pa.string(),
    "target_in_scope": pa.bool_(),
    "redirect_count": pa.int32(),
    "final_url": pa.string(),
    "final_status": pa.int16(),
    "outcome": pa.string(),
    "inlinks": pa.int64(),
    "change": pa.string(),
    "cause": pa.string(),
    "cause_fix": pa.string(),
}
A_RUN = [
    page("/", links=[Mention(f"{SITE}/a", "a")], fetched_at=1_790_000_000.0),
    moved("/a", "/b"),
    page("/b", status=404),
]


@pytest.mark.parametrize("responses", [[], [page("/")], A_RUN], ids=["nothing", "no redirect", "redirects"])
def test_every_frame_has_all_columns_and_types(responses: list[Response], tmp_path: Path) -> None:
    facts = facts_of(tmp_path, responses)
    for frame, schema in (
        (facts.responses, RESPONSES),
        (facts.chains, CHAINS),
        (facts.hops, HOPS),
        (facts.inlinks, INLINKS),
        (facts.rewalks, REWALKS),
        (facts.variants, VARIANTS),
        (facts.ledger, HISTORY),
        (facts.redirects, pa.schema(REDIRECTS)),
    ):
        expected = {name: dtype_of(kind) for name, kind in zip(schema.names, schema.types, strict=True)}
        if frame is facts.responses:
            expected |= {name: frame[name].dtype for name in REPEATED}
            assert {frame[name].dtype.name for name in REPEATED} == {"category"}
            assert {frame[name].cat.categories.dtype for name in REPEATED} == {dtype_of(pa.string())}
        assert frame.dtypes.to_dict() == expected


def test_an_empty_run_can_be_written_out(tmp_path: Path) -> None:
    facts = facts_of(tmp_path)
    write_chains(RunFolder(tmp_path), facts)
    write_fixes(RunFolder(tmp_path), facts)
    assert (facts.page_count, len(facts.chains), len(facts.redirects)) == (0, 0, 0)


def test_pages_are_html_in_scope_that_answered_200(tmp_path: Path) -> None:
    responses = [
        page("/1"),
        page("/2", media_type="application/xhtml+xml"),
        page("/3", media_type="application/pdf"),
        page("/4", media_type=None),
        page("/5", status=404),
        page("https://other.test/", in_scope=False),
        moved("/6", "/1"),
    ]
    assert facts_of(tmp_path, responses).page_count == 2


def test_redirects_know_their_target_and_their_chain(tmp_path: Path) -> None:
    responses = [
        moved("/a", "/b#x"),
        moved("/b", "/c", 302),
        page("/c", status=404),
        moved("/d", "https://other.test/"),
        moved("/e", "https://asked.test/"),
        page("https://asked.test/", status=None, error="dns", in_scope=False),
        moved("/p", "/p", 200, mechanism="meta-refresh", refresh_delay=30.0),
    ]
    found = facts_of(tmp_path, responses).redirects.set_index("url")
    assert list(found.index) == [absolute(path) for path in ("/a", "/b", "/d", "/e", "/p")]
    assert list(found["target_status"].fillna(0)) == [302, 404, 0, 0, 200]
    assert list(found["target_error"].fillna("")) == ["", "", "", "dns", ""]
    assert list(found["target_in_scope"].astype(object).fillna("unknown")) == [True, True, "unknown", False, True]
    assert list(found["permanence"]) == ["permanent", "temporary", "permanent", "permanent", "temporary"]
    assert list(found["redirect_count"].fillna(0)) == [2, 1, 1, 1, 0]
    assert list(found["final_status"].fillna(0)) == [404, 404, 0, 0, 0]
    assert list(found["outcome"].fillna("")) == ["client-error", "client-error", "external", "external", ""]
    assert found["cause"].notna().all()


def test_redirects_keep_the_row_numbers_of_their_responses(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [page("/"), moved("/a", "/"), page("/x"), moved("/b", "/")])
    assert list(facts.redirects.index) == [1, 3]
    assert list(facts.responses.loc[facts.redirects.index, "url"]) == list(facts.redirects["url"])


def test_inlinks_are_counted_for_urls_that_need_attention(tmp_path: Path) -> None:
    targets = {
        "/moved": moved("/moved", "/page"),
        "/gone": page("/gone", status=404),
        "/down": page("/down", status=None, error="timeout"),
        "/blocked": page("/blocked", status=None, error="robots"),
        "/stuck": page("/stuck", status=302),
        "http://example.com/plain": page("http://example.com/plain"),
        "https://asked.test/": page("https://asked.test/", in_scope=False),
    }
    unasked = ["https://other.test/", "http://other.test/", "https://me@example.com/"]
    fine = ["/page", "/unasked"]
    links = [Mention(absolute(url), "a") for url in [*targets, *unasked, *fine]]
    found = facts_of(tmp_path, [page("/", links=links), *targets.values(), page("/page")]).inlinks
    assert set(found["target"]) == {absolute(url) for url in [*targets, *unasked]}


def test_a_listed_url_of_a_foreign_host_is_no_outside_target(tmp_path: Path) -> None:
    links = [Mention("https://listed.test/", "a"), Mention("https://blog.example.com/", "a")]
    responses = [page("/", links=links), page("https://listed.test/")]
    assert set(facts_of(tmp_path / "a", responses).inlinks["target"]) == {"https://blog.example.com/"}
    assert facts_of(tmp_path / "b", responses, arguments={"subdomains": "1"}).inlinks.empty


def test_inlinks_sum_up_the_mentions_of_one_kind(tmp_path: Path) -> None:
    link = Mention(f"{SITE}/a", "a", "first", None, "/a#x")
    responses = [
        page("/", links=[link, Mention(f"{SITE}/a", "a", "second"), Mention(f"{SITE}/a", "img")]),
        page("http://example.com/", links=[Mention(f"{SITE}/a", "a", "third")]),
        moved("/a", "/b"),
    ]
    found = facts_of(tmp_path, responses, [Mention(f"{SITE}/a", "start")]).inlinks.set_index("element")
    assert list(found.index) == ["a", "img", "start"]
    anchor = found.loc["a"]
    assert (anchor["mentions"], anchor["sources"], anchor["https_sources"], anchor["fragments"]) == (3, 2, 1, 1)
    assert (anchor["source"], anchor["text"], anchor["href"]) == (f"{SITE}/", "first", "/a#x")
    assert (found.loc["start", "mentions"], found.loc["start", "sources"]) == (1, 0)
    assert pd.isna(found.loc["start", "source"])


def test_walks_with_cookies_are_a_frame(tmp_path: Path) -> None:
    walk = Walk(
        requested_url=f"{SITE}/a",
        url_list=[f"{SITE}/a", f"{SITE}/b"],
        statuses=[302, 200],
        redirect_count=1,
        final_url=f"{SITE}/b",
        final_status=200,
        error=None,
        outcome="ok",
        cookie_names="seen",
        walked_at=1_790_000_000.0,
    )
    found = facts_of(tmp_path, [walk]).rewalks.iloc[0]
    assert (list(found["url_list"]), list(found["statuses"])) == ([f"{SITE}/a", f"{SITE}/b"], [302, 200])
    assert found["walked_at"] == pd.Timestamp(1_790_000_000, unit="s", tz="UTC")


def test_a_missing_table_is_an_error_and_no_empty_report(tmp_path: Path) -> None:
    run = make_run(tmp_path, A_RUN)
    run.table("responses").unlink()
    with pytest.raises((OSError, duckdb.Error), match="responses"):
        build_facts(run, run.read_info(), Thresholds())


def test_conform_adds_what_is_absent_and_drops_what_is_foreign() -> None:
    frame = conform(pd.DataFrame({"url": ["a"], "other": [1]}), CHAINS)
    assert list(frame.columns) == CHAINS.names
    assert frame["url_list"].isna().all()


def test_a_type_that_no_table_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no pandas dtype"):
        dtype_of(pa.duration("s"))


def test_a_run_of_an_earlier_version_is_judged_with_what_it_has(tmp_path: Path) -> None:
    run = make_run(tmp_path, A_RUN)
    responses = pq.read_table(run.table("responses")).drop_columns(["allow", "hsts_count", "probe"])
    pq.write_table(responses, run.table("responses"))
    facts = build_facts(run, run.read_info(), Thresholds())
    assert (len(facts.responses), facts.responses["allow"].isna().all(), facts.page_count) == (3, True, 1)
