"""The sites of a settings file are checked whole, and what is wrong is one line that names the site and the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sites import one_site, settings_file, sites_of

from seoaudit.config import Config, ConfigError
from seoaudit.config.sites import read_sites

if TYPE_CHECKING:
    from pathlib import Path

SITE = {"start": "https://example.com/"}


def refusal(folder: Path, *entries: dict[str, Any], **shared: Any) -> str:
    file = settings_file(folder, *entries, **shared)
    with pytest.raises(ConfigError) as refused:
        read_sites(file)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 400
    prefix = f"config: {file}: "
    assert message.startswith(prefix)
    return message.removeprefix(prefix)


def test_a_start_is_enough(tmp_path: Path) -> None:
    site = one_site(tmp_path)
    assert (site.name, site.schedule, site.time_zone.key) == ("example.com", "0 5 * * 1", "UTC")
    assert (site.keep, site.delete_old, site.fail_on, site.far_fewer) == (104, False, None, 0.5)
    assert site.given == {
        "start": "https://example.com/",
        "output": str(tmp_path / "runs"),
        "config": str(tmp_path / "seoaudit.toml"),
    }


def test_a_site_has_its_own_keys_and_else_those_of_all(tmp_path: Path) -> None:
    first, second = sites_of(
        tmp_path,
        {**SITE, "name": "shop", "max_urls": 5, "time_zone": "Asia/Tokyo", "keep": 3, "subdomains": True},
        {"start": "https://b.example", "rate": 0.5, "connect_to": ["b.example:443:127.0.0.1:1", "c::d:2"]},
        time_zone="Europe/Berlin",
        keep=10,
        fail_on="high",
        max_urls=100,
    ).sites
    assert (first.name, first.time_zone.key, first.keep, first.fail_on) == ("shop", "Asia/Tokyo", 3, "high")
    assert (first.arguments.max_urls, first.arguments.subdomains) == (5, True)
    assert (second.name, second.time_zone.key, second.keep) == ("b.example", "Europe/Berlin", 10)
    assert (second.arguments.max_urls, second.arguments.rate) == (100, 0.5)
    assert second.given["connect_to"] == "b.example:443:127.0.0.1:1,c::d:2"


def test_paths_are_read_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("https://example.com/a\n")
    site = one_site(tmp_path, urls="list.txt", output="audits")
    assert site.given["urls"] == str(tmp_path / "list.txt")
    assert site.arguments.output == tmp_path / "audits"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("schedule", "0 5 * *", "'0 5 * *' is no cron expression (it has not five fields); write minute, hour, day"),
        ("schedule", "0 5 * * * *", "(it has not five fields)"),
        ("schedule", "61 5 * * *", "(bad minute)"),
        ("schedule", "0 25 * * *", "(bad hour)"),
        ("schedule", "0 5 30 2 *", "(bad day-of-month)"),
        ("schedule", "0 5 * * 8", "(bad day-of-week)"),
        ("schedule", "fortnightly", "or one of daily, weekly, monthly"),
        ("schedule", 5, "'5' is no cron expression"),
        ("schedule", "", "'' is no cron expression"),
        ("time_zone", "Europe/Atlantis", "'Europe/Atlantis' is no time zone; write an IANA name such as"),
        ("time_zone", "../etc/passwd", "is no time zone"),
        ("time_zone", "", "is no time zone"),
        ("time_zone", 1, "is no time zone"),
        ("keep", 0, "'0' is not a whole number from 1 up"),
        ("keep", True, "'True' is not a whole number"),
        ("keep", "many", "'many' is not a whole number"),
        ("delete_old", 1, "'1' is neither true nor false"),
        ("far_fewer", 2, "'2' is not a share from 0 to 1"),
        ("max_urls", "many", "'many' is not a whole number from 1 up"),
        ("robots", "perhaps", "'perhaps' is not known; write robots=obey or robots=ignore"),
        ("ca_file", "nowhere.pem", "cannot read"),
        ("exclude", ["a", "b"], "cannot be used; write text in quotes or a number"),
        ("maxurls", 5, "there is no such key; did you mean max_urls?"),
        ("timezone", "UTC", "there is no such key; did you mean time_zone?"),
        ("resume", 1, "there is no such key"),
        ("at_once", 2, "there is no such key"),
        ("name", "", "'' is no name; write text in quotes"),
    ],
)
def test_a_wrong_key_or_value_is_one_line(tmp_path: Path, key: str, value: Any, says: str) -> None:
    message = refusal(tmp_path, {"start": "https://good.example"}, {**SITE, key: value})
    called = "'https://example.com/'" if key != "name" else "2"
    assert message.startswith(f"site {called}: {key}: ")
    assert says in message


@pytest.mark.parametrize(
    ("shared", "says"),
    [
        ({"schedule": "soon"}, "schedule: schedule: 'soon' is no cron expression"),
        ({"at_once": 0}, "schedule: at_once: '0' is not a whole number from 1 up"),
        ({"start": "https://example.com"}, "schedule: start: there is no such key"),
        ({"at_onc": 2}, "schedule: at_onc: there is no such key; did you mean at_once?"),
    ],
)
def test_what_all_share_is_checked_too(tmp_path: Path, shared: dict[str, Any], says: str) -> None:
    assert refusal(tmp_path, SITE, **shared).startswith(says)


def test_sites_are_told_apart(tmp_path: Path) -> None:
    assert "'https://example.com/x': start: the runs of 'example.com' are of the same host" in refusal(
        tmp_path, SITE, {"start": "https://example.com/x"}
    )
    assert "name: 'shop' is there twice" in refusal(
        tmp_path, {**SITE, "name": "shop"}, {"start": "https://b.example", "name": "shop"}
    )
    assert len(sites_of(tmp_path, SITE, {**SITE, "name": "again", "output": "other"}).sites) == 2


def test_a_file_without_sites_says_how_one_is_written(tmp_path: Path) -> None:
    assert "names no site; write [[site]]" in f"{refused(tmp_path, '')}"
    assert "site: is no list of sites; write [[site]] in two brackets" in refused(tmp_path, "[site]\nstart = 'x'\n")
    assert "start: missing" in refused(tmp_path, "[[site]]\nname = 'x'\n")


def refused(folder: Path, text: str) -> str:
    (folder / "seoaudit.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        read_sites(folder / "seoaudit.toml")
    return str(error.value)


def test_no_file_at_all_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"there is no seoaudit\.toml here; write one with a \[\[site\]\]"):
        read_sites()


def test_an_audit_by_hand_minds_no_site_of_the_schedule(tmp_path: Path) -> None:
    file = settings_file(tmp_path, {"start": "nonsense", "keep": -1})
    assert Config.load(file).thresholds == Config().thresholds


def test_an_unknown_site_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"did you mean example\.com\?"):
        sites_of(tmp_path, SITE).named("exampel.com")
