"""Every origin's robots.txt is found through its redirects, each URL asked once, and no origin waits for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from seoaudit.crawl.robots import MAX_ROBOTS_HOPS, Lesson, RobotsAnswer, RobotsGate, product_token, robots_status

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBID = b"User-agent: *\nDisallow: /private"
A, B, C = "https://a.example", "http://b.example", "https://c.example"


class Site:
    """Answers by URL; a text is where it redirects to, anything unknown is 404."""

    def __init__(self, answers: Mapping[str, RobotsAnswer | str]) -> None:
        self.asked: list[str] = []
        self.waiting: list[str] = []
        self._answers = answers
        self.gate = RobotsGate("seoaudit", self._ask)

    def _ask(self, url: str) -> None:
        if url not in self.asked:
            self.asked.append(url)
            self.waiting.append(url)

    def answer(self) -> list[Lesson]:
        """Answer everything that is asked, in turn."""
        lessons = []
        while self.waiting:
            url = self.waiting.pop(0)
            found = self._answers.get(url, RobotsAnswer(404, b""))
            lessons += self.gate.answered(url, RobotsAnswer(301, b"", found) if isinstance(found, str) else found)
        return lessons

    def learn(self, *origins: str) -> dict[str, Lesson]:
        wanted = [self.gate.want(origin) for origin in origins]
        lessons = [*(lesson for lesson in wanted if lesson), *self.answer()]
        assert sorted(lesson.origin for lesson in lessons) == sorted(origins)
        return {lesson.origin: lesson for lesson in lessons}


def allows(lesson: Lesson) -> bool:
    return lesson.policy.allows(f"{lesson.origin}/private/x")


def test_the_rules_of_each_origin_are_its_own() -> None:
    site = Site({f"{A}/robots.txt": RobotsAnswer(200, FORBID)})
    lessons = site.learn(A, B)
    assert not allows(lessons[A])
    assert allows(lessons[B])
    assert site.asked == [f"{A}/robots.txt", f"{B}/robots.txt"]


def test_a_redirect_is_followed_and_the_rules_hold_for_the_origin_first_asked() -> None:
    site = Site(
        {f"{A}/robots.txt": f"{B}/robots.txt", f"{B}/robots.txt": f"{B}/new", f"{B}/new": RobotsAnswer(200, FORBID)}
    )
    lesson = site.learn(A)[A]
    assert not allows(lesson)
    assert lesson.url == f"{B}/new"


def test_what_several_origins_lead_to_is_asked_once() -> None:
    site = Site(
        {
            f"{A}/robots.txt": f"{C}/robots.txt",
            f"{B}/robots.txt": f"{C}/robots.txt",
            f"{C}/robots.txt": RobotsAnswer(200, FORBID),
        }
    )
    assert not any(allows(lesson) for lesson in site.learn(A, B, C).values())
    assert sorted(site.asked) == sorted(f"{origin}/robots.txt" for origin in (A, B, C))


def test_what_was_answered_already_is_known_at_once() -> None:
    site = Site({f"{A}/robots.txt": f"{B}/robots.txt", f"{B}/robots.txt": RobotsAnswer(200, FORBID)})
    site.learn(A)
    assert not allows(site.learn(B)[B])
    assert len(site.asked) == 2


def chain(hops: int) -> dict[str, RobotsAnswer | str]:
    answers: dict[str, RobotsAnswer | str] = {f"{A}/robots.txt": f"{A}/1"}
    answers |= {f"{A}/{number}": f"{A}/{number + 1}" for number in range(1, hops)}
    return {**answers, f"{A}/{hops}": RobotsAnswer(200, FORBID)}


def test_five_redirects_are_followed_and_no_sixth() -> None:
    assert MAX_ROBOTS_HOPS == 5
    assert not allows(Site(chain(5)).learn(A)[A])
    sixth = Site(chain(6))
    assert allows(sixth.learn(A)[A])
    assert f"{A}/6" not in sixth.asked


def test_a_loop_ends_and_counts_as_not_there() -> None:
    assert allows(Site({f"{A}/robots.txt": f"{A}/robots.txt"}).learn(A)[A])
    two = Site({f"{A}/robots.txt": f"{B}/robots.txt", f"{B}/robots.txt": f"{A}/robots.txt"})
    assert all(map(allows, two.learn(A, B).values()))


def test_a_server_in_trouble_and_a_silent_one_forbid_all() -> None:
    for status in (500, 503, 429, None):
        lesson = Site({f"{A}/robots.txt": RobotsAnswer(status, b"")}).learn(A)[A]
        assert not lesson.policy.allows(f"{A}/")
        assert lesson.policy.reason


def test_trouble_behind_a_redirect_forbids_all() -> None:
    site = Site({f"{A}/robots.txt": f"{B}/robots.txt", f"{B}/robots.txt": RobotsAnswer(503, b"")})
    assert not site.learn(A)[A].policy.allows(f"{A}/")


def test_an_answer_that_nobody_waits_for_is_kept() -> None:
    site = Site({})
    assert site.gate.answered(f"{A}/robots.txt", RobotsAnswer(200, FORBID)) == []
    lesson = site.gate.want(A)
    assert lesson is not None
    assert not allows(lesson)


def test_where_nobody_is_there_each_url_says_so_itself() -> None:
    for error in ("dns", "connect", "tls"):
        assert robots_status(None, error) == 404
    for error in ("timeout", "reset", "malformed"):
        assert robots_status(None, error) is None
    assert robots_status(200, "reset") == 200


def test_the_product_token_is_the_user_agents_first_word() -> None:
    assert product_token("MyBot/2.0 (+https://example.com/bot)") == "MyBot"
    for none in (None, "", "/1.0", " / "):
        assert product_token(none) == "seoaudit"


URLS = st.sampled_from([f"{origin}/{path}" for origin in (A, B, C) for path in ("robots.txt", "x", "y")])


@given(st.dictionaries(URLS, URLS), st.lists(st.sampled_from([A, B, C]), min_size=1, unique=True))
def test_wherever_redirects_lead_every_origin_is_settled_once(redirects: dict[str, str], origins: list[str]) -> None:
    site = Site(redirects)
    site.learn(*origins)
    assert not site.gate.waiting
    assert len(site.asked) == len(set(site.asked))
