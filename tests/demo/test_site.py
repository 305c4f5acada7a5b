"""The sample site's truth holds by itself: what is claimed of a chain follows from the answers, one by one."""

from __future__ import annotations

import re

import pytest

from seoaudit.demo.answers import WWW, Answer
from seoaudit.demo.site import SECTIONS, START, Site, build
from seoaudit.records import MAX_REDIRECTS, MECHANISMS, OUTCOMES, REDIRECT_STATUSES

SITE = build()
SHOP_HOSTS = ("://shop.example/", "://www.shop.example/")
CHAINS = [answer for answer in SITE.answers.values() if answer.truth.outcome]


def bare(url: str) -> str:
    return url.partition("#")[0]


def walk(answer: Answer) -> list[Answer]:
    """The answers along a chain, until it ends or names one twice."""
    path = [answer]
    while (target := path[-1].truth.location_url) and path[-1] not in path[:-1]:
        path.append(SITE.answer(bare(target)))
    return path


def expected_outcome(path: list[Answer]) -> str:
    end = path[-1]
    if end in path[:-1]:
        return "loop"
    if len(path) - 1 > MAX_REDIRECTS:
        return "too-many"
    if end.status in REDIRECT_STATUSES:
        return "invalid-location"
    if not any(host in end.url for host in SHOP_HOSTS):
        return "external"
    if end.truth.error:
        return "robots" if end.truth.error == "robots" else "unreachable"
    return {4: "client-error", 5: "server-error"}.get(end.status // 100, "ok")


@pytest.mark.parametrize("answer", CHAINS, ids=lambda answer: answer.url)
def test_what_is_said_of_a_chain_follows_from_its_answers(answer: Answer) -> None:
    path = walk(answer)
    lasting = {
        hop.status in (301, 308) if hop.truth.mechanism == "location" else hop.truth.permanence for hop in path[:-1]
    }
    assert answer.truth.hops == len(path) - 1
    assert answer.truth.outcome == expected_outcome(path)
    if lasting <= {True, False}:
        word = "mixed" if len(lasting) == 2 else {True: "permanent", False: "temporary"}[answer.status in (301, 308)]
        assert answer.truth.permanence == word


def test_every_kind_of_redirect_and_every_outcome_is_on_the_site() -> None:
    redirects = [answer for answer in CHAINS if answer.truth.mechanism]
    assert {answer.truth.mechanism for answer in redirects} == set(MECHANISMS)
    assert {answer.status for answer in redirects if answer.truth.mechanism == "location"} == REDIRECT_STATUSES
    assert {answer.truth.outcome for answer in CHAINS} == set(OUTCOMES) - {"unfinished"}
    assert {answer.truth.permanence for answer in CHAINS} == {"permanent", "temporary", "mixed"}
    assert {1, 2, 4, 6, 11, 25} <= {answer.truth.hops for answer in CHAINS}
    assert {1, 2, 3, 7} <= {answer.truth.hops for answer in CHAINS if answer.truth.outcome == "loop"}


def links(site: Site) -> dict[str, list[str]]:
    return {
        url: re.findall(r'<a href="([^"]*)"', answer.body.decode())
        for url, answer in site.answers.items()
        if isinstance(answer.body, bytes) and answer.body.startswith(b"<!doctype html>")
    }


def test_another_seed_changes_the_order_of_links_and_nothing_else() -> None:
    first, second = links(build(1)), links(build(2))
    assert first.keys() == second.keys() == links(SITE).keys()
    assert {page: sorted(found) for page, found in first.items()} == {
        page: sorted(found) for page, found in second.items()
    }
    assert all(first[url] != second[url] for url in first)


def test_the_same_seed_makes_the_same_site() -> None:
    assert build(7) == build(7)


def test_every_page_links_every_family_and_one_redirect() -> None:
    for found in links(SITE).values():
        assert {section.path for section in SECTIONS} | {"/catalogue"} <= set(found)


def test_the_home_page_says_that_it_is_a_demo() -> None:
    body = SITE.answers[f"{WWW}/"].body
    assert isinstance(body, bytes)
    assert "This is a demo." in body.decode()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (START, "https://shop.example/"),
        ("http://www.shop.example/robots.txt", "https://www.shop.example/robots.txt"),
        ("https://shop.example/robots.txt", "https://www.shop.example/robots.txt"),
        ("http://shop.example/no/such?page=1", "https://shop.example/no/such?page=1"),
    ],
)
def test_a_url_without_an_answer_of_its_own_moves_to_https_and_www(url: str, target: str) -> None:
    answer = SITE.answer(url)
    assert (answer.status, answer.truth.location_url) == (301, target)


def test_an_unknown_url_of_the_shop_is_not_found() -> None:
    assert SITE.answer(f"{WWW}/no/such").status == 404
