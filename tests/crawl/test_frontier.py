"""Every wanted URL is asked once, after its robots.txt, and what is not asked is counted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seoaudit.config import Arguments
from seoaudit.crawl.frontier import MAX_HOPS_FOLLOWED, Frontier
from seoaudit.crawl.pace import Reply
from seoaudit.crawl.scope import Scope
from seoaudit.crawl.task import Task, is_robots_txt
from seoaudit.http.robots import RobotsPolicy, read_robots
from seoaudit.records import Mention

SITE = "https://example.com"
OUTSIDE = "https://other.example"
ALLOW = read_robots(404, b"", "seoaudit")
FORBID_PRIVATE = read_robots(200, b"User-agent: *\nDisallow: /private", "seoaudit")


def frontier(policy: RobotsPolicy | None = ALLOW, **given: str) -> Frontier:
    """A frontier whose start URL is known; with a policy, robots.txt of both hosts is known as well."""
    arguments = Arguments.read({"start": f"{SITE}/", **given})
    made = Frontier(Scope.of(arguments.start), arguments)
    if policy is not None:
        for origin in (SITE, "http://example.com", "https://www.example.com", OUTSIDE):
            made.robots(origin, policy)
    return made


def mention(made: Frontier, *urls: str, element: str = "a", depth: int = 0) -> None:
    for url in urls:
        made.mentions([Mention(url if "://" in url else SITE + url, element)], Task(f"{SITE}/index", depth=depth))


def pop(made: Frontier) -> Task | None:
    return made.pop(0.0)


def done(made: Frontier, task: Task) -> None:
    assert made.answered(task, Reply(200), 0.0)


def drain(made: Frontier) -> list[Task]:
    """Everything that comes out, each done at once."""
    tasks = []
    while (task := pop(made)) is not None:
        tasks.append(task)
        done(made, task)
    return tasks


def asked(made: Frontier) -> list[str]:
    return [task.url.removeprefix(SITE) for task in drain(made)]


def test_each_url_comes_out_once_however_often_it_is_mentioned() -> None:
    made = frontier()
    mention(made, "/a", "/b", "/a", "/a?", "/A", "/a/")
    assert asked(made) == ["/a", "/b", "/a?", "/A", "/a/"]
    mention(made, "/a", "/c")
    assert asked(made) == ["/c"]


def test_levels_come_in_order() -> None:
    made = frontier()
    mention(made, "/deep", depth=4)
    mention(made, "/", element="start")
    mention(made, "/shallow", depth=1)
    assert [(task.url.removeprefix(SITE), task.depth) for task in drain(made)] == [
        ("/", 0),
        ("/shallow", 2),
        ("/deep", 5),
    ]


def test_nothing_comes_out_before_its_robots_txt_is_known() -> None:
    made = frontier(policy=None)
    mention(made, "/a", "/b")
    assert pop(made) is None
    assert made.new_origins == [SITE]
    assert made.waiting == 2
    made.robots(SITE, ALLOW)
    assert asked(made) == ["/a", "/b"]
    assert made.new_origins == [SITE]


def test_each_origin_is_looked_up_once() -> None:
    made = frontier(policy=None)
    mention(made, "/a", "/b", "http://example.com/a", "https://www.example.com/a")
    assert pop(made) is None
    assert sorted(made.new_origins) == ["http://example.com", SITE, "https://www.example.com"]


def test_what_robots_txt_forbids_is_handed_over_with_the_reason_and_not_asked() -> None:
    made = frontier(FORBID_PRIVATE)
    mention(made, "/private/x", "/open")
    assert asked(made) == ["/open"]
    assert [(task.url, error, reason) for task, error, reason in made.kept_back] == [
        (f"{SITE}/private/x", "robots", f"robots.txt of {SITE} forbids it")
    ]
    assert made.asked == 1


def test_robots_may_be_ignored_and_is_still_wanted_for_its_sitemaps() -> None:
    made = frontier(policy=None, robots="ignore")
    mention(made, "/a", "/b")
    assert asked(made) == ["/a", "/b"]
    assert made.new_origins == [SITE]


def test_a_robots_txt_comes_before_everything_and_is_not_held_back_by_itself() -> None:
    made = frontier(policy=None)
    mention(made, "/a")
    assert pop(made) is None
    made.ask_robots(f"{SITE}/robots.txt")
    made.ask_robots(f"{SITE}/robots.txt")
    assert [(task.url, task.role) for task in drain(made)] == [(f"{SITE}/robots.txt", "robots")]
    assert made.asked == 0


def test_a_linked_robots_txt_is_asked_as_robots_txt() -> None:
    """As a page it would wait for itself, and its rules would be unknown for good."""
    made = frontier(policy=None, max_depth="5")
    mention(made, "http://example.com/robots.txt", "http://example.com/x", depth=3)
    assert [task.role for task in drain(made)] == ["robots"]
    made.ask_robots("http://example.com/robots.txt")
    assert pop(made) is None
    made.robots("http://example.com", ALLOW)
    assert asked(made) == ["http://example.com/x"]


def test_what_a_robots_txt_redirects_to_is_asked_for_its_rules_and_as_a_page_besides() -> None:
    made = frontier()
    made.ask_robots(f"{SITE}/landing")
    mention(made, "/landing")
    assert [(task.url, task.role) for task in drain(made)] == [
        (f"{SITE}/landing", "robots"),
        (f"{SITE}/landing", "page"),
    ]
    made.ask_robots(f"{SITE}/rules")
    assert [task.role for task in drain(made)] == ["robots"]
    assert not made.knows(f"{SITE}/rules")


def test_a_redirect_keeps_depth_and_role_and_counts_a_hop() -> None:
    made = frontier()
    made.redirected(Task(f"{SITE}/a", "page", 3, 4), f"{SITE}/b")
    made.redirected(Task(f"{SITE}/s", "sitemap", 1), f"{OUTSIDE}/s.xml")
    tasks = {task.url: task for task in drain(made)}
    assert tasks[f"{SITE}/b"] == Task(f"{SITE}/b", "page", 3, 5)
    assert tasks[f"{OUTSIDE}/s.xml"].role == "sitemap"


def test_a_redirect_to_what_is_known_asks_nothing() -> None:
    made = frontier()
    mention(made, "/a")
    task = pop(made)
    assert task is not None
    made.redirected(task, task.url)
    assert pop(made) is None


def test_a_chain_that_never_ends_is_left_at_last() -> None:
    made = frontier()
    task = Task(f"{SITE}/0")
    for number in range(1, 1000):
        made.redirected(task, f"{SITE}/{number}")
        found = pop(made)
        if found is None:
            break
        done(made, found)
        task = found
    assert task.hops == MAX_HOPS_FOLLOWED
    assert [(limit.name, limit.count) for limit in made.limits()] == [("hops", 1)]


@pytest.mark.parametrize(
    ("external", "link", "target"),
    [("redirects", None, "HEAD"), ("links", "HEAD", "HEAD"), ("none", None, None)],
)
def test_what_lies_outside_is_asked_as_far_as_wanted(external: str, link: str | None, target: str | None) -> None:
    made = frontier(external=external)
    mention(made, f"{OUTSIDE}/link")
    for element in ("canonical", "hreflang", "iframe", "form-get", "img"):
        mention(made, f"{OUTSIDE}/{element}", element=element)
    made.redirected(Task(f"{SITE}/a"), f"{OUTSIDE}/target")
    expected = {f"{OUTSIDE}/link": link, f"{OUTSIDE}/target": target}
    assert {task.url: task.method for task in drain(made)} == {
        url: method for url, method in expected.items() if method
    }
    assert [limit.name for limit in made.limits()] == (["external"] if external == "none" else [])


def test_an_outside_redirect_back_into_the_site_is_a_page_again() -> None:
    made = frontier()
    made.redirected(Task(f"{OUTSIDE}/x", "outside", 2, 1), f"{SITE}/back")
    assert drain(made) == [Task(f"{SITE}/back", "page", 2, 2)]


def test_the_start_urls_chain_is_followed_as_pages_wherever_it_leads() -> None:
    made = frontier(external="none")
    made.redirected(Task(f"{SITE}/", start=True), f"{OUTSIDE}/")
    assert [(task.role, task.start) for task in drain(made)] == [("page", True)]


def test_assets_are_asked_only_on_demand_with_head_and_only_inside() -> None:
    elements = ("img", "script", "stylesheet", "icon", "preload", "source", "video")
    for assets, expected in (("0", []), ("1", [f"/{element}" for element in elements])):
        made = frontier(assets=assets)
        for element in elements:
            mention(made, f"/{element}", f"{OUTSIDE}/{element}", element=element)
        tasks = drain(made)
        assert [task.url.removeprefix(SITE) for task in tasks] == expected
        assert {task.method for task in tasks} <= {"HEAD"}


def test_what_is_both_an_asset_and_a_page_is_read_as_a_page() -> None:
    made = frontier(assets="1")
    mention(made, "/gallery", element="preload")
    mention(made, "/first")
    first = pop(made)
    assert first is not None
    assert pop(made) is None  # the page on its way may yet link to it
    mention(made, "/gallery")
    mention(made, "/gallery", element="img")
    done(made, first)
    assert [(task.url, task.role) for task in drain(made)] == [(f"{SITE}/gallery", "page")]


def test_what_is_an_asset_and_a_pages_redirect_target_is_read_as_a_page() -> None:
    made = frontier(assets="1")
    mention(made, "/both", "/picture", element="img")
    made.redirected(Task(f"{SITE}/old"), f"{SITE}/both")
    assert [(task.url.removeprefix(SITE), task.role) for task in drain(made)] == [
        ("/both", "page"),
        ("/picture", "asset"),
    ]


@pytest.mark.parametrize("element", ["form-get", "form-post"])
def test_forms_are_never_followed(element: str) -> None:
    made = frontier(assets="1", external="links")
    mention(made, "/submit", element=element)
    assert drain(made) == []
    mention(made, "/submit")  # what is linked as well is a page
    assert asked(made) == ["/submit"]


def test_include_and_exclude_choose_and_what_they_leave_out_is_counted_once() -> None:
    made = frontier(include="/docs/|/blog/", exclude=r"\?print=")
    mention(made, "/docs/a", "/docs/a?print=1", "/about", "/about", "/blog/x", element="a")
    mention(made, "/", element="start")
    made.redirected(Task(f"{SITE}/docs/old"), f"{SITE}/elsewhere")
    made.redirected(Task(f"{SITE}/docs/old2"), f"{SITE}/x?print=1")
    assert sorted(asked(made)) == ["/", "/blog/x", "/docs/a", "/elsewhere"]
    assert {(limit.name, limit.count) for limit in made.limits()} == {("exclude", 2), ("include", 1)}


def test_max_depth_counts_links_and_not_hops() -> None:
    made = frontier(max_depth="2")
    made.redirected(Task(f"{SITE}/a", depth=2, hops=7), f"{SITE}/b")
    mention(made, "/c", depth=1)
    mention(made, "/d", depth=2)
    assert sorted(asked(made)) == ["/b", "/c"]
    assert [(limit.name, limit.count) for limit in made.limits()] == [("max_depth", 1)]


def test_with_max_depth_a_level_waits_for_the_one_before() -> None:
    """Otherwise a URL may be found first on a long way, be too deep there, and be missed by the speed of answers."""
    made = frontier(max_depth="2")
    mention(made, "/", element="start")
    mention(made, "/a", depth=0)
    start = pop(made)
    assert start is not None
    assert pop(made) is None
    mention(made, "/b", depth=0)
    done(made, start)
    assert asked(made) == ["/a", "/b"]


def test_with_max_depth_a_site_that_goes_away_does_not_keep_the_others_waiting() -> None:
    made = frontier(max_depth="5")
    gone = "https://www.example.com"
    mention(made, f"{gone}/1", f"{gone}/2", f"{gone}/3")
    first = made.pop(0.0)
    assert first is not None
    done(made, first)
    mention(made, "/deep", depth=3)
    now, asked_at_last = 0.0, []
    while made.has_next and now < 10_000:
        now += 100
        while (task := made.pop(now)) is not None:
            away = task.url.startswith(gone)
            if made.answered(task, Reply(None, "connect", connected=False) if away else Reply(200), now):
                asked_at_last.append(task.url)
    assert asked_at_last == [f"{SITE}/deep"]
    assert not made.has_next
    assert made.waiting == 2


def test_max_urls_is_a_limit_and_what_it_leaves_is_told() -> None:
    made = frontier(max_urls="2")
    mention(made, "/a", "/b", "/c", "/d", "/e")
    made.ask_robots("https://www.example.com/robots.txt")
    assert len(drain(made)) == 3  # robots.txt does not count
    assert made.exhausted
    assert made.waiting == 3
    assert [(limit.name, limit.count) for limit in made.limits()] == [("max_urls", 3)]


def test_a_limit_that_left_nothing_out_is_not_told() -> None:
    made = frontier(max_urls="2", max_depth="1")
    mention(made, "/a", "/b")
    drain(made)
    assert made.limits() == []


def test_in_list_mode_nothing_but_the_list_and_its_redirects_is_asked(tmp_path: Any) -> None:
    file = tmp_path / "urls.txt"
    file.write_text(f"{SITE}/b\n{OUTSIDE}/x\n{SITE}/a\n")
    made = frontier(urls=str(file))
    for url in made.arguments.urls:
        mention(made, url, element="list")
    mention(made, "/linked")
    for element in ("canonical", "img", "sitemap", "sitemap-file", "hreflang"):
        mention(made, f"/{element}", element=element)
    made.redirected(Task(f"{SITE}/b"), f"{SITE}/end")
    assert asked(made) == ["/b", f"{OUTSIDE}/x", "/a", "/end"]


def test_sitemaps_are_files_of_the_same_level_and_their_entries_one_deeper() -> None:
    made = frontier()
    mention(made, "/sitemap.xml", element="sitemap-file")
    mention(made, "/entry", element="sitemap")
    assert [(task.role, task.depth) for task in drain(made)] == [("sitemap", 0), ("page", 1)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SITE}/robots.txt", True),
        (f"{SITE}/robots.txt?", False),
        (f"{SITE}/a/robots.txt", False),
        (f"{SITE}/Robots.txt", False),
        (f"{SITE}/", False),
    ],
)
def test_robots_txt_is_one_path(url: str, *, expected: bool) -> None:
    assert is_robots_txt(url) is expected


STEP = st.tuples(
    st.sampled_from(["mention", "redirect", "pop", "done", "robots", "ask robots"]),
    st.integers(0, 7),
    st.sampled_from(["a", "img", "start", "sitemap-file", "form-post", "canonical"]),
    st.integers(0, 3),
)
ORIGINS = (SITE, "https://www.example.com", OUTSIDE)


PATHS = ("/", "/a", "/b", "/private/c", "/robots.txt", "/d", "/e", "/f")


def take(made: Frontier, step: tuple[str, int, str, int], now: float) -> Task | None:
    """One thing that may happen; the task that came out, if it was that."""
    what, number, element, depth = step
    url = ORIGINS[(number + depth) % 3] + PATHS[number]
    if what == "mention":
        made.mentions([Mention(url, element)], Task(f"{SITE}/index", depth=depth))
    elif what == "redirect":
        made.redirected(Task(SITE + PATHS[depth], depth=depth), url)
    elif what == "pop":
        return made.pop(now)
    elif what == "robots" and made.policy(f"{ORIGINS[depth % 3]}/") is None:
        made.robots(ORIGINS[depth % 3], FORBID_PRIVATE)
    elif what == "ask robots":
        made.ask_robots(f"{ORIGINS[depth % 3]}/robots.txt")
    return None


REPLIES = (Reply(200), Reply(404), Reply(503), Reply(None, "timeout"), Reply(None, "reset"))


@given(
    st.lists(STEP),
    st.sampled_from(
        [{}, {"max_depth": "2"}, {"assets": "1"}, {"external": "links"}, {"robots": "ignore"}, {"concurrency": "1"}]
    ),
)
def test_whatever_the_order_no_url_is_asked_twice_and_none_is_lost(
    steps: list[tuple[str, int, str, int]], given_arguments: dict[str, str]
) -> None:
    made = frontier(policy=None, **given_arguments)
    recorded: list[Task] = []
    in_flight: list[Task] = []
    now = 0.0

    def answer(task: Task, reply: Reply) -> None:
        if made.answered(task, reply, now):
            recorded.append(task)

    for step in steps:
        now += 1
        task = take(made, step, now)
        if task is not None:
            in_flight.append(task)
        elif step[0] == "done" and in_flight:
            answer(in_flight.pop(), REPLIES[(step[1] + step[3]) % len(REPLIES)])
    for origin in ORIGINS:
        made.robots(origin, FORBID_PRIVATE)
    while in_flight or made.has_next:
        now += 100
        while (task := made.pop(now)) is not None:
            in_flight.append(task)
        while in_flight:
            answer(in_flight.pop(), Reply(200))
    rows = [*(task.url for task in recorded), *(kept.task.url for kept in made.kept_back)]
    assert len(rows) == len(set(rows))
    assert made.known == {hash(url) for url in rows}
    assert made.waiting == 0
    assert made.lanes.paces[("example.com")].in_flight == 0
