"""What each server makes of the rules: on nginx and Apache for real."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_rules import NOTE, asked, blank, hostile
from recorded_sites import ruled, site

from seoaudit.fix.bench import BenchError, serving
from seoaudit.fix.patterns import make_rules
from seoaudit.fix.plan import make_plan
from seoaudit.fix.proving import prove_on
from seoaudit.fix.ruleset import Exact, Help, Ruleset
from seoaudit.fix.servers import File, catalogue

SERVERS = catalogue()
REAL = [pytest.param(name, marks=pytest.mark.server(one.front.program)) for name, one in SERVERS.items() if one.front]


def test_the_hostile_rules_reach_every_kind_of_rule() -> None:
    rules = hostile()
    replies = [rules.reply(url) for url in asked(rules)]
    assert any(reply is None for reply in replies)
    assert {reply.status for reply in replies if reply} == {301, 302, 308}


@pytest.mark.parametrize("name", REAL)
def test_a_real_server_answers_hostile_urls_as_the_rules_mean(name: str) -> None:
    written = SERVERS[name].write(hostile())
    rules = written.rules
    with serving(SERVERS[name], written, blank(rules)) as asker:
        answers = {url: asker.reply(url) for url in asked(hostile())}
        refused = set(asker.refused)
    wrong = {url: (answer, rules.reply(url)) for url, answer in answers.items() if answer != rules.reply(url)}
    assert {url: pair for url, pair in wrong.items() if url not in refused} == {}
    assert len(refused) < len(answers) / 20, sorted(refused)[:20]


@pytest.mark.parametrize("name", REAL)
def test_a_real_server_loads_20_000_entries(name: str) -> None:
    numbers = range(20_000)
    entries = [
        Exact(f"https://example.com/Old/{n}", f"https://example.com/new/{n}", 301, any_query=True) for n in numbers
    ]
    rules = Ruleset("example.com", exacts=tuple(entries))
    some = [f"https://example.com/{path}" for path in ("Old/0", "Old/19999?a=b", "old/19999", "Old/20000")]
    with serving(SERVERS[name], SERVERS[name].write(rules), blank(Ruleset("example.com"))) as asker:
        assert [asker.reply(url) for url in some] == [rules.reply(url) for url in some]


@pytest.mark.parametrize("name", REAL)
def test_many_hostile_entries_answer_as_few_do(name: str) -> None:
    """From some number of entries on a writer may choose another form."""
    rules = hostile()
    more = tuple(
        Exact(f"https://example.com/more/{n}", f"https://example.com/end/{n}", 301, help=Help()) for n in range(500)
    )
    rules = Ruleset(rules.site, rules.upgrades, (*rules.exacts, *more), rules.patterns, rules.aliases, rules.proposals)
    urls, written = asked(hostile()), SERVERS[name].write(rules)
    rules = written.rules
    with serving(SERVERS[name], written, blank(Ruleset("example.com"))) as asker:
        wrong = [(url, answer, rules.reply(url)) for url in urls if (answer := asker.reply(url)) != rules.reply(url)]
        refused = set(asker.refused)
    assert [one for one in wrong if one[0] not in refused] == []


ARTICLES = (
    # The old path written again behind the new one, after two slashes.
    "/api/v1/users?page=2 307 /api/v2//api/v1/users?page=2",
    "/api/v2//api/v1/users?page=2 301 /api/v2/users?page=2",
    "/api/v2/users?page=2 200",
    # A prefix that catches more than it should.
    "/blog 301 /news",
    "/news 301 /news/",
    "/news/ 200",
    "/blogger 200",
    # A target in angle brackets.
    "/v1 301 <https://example.com/v2>",
    "/%3Chttps://example.com/v2%3E 404",
    "/v2 200",
    # The query thrown away by the first of two.
    "http://example.com/search?q=a 302 https://example.com/search?q=a",
    "/search?q=a 200",
)


@pytest.mark.parametrize("name", REAL)
def test_the_mistakes_of_well_known_guides_are_mended_and_not_made(name: str) -> None:
    recorded = site(*ARTICLES)
    plan = make_plan(recorded)
    rules = make_rules(plan, recorded)
    proof, note = prove_on(SERVERS[name], recorded, plan, rules)
    assert (proof.holds, note, proof.wrong, proof.changed) == (True, "", (), ())
    assert proof.after.hops < proof.before.hops
    assert rules.reply("https://example.com/blogger") is None
    assert rules.reply("https://example.com/v1") is None
    assert any(one.target == "https://example.com/v2" for one in rules.proposals)


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_a_comment_is_one_line_whatever_a_site_wrote(name: str) -> None:
    for file in SERVERS[name].write(hostile()).files:
        assert NOTE not in file.text
        assert not any(mark in file.text for mark in ("\u2028", "\r"))
        assert not any(line.lstrip().startswith(("#", "//")) and line.endswith("\\") for line in file.text.splitlines())


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_every_source_is_written_or_told_as_left_out(name: str) -> None:
    rules = ruled(
        *(f"/a{n} 301 /b{n}" for n in range(4)),
        *(f"/b{n} 301 /{n}" for n in range(4)),
        *(f"/{n} 200" for n in range(4)),
    )
    written = SERVERS[name].write(rules)
    text = "".join(file.text for file in written.files) + "".join(written.left_out)
    assert all(f"/a{n}" in text for n in range(4)) or rules.patterns


def test_without_the_program_the_proof_is_simulated_and_names_the_package() -> None:
    recorded = site(*ARTICLES)
    plan = make_plan(recorded)
    front = replace(SERVERS["nginx"].front, program="no-such-program")
    proof, note = prove_on(replace(SERVERS["nginx"], front=front), recorded, plan, make_rules(plan, recorded))
    assert (proof.by, proof.holds) == ("simulated", True)
    assert note == "simulated: no-such-program is not installed; apt-get install nginx-light"


@pytest.mark.server("nginx")
def test_a_proof_fails_where_the_rules_lead_elsewhere() -> None:
    recorded = site(*ARTICLES)
    plan = make_plan(recorded)
    wrong = Ruleset("example.com", exacts=(Exact("https://example.com/blog", "https://example.com/blogger", 301),))
    proof, _ = prove_on(SERVERS["nginx"], recorded, plan, wrong)
    assert not proof.holds
    assert [(one.url, one.intended) for one in proof.changed] == [("https://example.com/blog", False)]
    assert "ANOTHER END, NOT INTENDED: 1" in proof.lines()


@pytest.mark.server("nginx")
def test_rules_that_a_server_refuses_are_told_with_its_own_words() -> None:
    written = SERVERS["nginx"].write(hostile())
    broken = written._replace(files=(File("rules.conf", "no directive"),))
    with pytest.raises(BenchError, match="emerg"), serving(SERVERS["nginx"], broken, blank(Ruleset("example.com"))):
        pass


def test_the_page_about_servers_has_a_row_for_each_and_says_which_are_proven_for_real() -> None:
    page = (Path(__file__).parents[2] / "docs/fix.md").read_text(encoding="utf-8")
    rows = {row[0]: row[-1] for row in re.findall(r"^\| `(\w+)` \|.*\| (real|simulated) \|$", page, re.MULTILINE)}
    assert rows == {name: "real" if one.front else "simulated" for name, one in SERVERS.items()}
