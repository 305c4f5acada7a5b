"""The whole program against the sample site: every kind of redirect is recorded, whatever the order of the crawl."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from seoaudit.demo.answers import WWW
from seoaudit.demo.sections import archive, client_side
from seoaudit.demo.server import Demo, Request, serve
from seoaudit.demo.site import build

if TYPE_CHECKING:
    from seoaudit.demo.answers import Answer

SITE = build()
ASKED = [answer for answer in SITE.answers.values() if answer.asked != "form"]
CHAINS = [answer for answer in ASKED if answer.truth.outcome]

VERDICTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("demo").joinpath("verdicts.toml").read_text())

ORDERS = {"one at a time": (0, 1), "sixteen at a time": (0, 16), "links shuffled": (7, 16)}
"""Seed of the links' order, and requests at a time."""

GIVE_UP_S = 300
"""An audit that takes longer hangs."""

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Run:
    """What an audit of the sample site left behind, and what the server was asked."""

    folder: Path
    responses: Rows
    chains: Rows
    rewalks: Rows
    findings: dict[str, set[str]]
    row_counts: Counter[str]
    log: list[Request]
    exit_code: int
    said: str


def audit(demo: Demo, output: Path, concurrency: int) -> subprocess.CompletedProcess[str]:
    arguments = {
        "start": demo.start,
        "connect_to": demo.connect_to,
        "ca_file": str(demo.ca_file),
        "output": str(output),
        "external": "links",
        "assets": "1",
        "concurrency": str(concurrency),
    }
    settings = {"CONCURRENT_REQUESTS": str(concurrency), "DOWNLOAD_STALL_TIMEOUT": "5"}
    command = [sys.executable, "-m", "seoaudit", "audit"]
    command += [word for name, value in arguments.items() for word in ("-a", f"{name}={value}")]
    command += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=GIVE_UP_S)


def urls_by_rule(file: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in pq.read_table(file).to_pylist():
        found.setdefault(row["rule"], set()).add(row["url"])
    return found


def rows(file: Path, key: str) -> Rows:
    return {row[key]: row for row in pq.read_table(file).to_pylist()}


@pytest.fixture(scope="module", params=ORDERS.values(), ids=ORDERS.keys())
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    seed, concurrency = request.param
    output = tmp_path_factory.mktemp("runs")
    with serve(seed) as demo:
        done = audit(demo, output, concurrency)
    folders = list(output.glob("shop.example/*/"))
    assert len(folders) == 1, done.stderr
    folder = folders[0]
    return Run(
        folder=folder,
        responses=rows(folder / "responses.parquet", "url"),
        chains=rows(folder / "chains.parquet", "requested_url"),
        rewalks=rows(folder / "rewalks.parquet", "requested_url"),
        findings=urls_by_rule(folder / "findings.parquet"),
        row_counts=Counter(pq.read_table(folder / "responses.parquet", columns=["url"])["url"].to_pylist()),
        log=demo.log,
        exit_code=done.returncode,
        said=done.stdout + done.stderr,
    )


def test_the_audit_ends_well(run: Run) -> None:
    assert run.exit_code == 0, run.said
    assert "Traceback" not in run.said


@pytest.mark.parametrize("answer", ASKED, ids=lambda answer: answer.url)
def test_every_answer_is_a_row_with_its_mechanism_and_target(run: Run, answer: Answer) -> None:
    row = run.responses[answer.url]
    truth = answer.truth
    assert (row["error"], row["mechanism"], row["location_url"]) == (truth.error, truth.mechanism, truth.location_url)
    if truth.error is None:
        assert row["status"] == answer.status


@pytest.mark.parametrize("answer", CHAINS, ids=lambda answer: answer.url)
def test_every_chain_has_its_hops_outcome_and_permanence(run: Run, answer: Answer) -> None:
    chain = run.chains[answer.url]
    truth = answer.truth
    found = (chain["redirect_count"], chain["outcome"], chain["permanence"])
    assert found == (truth.hops, truth.outcome, truth.permanence)


@pytest.mark.parametrize("rule", VERDICTS)
def test_every_rule_names_what_it_must_and_nothing_else(run: Run, rule: str) -> None:
    expected = {WWW + url if url.startswith("/") else url for url in VERDICTS[rule]}
    assert run.findings.get(rule, set()) == expected


def test_pages_redirected_to_the_home_page_are_a_funnel(run: Run) -> None:
    assert run.findings["redirect-funnel"] == {f"{WWW}/products/model-{number}/" for number in archive.DISCONTINUED}


def test_pages_that_only_look_like_redirects_are_left_alone(run: Run) -> None:
    stay = {answer.url for answer in client_side.SECTION.answers if not answer.truth.outcome}
    named = {url: rule for rule, urls in run.findings.items() for url in urls & stay}
    assert len(stay) == 8
    assert named == {f"{WWW}/client/noscript": "noscript-refresh"}


@pytest.mark.parametrize(("name", "delay"), [("header-0", 0), ("header-5", 5), ("meta-0", 0), ("meta-10", 10)])
def test_a_refresh_is_recorded_with_its_delay(run: Run, name: str, delay: float) -> None:
    assert run.responses[f"{WWW}/client/{name}"]["refresh_delay"] == delay


def test_a_refresh_inside_noscript_is_told_apart(run: Run) -> None:
    row = run.responses[f"{WWW}/client/noscript"]
    assert (row["mechanism"], row["noscript_refresh_url"]) == (None, f"{WWW}/products/desk/")


def test_no_url_has_two_rows(run: Run) -> None:
    assert [url for url, count in run.row_counts.items() if count > 1] == []


def test_no_redirect_is_missing_and_none_is_made_up(run: Run) -> None:
    """Beyond the site's own list the servers' rules send http and the apex to https and www."""
    listed = {answer.url for answer in CHAINS}
    assert listed <= run.chains.keys()
    beyond = {url: run.responses[url]["location_url"] for url in run.chains.keys() - listed}
    assert beyond == {url: SITE.answer(url).truth.location_url for url in beyond}
    assert None not in beyond.values()


def test_what_only_a_form_leads_to_is_asked_by_head_and_no_form_is_sent(run: Run) -> None:
    actions = {answer.url for answer in SITE.answers.values() if answer.asked == "form"}
    assert actions
    assert {(run.responses[url]["probe"], run.responses[url]["method"]) for url in actions} == {("form", "HEAD")}
    assert {request.method for request in run.log if request.url in actions} == {"HEAD"}
    assert {request.method for request in run.log} == {"GET", "HEAD"}


def test_nothing_is_asked_that_robots_txt_forbids(run: Run) -> None:
    assert not [request.url for request in run.log if "/private/" in request.url]


def test_requests_carry_no_referer_and_name_the_project(run: Run) -> None:
    assert not [request.url for request in run.log if "referer" in request.fields]
    assert {request.fields["user-agent"].partition("/")[0] for request in run.log} == {"seoaudit"}


def test_a_loop_that_a_cookie_opens_is_seen_in_the_second_pass(run: Run) -> None:
    gates = [walk for url, walk in run.rewalks.items() if url.endswith(("/loops/gate", "/loops/cookie"))]
    assert [(walk["outcome"], walk["final_status"], walk["cookie_names"]) for walk in gates] == [("ok", 200, "seen")]


def test_a_true_loop_stays_one_in_the_second_pass(run: Run) -> None:
    walks = [walk for url, walk in run.rewalks.items() if "/loops/3/" in url or "/loops/tail/" in url]
    assert [walk["outcome"] for walk in walks] == ["loop"]


def test_the_readmes_notebook_lines_find_the_loops(run: Run) -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    lines = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(lines) == 1
    *setting_up, asking = lines[0].strip().replace("runs/example.com/20261120T103000Z", str(run.folder)).splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(setting_up), names)
    loops = eval(asking, names)
    assert set(loops["requested_url"]) == {answer.url for answer in CHAINS if answer.truth.outcome == "loop"}
