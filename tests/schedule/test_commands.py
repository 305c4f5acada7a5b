"""`seoaudit schedule` and `seoaudit status` on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from audits import seoaudit
from servers import ScriptedServer, answer, page, redirect
from sites import one_site, settings_file, sites_of, utc

from seoaudit.config.sites import read_sites
from seoaudit.schedule.state import Record, claimed, folder_of, now, read_record, write_record
from seoaudit.store.runs import runs_of

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = utc("2026-11-16 05:00")


def remember(folder: Path, record: Record, **keys: object) -> None:
    site = one_site(folder, **keys)
    folder_of(site).mkdir(parents=True, exist_ok=True)
    write_record(site, record)


def test_once_audits_each_due_site_with_its_own_arguments_and_says_the_worst(tmp_path: Path) -> None:
    with ScriptedServer({"/": page("/a"), "/a": page("/b")}) as good, ScriptedServer({"/": redirect("/")}) as bad:
        file = settings_file(
            tmp_path,
            {"start": f"{good.url}/", "name": "good", "max_depth": 1},
            {"start": f"{bad.url}/", "name": "bad", "fail_on": "low"},
            {"start": "http://127.0.0.1:9/", "name": "away"},
            probes="none",
            at_once=2,
        )
        ended = seoaudit(tmp_path, "schedule", "--once")
        assert ended.exit_code == 2, ended.err
        assert "/b" not in good.targets()
        assert len(list(runs_of(tmp_path / "runs" / f"127.0.0.1_{good.port}"))) == 1
    listed = seoaudit(tmp_path, "status", "--json")
    found = {one["site"]: one for one in json.loads(listed.out)}
    assert {name: one["verdict"] for name, one in found.items()} == {
        "good": "clean",
        "bad": "findings",
        "away": "failed",
    }
    assert {one["state"] for one in found.values()} == {"waiting"}
    again = seoaudit(tmp_path, "schedule", "--once", "--config", str(file))
    assert (again.exit_code, again.out, again.err) == (0, "", "")


def test_a_crawl_that_finds_far_fewer_urls_than_last_time_is_not_clean(tmp_path: Path) -> None:
    site = {"/": page("/a", "/b", "/c", "/d"), **{f"/{letter}": page() for letter in "abcd"}}
    with ScriptedServer(site) as server:
        settings_file(tmp_path, {"start": f"{server.url}/", "name": "shop", "probes": "none", "far_fewer": 0.9})
        assert seoaudit(tmp_path, "schedule", "--once").exit_code == 0
        (shop,) = sites_of(
            tmp_path, {"start": f"{server.url}/", "name": "shop", "probes": "none", "far_fewer": 0.9}
        ).sites
        write_record(shop, Record())  # as if a week had passed
        server.answers["/"] = answer(body="<title>We are moving</title>")
        ended = seoaudit(tmp_path, "schedule", "--site", "shop")
    assert ended.exit_code == 2
    assert "seoaudit: shop: far fewer URLs (3 URLs asked, 7 last time)" in ended.err


def test_status_lists_the_sites_with_their_last_and_next_run(tmp_path: Path) -> None:
    due = Record().beginning(MONDAY, MONDAY, ())
    remember(tmp_path, due.ending("clean", "", "20261116T050001Z", MONDAY), start="https://a.example/")
    remember(tmp_path, due.ending("failed", "no answer", "20261116T050001Z", MONDAY), start="https://b.example/")
    file = settings_file(
        tmp_path,
        {"start": "https://a.example/", "schedule": "0 0 1 1 *"},
        {"start": "https://b.example/", "schedule": "0 0 1 1 *", "time_zone": "Europe/Berlin"},
        {"start": "https://c.example/"},
    )
    for site, record in ((site, read_record(site, pytest.fail)) for site in read_sites(file).sites[:2]):
        year = utc(f"{now().year}-01-01 00:00")
        begun = [year, utc(f"{now().year - 1}-12-31 23:00")]
        write_record(site, record.model_copy(update={"begun": tuple(begun)}))
    ended = seoaudit(tmp_path, "status")
    assert (ended.exit_code, ended.err) == (0, "")
    heading, first, second, third = (" ".join(line.split()) for line in ended.out.splitlines())
    upcoming = f"{now().year + 1}-01-01 00:00"
    assert heading == "SITE LAST RUN VERDICT NEXT RUN"
    assert first.startswith("a.example 20261116T050001Z clean ")
    assert first.endswith(f"{upcoming} UTC")
    assert second.startswith("b.example 20261116T050001Z failed: no answer ")
    assert second.endswith(f"{upcoming} Europe/Berlin")
    assert third == "c.example never - now"


def test_status_tells_what_runs_now_and_what_was_interrupted(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    remember(tmp_path, Record().beginning(MONDAY, MONDAY, ()))
    settings_file(tmp_path, {"start": "https://example.com/"})
    with claimed(site):
        assert json.loads(seoaudit(tmp_path, "status", "--json").out)[0]["state"] == "running"
    assert json.loads(seoaudit(tmp_path, "status", "--json").out)[0]["state"] in ("interrupted", "due")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("schedule",), "config: there is no seoaudit.toml here; write one with a [[site]] for each site"),
        (("status",), "config: there is no seoaudit.toml here"),
        (("prune",), "config: there is no seoaudit.toml here"),
        (("schedule", "--config", "gone.toml"), "config: cannot read gone.toml"),
    ],
)
def test_without_settings_there_is_one_line(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    ended = seoaudit(tmp_path, *words)
    assert (ended.exit_code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(f"seoaudit: {line}")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"schedule": "0 5 * *"}, "schedule: '0 5 * *' is no cron expression"),
        ({"max_url": 5}, "max_url: there is no such key; did you mean max_urls?"),
        ({"fail_on": "urgent"}, "fail_on: 'urgent' is no severity; write one of critical"),
    ],
)
def test_a_wrong_value_ends_it_before_anything_runs(tmp_path: Path, keys: dict[str, object], line: str) -> None:
    settings_file(tmp_path, {"start": "http://127.0.0.1:9/"}, {"start": "https://b.example", **keys})
    for words in (("schedule", "--once"), ("status",)):
        ended = seoaudit(tmp_path, *words)
        assert (ended.exit_code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert line in ended.err
        assert "b.example'" in ended.err
    assert not (tmp_path / "runs").exists()


def test_a_site_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings_file(tmp_path, {"start": "https://example.com/"})
    ended = seoaudit(tmp_path, "schedule", "--site", "example.org")
    assert ended.exit_code == 2
    assert ended.err.startswith("seoaudit: --site: there is no site example.org in ")


def test_a_site_whose_folder_cannot_be_used_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with ScriptedServer({"/": page()}) as server:
        sites = ({"start": "http://127.0.0.1:9/", "output": "taken"}, {"start": f"{server.url}/"})
        settings_file(tmp_path, *sites, probes="none")
        ended = seoaudit(tmp_path, "schedule", "--once")
        assert server.targets() >= {"/"}
    assert ended.exit_code == 2
    assert f"seoaudit: cannot read or write {tmp_path / 'taken'}" in ended.err
    assert f"seoaudit: 127.0.0.1:{server.port}: clean" in ended.err
    assert "Traceback" not in ended.err
