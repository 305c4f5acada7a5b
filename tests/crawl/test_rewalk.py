"""The second pass finds what looped or failed, and walks it again as one visitor with cookies would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response as ScrapyResponse

from seoaudit.crawl.rewalk import MAX_WALKS, WALKS_AT_ONCE, Graph, SecondPass, Walker
from seoaudit.records import MAX_REDIRECTS, Response

if TYPE_CHECKING:
    from seoaudit.records import Mechanism, Outcome
    from seoaudit.store.journal import Walk

SITE = "https://example.com/"


def redirect(source: str, target: str, mechanism: Mechanism = "location") -> Response:
    status = 302 if mechanism == "location" else 200
    return Response(url=SITE + source, status=status, mechanism=mechanism, location_url=SITE + target)


def graph(edges: dict[str, str], *rows: Response) -> Graph:
    made = Graph()
    for source, target in edges.items():
        made.add(redirect(source, target))
    for row in rows:
        made.add(row)
    return made


def entries(made: Graph) -> list[str]:
    return [url.removeprefix(SITE) for url in made.entries()]


def failing(url: str, **fields: object) -> Response:
    return Response(url=SITE + url, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({}, []),
        ({"a": "b", "b": "end"}, []),
        ({"a": "a"}, ["a"]),
        ({"a": "b", "b": "a"}, ["a"]),
        ({"b": "a", "a": "b"}, ["b"]),
        ({"a": "b", "b": "c", "c": "a"}, ["a"]),
        ({"t": "s", "s": "a", "a": "b", "b": "a"}, ["t"]),
        ({"a": "b", "b": "a", "t": "a", "u": "b"}, ["a"]),
        ({"a": "a", "b": "c", "c": "b", "d": "end"}, ["a", "b"]),
        ({str(number): str((number + 1) % 1000) for number in range(1000)}, ["0"]),
        ({str(number): str(number + 1) for number in range(100_000)}, []),
    ],
)
def test_each_loop_has_one_entry(edges: dict[str, str], expected: list[str]) -> None:
    assert entries(graph(edges)) == expected


def test_each_failed_end_has_one_entry_however_many_lead_there() -> None:
    made = graph(
        {"a": "gone", "b": "gone", "c": "broken", "d": "fine", "e": "silent", "f": "a"},
        failing("gone", status=404),
        failing("broken", status=503),
        failing("silent", error="timeout"),
        failing("fine", status=200),
        failing("linked", status=404),
    )
    assert entries(made) == ["a", "c", "e"]


def test_what_robots_txt_forbids_is_not_walked_again() -> None:
    assert entries(graph({"a": "b"}, failing("b", error="robots"))) == []


def test_a_page_that_reloads_itself_and_a_script_make_no_loop() -> None:
    made = graph({"a": "b"})
    made.add(redirect("b", "b#top", "meta-refresh"))
    made.add(redirect("c", "c", "refresh-header"))
    made.add(redirect("d", "e", "javascript"))
    made.add(redirect("e", "d", "javascript"))
    assert entries(made) == []


def test_a_fragment_does_not_hide_a_loop() -> None:
    assert entries(graph({"a": "a#x"})) == ["a"]


def test_a_meta_refresh_may_close_a_loop() -> None:
    made = graph({"a": "b"})
    made.add(redirect("b", "a", "meta-refresh"))
    assert entries(made) == ["a"]


NAMES = st.sampled_from("abcdefgh")


@given(st.dictionaries(NAMES, NAMES), st.sets(NAMES))
def test_every_chain_that_loops_or_fails_has_an_entry_with_the_same_end(
    edges: dict[str, str], failed: set[str]
) -> None:
    def end(name: str) -> frozenset[str]:
        seen: list[str] = []
        while name in edges and name not in seen:
            seen.append(name)
            name = edges[name]
        return frozenset(seen[seen.index(name) :]) if name in seen else frozenset({name})

    rows = [failing(name, status=404) for name in sorted(failed - set(edges))]
    found = entries(graph(edges, *rows))
    bad = {end(name) for name in edges if end(name) & set(edges) or end(name) & failed}
    assert {end(name) for name in found} == bad
    assert len(found) == len(bad)


class Server:
    """Answers a walk: a redirect's target, or a status, and the cookies it sets; by URL and whether cookies came."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, bool], tuple[str | int, str | None]] = {}
        self.cookies: list[str | None] = []

    def on(self, url: str, answer: str | int, *, cookie: str | None = None, with_cookies: bool | None = None) -> None:
        for has in (False, True) if with_cookies is None else (with_cookies,):
            self.answers[SITE + url, has] = (answer, cookie)

    def walk(self, start: str) -> Walk:
        walker = Walker(SITE + start)
        while True:
            headers = dict(walker.headers())
            self.cookies.append(headers.get("Cookie"))
            answer, cookie = self.answers[walker.url, "Cookie" in headers]
            row = (
                redirect(walker.url.removeprefix(SITE), answer)
                if isinstance(answer, str)
                else Response(url=walker.url, status=answer)
            )
            lines = [cookie] if cookie else []
            row.set_cookie_names = cookie.partition("=")[0] if cookie else None
            outcome = walker.step(row, ScrapyResponse(walker.url, headers={"Set-Cookie": lines}))
            if outcome is not None:
                return walker.result(row, outcome)


def test_a_loop_without_cookies_only_ends_well_with_them() -> None:
    server = Server()
    server.on("page", "set", with_cookies=False)
    server.on("set", "page", cookie="seen=1; Path=/")
    server.on("page", 200, with_cookies=True)
    walk = server.walk("page")
    assert (walk.outcome, walk.final_url, walk.final_status) == ("ok", f"{SITE}page", 200)
    assert walk.url_list == [f"{SITE}page", f"{SITE}set", f"{SITE}page"]
    assert walk.statuses == [302, 302, 200]
    assert walk.redirect_count == 2
    assert walk.cookie_names == "seen"
    assert server.cookies == [None, None, "seen=1"]


def test_a_loop_whatever_the_cookies_is_a_loop_after_one_more_round() -> None:
    server = Server()
    server.on("a", "b", cookie="seen=1; Path=/")
    server.on("b", "a")
    walk = server.walk("a")
    assert walk.outcome == "loop"
    assert walk.redirect_count == 3
    assert server.cookies[0] is None
    assert set(server.cookies[1:]) == {"seen=1"}


def test_a_self_redirect_is_a_loop_at_once() -> None:
    server = Server()
    server.on("a", "a")
    walk = server.walk("a")
    assert (walk.outcome, walk.url_list) == ("loop", [f"{SITE}a", f"{SITE}a"])


def test_more_than_twenty_redirects_are_too_many() -> None:
    for redirects, outcome in ((MAX_REDIRECTS, "ok"), (MAX_REDIRECTS + 1, "too-many"), (500, "too-many")):
        server = Server()
        for number in range(redirects):
            server.on(str(number), str(number + 1))
        server.on(str(redirects), 200)
        walk = server.walk("0")
        assert walk.outcome == outcome
        assert walk.redirect_count <= MAX_REDIRECTS


def test_a_cookie_that_never_stays_the_same_ends_at_the_limit() -> None:
    walker = Walker(f"{SITE}a")
    for number in range(100):
        row = redirect("a", "a")
        response = ScrapyResponse(f"{SITE}a", headers={"Set-Cookie": [f"n={number}"]})
        outcome = walker.step(row, response)
        if outcome:
            break
    assert outcome == "too-many"


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (failing("x", status=200), "ok"),
        (failing("x", status=404), "client-error"),
        (failing("x", status=503), "server-error"),
        (failing("x", error="dns"), "unreachable"),
        (failing("x", status=302, location_count=1, location="http://["), "invalid-location"),
        (failing("x", status=301), "invalid-location"),
        (failing("x", status=304), "ok"),
        (redirect("x", "x", "meta-refresh"), "ok"),
        (redirect("x", "y", "javascript"), "ok"),
    ],
)
def test_how_a_walk_ends(row: Response, outcome: Outcome) -> None:
    walker = Walker(row.url)
    assert walker.step(row, None) == outcome
    walk = walker.result(row, outcome)
    assert (walk.final_url, walk.final_status, walk.error) == (row.url, row.status, row.error)


@pytest.mark.parametrize("outcome", ["external", "robots"])
def test_a_target_that_is_not_to_be_asked_is_the_end(outcome: Outcome) -> None:
    walker = Walker(f"{SITE}a")
    row = redirect("a", "b")
    assert walker.step(row, None) is None
    walk = walker.result(row, outcome)
    assert walk.url_list == [f"{SITE}a", f"{SITE}b"]
    assert (walk.final_url, walk.final_status, walk.redirect_count, walk.statuses) == (f"{SITE}b", None, 1, [302])


def test_cookies_go_only_where_they_belong() -> None:
    walker = Walker(f"{SITE}shop/a")
    row = Response(
        url=walker.url, status=302, mechanism="location", location_url="https://other.example/", location_count=1
    )
    response = ScrapyResponse(
        walker.url, headers={"Set-Cookie": ["here=1; Path=/shop", "safe=1; Path=/; Secure", "a=b=c\xe9"]}
    )
    assert walker.step(row, response) is None
    assert walker.headers() == []
    walker.url = f"{SITE}shop/b"
    names = {pair.partition("=")[0] for pair in walker.headers()[0][1].split("; ")}
    assert names == {"here", "safe", "a"}
    walker.url = "http://example.com/"
    assert walker.headers() == []


def test_walks_are_done_a_few_at_a_time_and_not_without_end() -> None:
    made = graph({str(number): str(number) for number in range(MAX_WALKS + 7)})
    second = SecondPass(made)
    assert not second.begun
    walkers = second.begin()
    assert second.begun
    assert len(walkers) == WALKS_AT_ONCE
    assert second.left_out == 7
    while following := second.next():
        walkers += following
    assert len({walker.requested_url for walker in walkers}) == len(walkers) == MAX_WALKS
