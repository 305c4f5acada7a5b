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
    that stands in no response answers 200. The page `-` stands for no page: what the start URL, a list or robots.txt named.
`rewalks` are second walks with cookies: `{ url_list = ["/a", "/b"], statuses = [302, 200], cookie_names = "session" }`;
    they end `ok` unless `outcome = "loop"` or another word says otherwise.
`thresholds = { chain_low = 3 }` sets what seoaudit.toml can set; `run = { listed_urls = ["..."] }` sets fields of run.json.
`finds` may say more: `{ url = "/a", severity = "high", detail_has = "302", fix_has = "/c", group_has = "https" }`.
"""

from __future__ import annotations

import re
from pathlib import Path

import cases
import pytest

from seoaudit.records import SEVERITIES
from seoaudit.rules import Rule, catalogue

RULES = catalogue()
CASES = {rule_id: cases.FOLDER / f"{rule_id.replace('-', '_')}.toml" for rule_id in RULES}


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
    found = rule.find(facts)
    causes = dict(zip(facts.redirects["url"], facts.redirects["cause"], strict=True))
    seen = [
        {
            "url": row["url"],
            "severity": row.get("severity", rule.severity),
            "detail": row["detail"],
            "fix": row.get("fix", rule.fix),
            "group": row.get("group", causes.get(row["url"], "")),
        }
        for row in found.to_dict("records")
    ]
    assert sorted(row["url"] for row in seen) == sorted(row["url"] for row in case.expected)
    for row in seen:
        assert row["severity"] in SEVERITIES
        assert all(isinstance(row[word], str) and row[word] for word in ("detail", "fix"))
    for row, wanted in zip(_by_url(seen), _by_url(case.expected), strict=True):
        assert wanted.get("severity", row["severity"]) == row["severity"]
        for word in ("detail", "fix", "group"):
            assert wanted.get(f"{word}_has", "") in row[word]


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
