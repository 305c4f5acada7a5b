"""Chains are found whatever their length and shape, and end in one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from runs import facts_of, moved, page

from seoaudit.classify import chains as chains_module
from seoaudit.classify.chains import build_chains
from seoaudit.classify.facts import write_chains
from seoaudit.classify.frames import conform
from seoaudit.classify.url_columns import Scope
from seoaudit.records import OUTCOMES, Mention, Response
from seoaudit.store.folder import RunFolder
from seoaudit.store.schema import CHAINS, RESPONSES

if TYPE_CHECKING:
    from pathlib import Path

SITE = "https://example.com"


def chain(path: Path, *responses: Response, start: str = "/a", **info: Any) -> pd.Series[Any]:
    """The chain of one URL after a run with these responses."""
    found = facts_of(path, responses, **info).chains.set_index("requested_url", drop=False)
    assert found.index.is_unique
    return found.loc[SITE + start if start.startswith("/") else start]


def frame(*rows: Response) -> pd.DataFrame:
    names = [name for name in RESPONSES.names if name != "fetched_at"]
    return conform(pd.DataFrame([{name: getattr(row, name) for name in names} for row in rows]), RESPONSES)


def test_a_chain_names_every_url_status_and_mechanism(tmp_path: Path) -> None:
    found = chain(
        tmp_path,
        moved("/a", "/b", latency_ms=10),
        moved("/b", "/c", 302, latency_ms=20),
        moved("/c", "/d", 200, mechanism="meta-refresh", refresh_delay=0.0, latency_ms=40),
        page("/d", latency_ms=80),
    )
    assert list(found["url_list"]) == [f"{SITE}/{name}" for name in "abcd"]
    assert list(found["statuses"]) == [301, 302, 200, 200]
    assert list(found["mechanisms"]) == ["location", "location", "meta-refresh"]
    assert (found["redirect_count"], found["final_url"], found["final_status"]) == (3, f"{SITE}/d", 200)
    assert (found["outcome"], found["permanence"], found["latency_ms"], found["host_count"]) == ("ok", "mixed", 70, 1)
    assert pd.isna(found["loop_length"])


def test_every_url_of_a_chain_has_a_chain_of_its_own(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b"), moved("/b", "/c"), page("/c")])
    assert list(facts.chains["requested_url"]) == [f"{SITE}/a", f"{SITE}/b"]
    assert list(facts.chains["redirect_count"]) == [2, 1]


ENDS: dict[str, tuple[list[Response], str]] = {
    "a page": ([page("/b")], "ok"),
    "a page too large to read": ([page("/b", error="too-large")], "ok"),
    "an answer without content": ([page("/b", status=304)], "ok"),
    "not found": ([page("/b", status=404)], "client-error"),
    "not found, and the body broke": ([page("/b", status=404, error="reset")], "client-error"),
    "a server error": ([page("/b", status=503)], "server-error"),
    "a status that is none": ([page("/b", status=999)], "server-error"),
    "no answer": ([page("/b", status=None, error="timeout")], "unreachable"),
    "a host without address": ([page("/b", status=None, error="dns")], "unreachable"),
    "robots.txt forbids it": ([page("/b", status=None, error="robots")], "robots"),
    "never asked": ([], "unfinished"),
    "itself": ([moved("/b", "/b")], "loop"),
    "its source": ([moved("/b", "/a")], "loop"),
    "a redirect status without Location": ([page("/b", status=302)], "invalid-location"),
    "another status without Location": ([page("/b", status=300)], "ok"),
    "an outside page": ([moved("/b", "https://other.test/"), page("https://other.test/", in_scope=False)], "external"),
    "an outside page that fails": (
        [moved("/b", "https://other.test/"), page("https://other.test/", status=404, in_scope=False)],
        "external",
    ),
    "an outside page that robots.txt forbids": (
        [moved("/b", "https://other.test/"), page("https://other.test/", status=None, error="robots", in_scope=False)],
        "external",
    ),
    "an outside page that was not asked": ([moved("/b", "https://other.test/")], "external"),
    "another port that was not asked": ([moved("/b", "https://example.com:8443/")], "external"),
    "a user name that was not asked": ([moved("/b", "https://me@example.com/")], "external"),
    "an outside redirect back to the site": (
        [moved("/b", "https://other.test/"), moved("https://other.test/", "/c", in_scope=False), page("/c")],
        "ok",
    ),
    "a page that polls": ([moved("/b", "/b", 200, mechanism="meta-refresh", refresh_delay=30.0)], "ok"),
    "a page that jumps to a fragment of itself": ([moved("/b", "/b#top", 200, mechanism="javascript")], "ok"),
    "a Location to a fragment of itself": ([moved("/b", "/b#top")], "loop"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_chain_ends_in_the_one_word_for(end: str, tmp_path: Path) -> None:
    responses, outcome = ENDS[end]
    assert chain(tmp_path, moved("/a", "/b"), *responses)["outcome"] == outcome


def test_every_outcome_is_tried() -> None:
    assert {outcome for _, outcome in ENDS.values()} | {"too-many"} == set(OUTCOMES)


@pytest.mark.parametrize(("redirects", "outcome"), [(20, "ok"), (21, "too-many")])
def test_more_than_twenty_redirects_are_too_many_and_the_end_is_still_told(
    redirects: int, outcome: str, tmp_path: Path
) -> None:
    steps = [moved(f"/{n}", f"/{n + 1}") for n in range(redirects)]
    found = chain(tmp_path, *steps, page(f"/{redirects}"), start="/0")
    assert (found["outcome"], found["redirect_count"], found["final_status"]) == (outcome, redirects, 200)
    assert found["final_url"] == f"{SITE}/{redirects}"


def test_too_many_redirects_into_a_loop_are_a_loop(tmp_path: Path) -> None:
    steps = [moved(f"/{n}", f"/{n + 1}") for n in range(30)]
    found = chain(tmp_path, *steps, moved("/30", "/30"), start="/0")
    assert (found["outcome"], found["redirect_count"], found["loop_length"]) == ("loop", 31, 1)


@pytest.mark.parametrize("length", [1, 2, 3, 500])
def test_a_loop_is_seen_at_any_length(length: int, tmp_path: Path) -> None:
    steps = [moved(f"/{n}", f"/{(n + 1) % length}") for n in range(length)]
    facts = facts_of(tmp_path, [moved("/tail", "/0"), *steps])
    found = facts.chains.set_index("requested_url")
    assert set(found["outcome"]) == {"loop"}
    assert set(found["loop_length"]) == {length}
    own = found.loc[f"{SITE}/0"]
    assert (own["redirect_count"], own["final_url"], own["final_status"]) == (length, f"{SITE}/0", 301)
    tail = found.loc[f"{SITE}/tail"]
    assert (tail["redirect_count"], tail["final_url"]) == (length + 1, f"{SITE}/0")


def test_a_loop_names_the_url_that_closes_it_twice(tmp_path: Path) -> None:
    found = chain(tmp_path, moved("/a", "/b"), moved("/b", "/c"), moved("/c", "/b"))
    assert list(found["url_list"]) == [f"{SITE}/{name}" for name in "abcb"]
    assert list(found["mechanisms"]) == ["location"] * 3


def test_a_chain_of_ten_thousand_redirects_is_counted_and_not_written_out(tmp_path: Path) -> None:
    steps = [moved(f"/{n}", f"/{n + 1}") for n in range(10_000)]
    facts = facts_of(tmp_path, [*reversed(steps), page("/10000")])
    found = facts.chains.set_index("requested_url").loc[f"{SITE}/0"]
    assert (found["redirect_count"], found["final_url"], found["final_status"]) == (10_000, f"{SITE}/10000", 200)
    assert list(found["url_list"]) == [f"{SITE}/{n}" for n in range(101)]
    assert len(found["statuses"]) == 101
    assert len(found["mechanisms"]) == 100
    assert facts.hops["requested_url"].eq(f"{SITE}/0").sum() == 100


def test_lists_are_shorter_where_all_together_would_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains_module, "MAX_LISTED_BYTES", 30_000)
    rows = [moved(f"/{n}", f"/{n + 1}") for n in range(99)]
    found, hops = build_chains(frame(*rows), Scope(frozenset({"example.com"})))
    assert list(found["redirect_count"]) == list(range(99, 0, -1))
    assert found["url_list"].list.len().max() == 6
    assert hops.groupby("requested_url").size().max() == 5


@pytest.mark.parametrize(
    ("statuses", "permanence"),
    [((301, 308), "permanent"), ((302, 307), "temporary"), ((303, 303), "temporary"), ((301, 302), "mixed")],
)
def test_a_chain_is_permanent_only_when_every_redirect_is(
    statuses: tuple[int, int], permanence: str, tmp_path: Path
) -> None:
    found = chain(tmp_path, moved("/a", "/b", statuses[0]), moved("/b", "/c", statuses[1]), page("/c"))
    assert found["permanence"] == permanence


@pytest.mark.parametrize(
    ("mechanism", "delay", "permanence"),
    [
        ("meta-refresh", 0.0, "permanent"),
        ("meta-refresh", 0.5, "temporary"),
        ("refresh-header", 0.0, "permanent"),
        ("refresh-header", 5.0, "temporary"),
        ("javascript", None, "permanent"),
    ],
)
def test_a_client_side_redirect_is_permanent_when_it_does_not_wait(
    mechanism: Any, delay: float | None, permanence: str, tmp_path: Path
) -> None:
    found = chain(tmp_path, moved("/a", "/b", 200, mechanism=mechanism, refresh_delay=delay), page("/b"))
    assert found["permanence"] == permanence


def test_a_redirect_without_usable_location_is_a_chain_of_no_redirects(tmp_path: Path) -> None:
    found = chain(tmp_path, page("/a", status=307, location="http://[", location_count=1))
    assert (found["redirect_count"], found["outcome"], found["permanence"]) == (0, "invalid-location", "temporary")
    assert (list(found["url_list"]), list(found["statuses"]), list(found["mechanisms"])) == ([f"{SITE}/a"], [307], [])


def test_polling_is_no_chain(tmp_path: Path) -> None:
    responses = [moved("/a", "/a", 200, mechanism="refresh-header", refresh_delay=60.0)]
    facts = facts_of(tmp_path, responses)
    assert facts.chains.empty
    assert list(facts.redirects["change"]) == ["same"]


def test_fragments_do_not_part_urls(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b#one"), moved("/b", "/c#two"), page("/c")])
    assert list(facts.chains["url_list"].iloc[0]) == [f"{SITE}/a", f"{SITE}/b", f"{SITE}/c"]
    assert facts.chains["final_url"].iloc[0] == f"{SITE}/c"
    assert list(facts.hops["location_url"])[:2] == [f"{SITE}/b#one", f"{SITE}/c#two"]


def test_hosts_are_counted_once_and_without_port(tmp_path: Path) -> None:
    found = chain(
        tmp_path,
        moved("http://example.com/", "/a"),
        moved("/a", "https://www.example.com/b"),
        moved("https://www.example.com/b", "https://example.com:8443/"),
        start="http://example.com/",
    )
    assert found["host_count"] == 2


def test_latency_is_missing_where_none_is_known(tmp_path: Path) -> None:
    rows = [moved("/a", "/b"), moved("/b", "/c", latency_ms=5), page("/c")]
    facts = facts_of(tmp_path, [*rows, moved("/x", "/c")])
    assert facts.chains["latency_ms"].isna().tolist() == [False, False, True]
    assert facts.chains["latency_ms"].tolist()[:2] == [5, 5]


def test_inlinks_count_mentions_by_pages_only(tmp_path: Path) -> None:
    mentions = [Mention(f"{SITE}/a", "a", "one"), Mention(f"{SITE}/a", "a", "two"), Mention(f"{SITE}/a", "canonical")]
    seeds = [Mention(f"{SITE}/a", element) for element in ("start", "list", "robots-txt", "sitemap-file")]
    facts = facts_of(tmp_path, [page("/", links=mentions), moved("/a", "/b"), moved("/b", "/")], seeds)
    assert list(facts.chains["inlinks"]) == [3, 0]


def test_an_unasked_subdomain_is_in_scope_only_where_the_audit_was_widened(tmp_path: Path) -> None:
    row = moved("/a", "https://blog.example.com/")
    assert chain(tmp_path / "narrow", row)["outcome"] == "external"
    assert chain(tmp_path / "wide", row, arguments={"subdomains": "1"})["outcome"] == "unfinished"


def test_a_url_that_was_asked_twice_counts_once(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b"), page("/b"), moved("/a", "/c")])
    assert list(facts.chains["final_url"]) == [f"{SITE}/b"]
    assert len(facts.responses) == 2


def test_chains_are_written_with_the_columns_of_the_table(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b"), page("/b")])
    folder = RunFolder(tmp_path)
    write_chains(folder, facts)
    table = pq.read_table(folder.table("chains"))
    assert table.schema == CHAINS
    assert table["url_list"].to_pylist() == [[f"{SITE}/a", f"{SITE}/b"]]


graphs = st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=30)


@given(graphs)
@example({0: 1, 1: 2, 2: 0, 3: 0, 4: 4, 5: 4})
@example({n: n + 1 for n in range(25)})
def test_chains_are_those_of_a_plain_walk(edges: dict[int, int]) -> None:
    rows = [moved(f"/{source}", f"/{target}") for source, target in edges.items()]
    found, hops = build_chains(frame(*rows), Scope(frozenset({"example.com"})))
    walks = {source: plain_walk(edges, source) for source in edges}
    assert list(found["requested_url"]) == [f"{SITE}/{source}" for source in edges]
    assert [list(urls) for urls in found["url_list"]] == [[f"{SITE}/{n}" for n in walk] for walk in walks.values()]
    assert list(found["redirect_count"]) == [len(walk) - 1 for walk in walks.values()]
    assert list(found["final_url"]) == [f"{SITE}/{walk[-1]}" for walk in walks.values()]
    loops = [len(walk) - 1 - walk.index(walk[-1]) for walk in walks.values()]
    assert list(found["loop_length"].fillna(0)) == loops
    assert len(hops) == sum(len(walk) - 1 for walk in walks.values())


def plain_walk(edges: dict[int, int], start: int) -> list[int]:
    """One chain, followed step by step until it ends or names a URL again."""
    walk = [start]
    while walk[-1] in edges:
        walk.append(edges[walk[-1]])
        if walk.count(walk[-1]) > 1:
            break
    return walk
