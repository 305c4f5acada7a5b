"""Every rule finds what its cases say, and the catalogue is complete.

**How to write a case.** The cases of the rule `redirect-loop` lie in `tests/rules/redirect_loop.toml`. No Python is needed:

    [[case]]
    name = "two URLs that redirect to each other"      # what the case shows, in one sentence
    responses = ["/a 301 /b", "/b 302 /a", "/c 200"]   # what the servers answered
    links = ["/ a /a | Our offer", "- sitemap /c"]     # who mentions what
    finds = ["/a", "/b"]                               # the URLs that the rule must name, no more and no fewer

A rule needs at least one case that finds something and one that finds nothing (`finds = []`).

A URL is a path on https://example.com or written out in full. example.com and www.example.com, with http and https, are
the audited site; every other host lies outside (`hosts = [...]` names others).

`responses`, one line an answer:
    "/a 301 /b"                       a Location header, as the server wrote it (all that follows the status)
    "/a 301"                          a redirect status without Location
    "/a 200 refresh=0 /b"             a meta refresh after 0 seconds; `refresh-header=5` is the Refresh header
    "/a 200 javascript /b"            an assignment to `location` in an inline script
    "/a 404", "/a !timeout"           a plain answer, and a failure (the words of `FetchError` in seoaudit/records.py)
`rows` adds columns of docs/data.md to an answer, or a whole answer (status 200 unless it says otherwise):
    rows = [{ url = "/c", media_type = "application/pdf", cache_control = "max-age=5" }]
`links`, one line a mention: page, element, target as written (a fragment is kept), and after ` | ` the link's text. A page
    that stands in no response answers 200. `form-post:password` is a form with a password (`links.rel`). The page `-` stands for no page: what the start URL, a list or robots.txt named.
`variants` are answers to a URL asked in another way: `{ of = "/a", variant = "googlebot", status = 302, location = "/b" }`;
`rewalks` are second walks with cookies: `{ url_list = ["/a", "/b"], statuses = [302, 200], cookie_names = "session" }`;
    they end `ok` unless `outcome = "loop"` or another word says otherwise.
`history`, one line an answer in weekly runs before this one, which began on 2026-11-20: `"17..1 /a 307 /b"` (from 17 weeks ago
    to last week), `"3 /a 404"` (three weeks ago only); `"2 unfinished"` says how that run ended.
`thresholds = { chain_low = 3 }` and `expected = [{ source = "...", code = 301, target = "..." }]` set what seoaudit.toml
    can set; `run = { listed_urls = ["..."] }` sets fields of run.json.
`finds` may say more: `{ url = "/a", severity = "high", detail_has = "302", fix_has = "/c", group_has = "https" }`;
    `detail_lacks` and `fix_lacks` name words that must not be there, and `group = ""` says that it stands alone.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import cases
import hostile
import pytest
from runs import make_run

import seoaudit.rules
from seoaudit.classify.facts import build_facts
from seoaudit.config import Thresholds
from seoaudit.records import SEVERITIES, Mention, Response
from seoaudit.render.rules_page import THRESHOLDS, rules_page
from seoaudit.rules import Rule, catalogue, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RULES = catalogue()
CASES = {rule_id: cases.FOLDER / f"{rule_id.replace('-', '_')}.toml" for rule_id in RULES}

LONGER = {
    "open-redirect": "long addresses of its sources",
    "redirect-to-noindex": "two patterns of words that say noindex",
    "redirect-to-unreachable": "a table of what can happen, and the auditor's own network",
    "redirect-type-change": "two tables of kinds",
    "temporary-https-redirect": "what the status means for a form that posts there",
    "unfinished-chain": "two sets of words: limits that somebody set, and others",
}
"""Rules of more than 60 lines, and why."""


def every_case() -> list[object]:
    return [
        pytest.param(RULES[rule_id], case, id=f"{rule_id}: {case.name}")
        for rule_id, file in CASES.items()
        if file.exists()
        for case in cases.cases(file)
    ]


@pytest.mark.parametrize(("rule", "case"), every_case())
def test_a_rule_finds_what_its_case_says(rule: Rule, case: cases.Case, tmp_path: Path) -> None:
    facts = cases.facts(case, tmp_path)
    found, failed = judge(facts, rules={rule.id: rule})
    assert failed == {}
    seen = found.fillna({"group": ""}).to_dict("records")
    assert sorted(row["url"] for row in seen) == sorted(row["url"] for row in case.expected_findings)
    for row, wanted in zip(_by_url(seen), _by_url(case.expected_findings), strict=True):
        assert wanted.get("severity", row["severity"]) == row["severity"]
        for word in ("detail", "fix", "group"):
            assert wanted.get(f"{word}_has", "") in row[word]
            assert f"{word}_lacks" not in wanted or wanted[f"{word}_lacks"] not in row[word]
        assert wanted.get("group", row["group"]) == row["group"]


def _by_url(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["url"])


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_has_a_case_that_fires_and_one_that_is_silent(rule_id: str) -> None:
    file = CASES[rule_id]
    where = f"tests/rules/{file.name}"
    assert file.exists(), f"please add {where} with the cases of {rule_id}; tests/test_rules.py says how"
    fires = {case.fires for case in cases.cases(file)}
    assert True in fires, f"please add a case to {where} in which {rule_id} finds something"
    assert False in fires, f"please add a case to {where} in which {rule_id} finds nothing (finds = [])"


def test_every_case_file_belongs_to_a_rule() -> None:
    assert sorted(cases.FOLDER.glob("*.toml")) == sorted(CASES.values())


def test_an_id_is_the_name_of_its_file() -> None:
    files = {path.stem.replace("_", "-") for path in Path(seoaudit.rules.__file__).parent.glob("[!_]*.py")}
    assert set(RULES) == files
    assert all(rule_id == rule.id for rule_id, rule in RULES.items())


def test_there_are_forty_rules_or_more() -> None:
    assert len(RULES) >= 40


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_says_why_how_to_mend_it_and_where_it_comes_from(rule: Rule) -> None:
    assert rule.severity in SEVERITIES
    assert all(len(words) > 5 for words in (rule.title, rule.family, rule.why, rule.fix))
    assert rule.why[-1] + rule.fix[-1] == ".."
    assert rule.references
    for reference in rule.references:
        assert re.fullmatch(r"20\d\d-[01]\d(-[0-3]\d)?", reference.date)
        assert reference.url.startswith("https://")


@pytest.mark.parametrize("rule_id", RULES)
def test_every_rule_is_a_short_file_with_one_sentence_on_top(rule_id: str) -> None:
    module = importlib.import_module(f"seoaudit.rules.{rule_id.replace('-', '_')}")
    lines = Path(module.__file__ or "").read_text(encoding="utf-8").splitlines()
    assert (module.__doc__ or "").strip().endswith(".")
    assert len(lines) <= 60 or rule_id in LONGER, (
        "a rule this long does two things, or needs facts that belong in classify"
    )


def test_no_two_rules_have_one_title() -> None:
    titles = [rule.title.lower() for rule in RULES.values()]
    assert sorted(titles) == sorted(set(titles))


def test_the_page_of_the_rules_is_up_to_date() -> None:
    page = Path(__file__).parents[1] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == rules_page(RULES), (
        "please run: seoaudit rules --markdown > docs/rules.md"
    )


def test_the_page_of_the_rules_explains_every_threshold() -> None:
    assert list(THRESHOLDS) == list(Thresholds.model_fields)


CLEAN = cases.Case(
    name="a clean little site",
    finds=[],
    responses=[
        "/ 200", "/about/ 200", "/products/ 200", "/products/lamp/ 200", "/old-lamp 301 /products/lamp/", "/gone 410",
        "http://example.com/ 301 https://example.com/", "https://www.example.com/ 301 https://example.com/",
        "/sale 302 /products/", "/robots.txt 200", "/sitemap.xml 200", "/style.css 200", "/logo.png 200", "https://other.example/ 200",
    ],
    rows=[
        {"url": "/", "canonical": "https://example.com/", "robots_meta": "index, follow"},
        {"url": "/products/lamp/", "canonical": "https://example.com/products/lamp/"},
        {"url": "http://example.com/", "cache_control": "max-age=3600"},
        {"url": "/robots.txt", "media_type": "text/plain", "title": None},
        {"url": "/sitemap.xml", "media_type": "application/xml", "title": None},
        {"url": "/style.css", "media_type": "text/css", "title": None},
        {"url": "/logo.png", "media_type": "image/png", "title": None},
    ],
    links=[
        "- start https://example.com/", "- robots-txt /robots.txt", "- sitemap-file /sitemap.xml", "/ a /about/ | About", "/ a /products/",
        "/ a /sale | Sale", "/about/ a /", "/products/ a /products/lamp/ | Lamp", "/products/ a https://other.example/", "/ canonical /",
        "/ hreflang / | en", "/ stylesheet /style.css", "/ img /logo.png", "/ form-post /products/", "/sitemap.xml sitemap /",
        "/sitemap.xml sitemap /about/", "/sitemap.xml sitemap /products/", "/sitemap.xml sitemap /products/lamp/",
    ],
)  # fmt: skip


CLEAN.rows += [
    {"url": url, "hsts": "max-age=31536000", **next((row for row in CLEAN.rows if row["url"] == url), {})}
    for url in (line.split()[0] for line in CLEAN.responses)
    if not url.startswith("http://")
]


def test_a_clean_site_has_no_finding(tmp_path: Path) -> None:
    found, failed = judge(cases.facts(CLEAN, tmp_path))
    told = found[~found["rule"].isin(["unlinked-redirect"])]  # which says that all is well, and to keep it so
    assert told[["rule", "url", "detail"]].to_dict("records") == []
    assert failed == {}


def test_an_empty_run_has_no_finding(tmp_path: Path) -> None:
    found, failed = judge(cases.facts(cases.Case(name="nothing", finds=[]), tmp_path))
    assert found.empty
    assert failed == {}


@pytest.mark.parametrize("responses", [hostile.responses, hostile.bare_responses], ids=["odd", "missing"])
def test_every_rule_survives_a_hostile_run(responses: Callable[[], Iterator[Response]], tmp_path: Path) -> None:
    run = make_run(tmp_path, [*responses(), *hostile.walks()], [Mention(url, "start") for url in hostile.URLS])
    found, failed = judge(build_facts(run, run.read_info(), Thresholds()))
    assert failed == {}
    assert not found.empty
    assert found[["rule", "severity", "url", "detail", "fix"]].notna().all(axis=None)
