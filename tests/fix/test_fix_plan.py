"""What is to be changed: each redirect that needs it, and none that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recorded_sites import planned, ruled, short, site, sure

from seoaudit.fix.patterns import make_rules
from seoaudit.fix.plan import make_plan
from seoaudit.fix.proving import simulated

if TYPE_CHECKING:
    from seoaudit.fix.plan import Plan


def proposals(plan: Plan) -> dict[str, tuple[str | None, str]]:
    return {
        short(edit.source): (edit.target and short(edit.target), edit.note)
        for edit in plan.edits
        if edit.confidence == "proposal"
    }


def test_a_chain_is_collapsed_to_its_end_from_each_of_its_urls() -> None:
    plan = planned("/a 301 /b", "/b 301 /c", "/c 301 /d", "/d 200")
    assert sure(plan) == {"/a": ("/d", 301), "/b": ("/d", 301)}


def test_one_permanent_redirect_is_left_alone() -> None:
    assert planned("/a 301 /b", "/b 200", "/c 308 /b").edits == ()


def test_a_temporary_redirect_to_another_page_is_left_alone() -> None:
    assert planned("/a 302 /b", "/b 200").edits == ()


def test_a_temporary_redirect_to_another_spelling_becomes_permanent() -> None:
    plan = planned(
        "/a 302 /a/", "/a/ 200", "/B 307 /b", "/b 200", "http://example.com/c 303 https://example.com/c", "/c 200"
    )
    assert sure(plan) == {"/a": ("/a/", 301), "/B": ("/b", 308), "http://example.com/c": ("/c", 301)}


def test_where_a_form_posts_the_method_is_kept() -> None:
    assert sure(planned("/a 301 /b", "/b 301 /c", "/c 200", posts=["/a"]))["/a"] == ("/c", 308)


def test_a_chain_that_keeps_the_method_goes_on_keeping_it() -> None:
    assert sure(planned("/a 308 /b", "/b 307 /b/", "/b/ 200"))["/a"] == ("/b/", 308)


def test_a_lasting_redirect_ends_before_a_temporary_one_and_the_rest_is_a_proposal() -> None:
    plan = planned("/a 301 /b", "/b 301 /c", "/c 302 /d", "/d 200")
    assert sure(plan) == {"/a": ("/c", 301)}
    assert proposals(plan)["/b"][0] == "/d"


def test_a_temporary_redirect_stays_temporary_when_it_is_straightened() -> None:
    assert sure(planned("/a 302 /b", "/b 301 /c", "/c 200")) == {"/a": ("/c", 302)}
    assert sure(planned("/a 307 /b", "/b 301 /c", "/c 200")) == {"/a": ("/c", 307)}
    assert sure(planned("/a 303 /b", "/b 301 /c", "/c 200")) == {"/a": ("/c", 302)}


def test_what_depends_on_the_visitor_is_no_rule() -> None:
    lines = ("/b 301 /c", "/c 200")
    assert sure(planned("/a 302 /b vary=Accept-Language", *lines)) == {}
    assert sure(planned("/a 302 /b cookies=session", *lines)) == {}
    assert sure(planned("/a 302 /login", "/login 302 /login/", "/login/ 200")) == {"/login": ("/login/", 301)}
    assert sure(planned("/a 302 /b", *lines, findings={"/a": ("language-redirect",)})) == {}


def test_nothing_is_led_past_a_redirect_that_depends_on_the_visitor() -> None:
    plan = planned("/a 302 /b", "/b 302 /c vary=Cookie", "/c 200")
    assert sure(plan) == {}


def test_the_fragment_of_the_way_is_kept() -> None:
    assert sure(planned("/a 301 /b#part", "/b 301 /c", "/c 200"))["/a"] == ("/c#part", 301)
    assert sure(planned("/a 301 /b#part", "/b 301 /c#other", "/c 200"))["/a"] == ("/c#other", 301)


def test_an_instant_refresh_becomes_a_redirect_of_the_server_and_a_script_only_a_proposal() -> None:
    lines = ("/b 200",)
    plan = planned("/a 200 /b mechanism=meta-refresh", *lines, findings={"/a": ("instant-refresh",)})
    assert sure(plan) == {"/a": ("/b", 301)}
    assert proposals(planned("/a 200 /b mechanism=javascript", *lines))["/a"][0] == "/b"


def test_a_loop_is_one_comment_at_the_redirect_that_leaves_https() -> None:
    plan = planned("/a 301 http://example.com/a", "http://example.com/a 301 https://example.com/a", "/in 301 /a")
    assert sure(plan) == {}
    assert list(proposals(plan)) == ["/a"]
    assert "remove the redirect from https://example.com/a to http://example.com/a" in proposals(plan)["/a"][1]


def test_a_broken_end_is_a_proposal_with_the_nearest_page_and_its_score() -> None:
    plan = planned("/shop/red-chair.html 301 /gone", "/gone 404", "/products/red-chair/ 200", "/about 200")
    target, note = proposals(plan)["/shop/red-chair.html"]
    assert target == "/products/red-chair/"
    assert "score 0." in note


def test_a_broken_end_that_nothing_is_like_names_no_page() -> None:
    assert proposals(planned("/a 301 /gone", "/gone 404", "/products/red-chair/ 200"))["/a"][0] is None


def test_a_right_redirect_to_a_page_that_is_gone_is_not_at_fault() -> None:
    assert planned("http://example.com/gone 301 https://example.com/gone", "/gone 404").edits == ()


def test_a_location_in_angle_brackets_is_a_proposal_of_what_it_means() -> None:
    plan = planned("/v1 301 <https://example.com/v2>", "/%3Chttps://example.com/v2%3E 404", "/v2 200")
    assert proposals(plan)["/v1"][0] == "/v2"


HOSTS = (
    "http://example.com/ 301 http://www.example.com/",
    "http://www.example.com/ 301 https://www.example.com/",
    "https://example.com/ 301 https://www.example.com/",
    "https://www.example.com/ 200",
    "http://example.com/p?q=1 301 http://www.example.com/p?q=1",
    "http://www.example.com/p?q=1 302 https://www.example.com/p?q=1",
    "https://www.example.com/p?q=1 200",
)


def test_https_and_host_are_one_rule_an_origin_and_one_hop() -> None:
    rules = ruled(*HOSTS)
    assert {(move.source, move.target, move.status) for move in rules.aliases} == {
        ("http://example.com", "https://www.example.com", 301),
        ("http://www.example.com", "https://www.example.com", 301),
    }
    assert rules.exacts == ()
    assert rules.reply("http://example.com/new?a=b").target == "https://www.example.com/new?a=b"


def test_an_origin_whose_redirects_are_right_needs_no_rule() -> None:
    assert all(move.source != "https://example.com" for move in ruled(*HOSTS).aliases)


def test_a_host_that_asks_for_preload_goes_to_https_on_itself_first() -> None:
    recorded = site(*HOSTS, preload=frozenset({"example.com"}))
    rules = make_rules(make_plan(recorded), recorded)
    assert rules.reply("http://example.com/p?q=1") == ("https://example.com/p?q=1", 301)
    assert rules.reply("http://www.example.com/").target == "https://www.example.com/"
    assert simulated(recorded, make_plan(recorded), rules).holds


def test_where_a_form_posts_the_rule_of_the_origin_keeps_the_method() -> None:
    assert {
        move.status
        for move in ruled(*HOSTS, posts=["http://example.com/p?q=1", "http://www.example.com/p?q=1"]).aliases
    } == {308}


def test_a_page_that_lives_at_one_origin_alone_forbids_the_rule() -> None:
    rules = ruled(*HOSTS, "http://www.example.com/only-here 200")
    assert [move.source for move in rules.aliases] == ["http://example.com"]
    assert "only-here" in rules.proposals[0].text


def test_an_old_path_at_an_alias_reaches_the_new_one_in_one_hop() -> None:
    rules = ruled(
        *HOSTS,
        "http://example.com/old 301 https://www.example.com/old",
        "https://www.example.com/old 301 https://www.example.com/new",
        "https://www.example.com/new 200",
    )
    assert rules.reply("http://example.com/old") == ("https://www.example.com/new", 301)
    assert rules.reply("http://www.example.com/old") == ("https://www.example.com/new", 301)


def test_a_redirect_that_forgot_the_path_keeps_it() -> None:
    rules = ruled(
        *HOSTS,
        "http://example.com/deep 301 https://www.example.com/",
        "https://www.example.com/deep 200",
        findings={"http://example.com/deep": ("path-lost",)},
    )
    assert rules.reply("http://example.com/deep").target == "https://www.example.com/deep"


def test_a_redirect_that_forgets_what_the_run_cannot_give_back_is_a_proposal() -> None:
    plan = planned("/find?q=a 301 /search", "/search 200", findings={"/find?q=a": ("query-lost",)})
    assert sure(plan) == {}
    assert proposals(plan)["/find?q=a"][0] == "/search?q=a"
    lost = planned("/api/v1/x 307 /api/v2/", "/api/v2/ 200", findings={"/api/v1/x": ("redirect-funnel",)})
    assert proposals(lost) == {"/api/v1/x": (None, "Mend redirect-funnel.")}


def test_what_somebody_must_settle_first_is_asked_once() -> None:
    plan = planned("/ 200", "https://www.example.com/ 200", findings=dict.fromkeys(["/", "/x"], ("both-hosts-answer",)))
    assert [(edit.confidence, edit.note) for edit in plan.edits] == [("proposal", "Mend both-hosts-answer.")]


def test_an_endless_path_is_followed_to_its_end() -> None:
    lines = [f"/{number} 301 /{number + 1}" for number in range(60)]
    assert sure(planned(*lines, "/60 200"))["/0"] == ("/60", 301)
