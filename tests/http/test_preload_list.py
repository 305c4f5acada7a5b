"""The HSTS preload list: which entry covers a host, and what keeps one off it."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from seoaudit.config import Arguments, ConfigError
from seoaudit.http.preload import PreloadList, Step, failed_requirements

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize(
    ("host", "entry"),
    [
        ("shop.dev", "dev"),
        ("a.b.shop.dev", "dev"),
        ("github.com", "github.com"),
        ("GitHub.COM.", "github.com"),
        ("gist.github.com", "github.com"),
        ("notgithub.com", None),
        ("example.com", None),
        ("127.0.0.1", None),
        ("[::1]", None),
        ("", None),
        ("no host", None),
    ],
)
def test_the_installed_list_names_the_entry_that_covers_a_host(host: str, entry: str | None) -> None:
    assert PreloadList().covering(host) == entry


def test_the_installed_list_has_a_date() -> None:
    assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", PreloadList().date)


def chromium(path: Path) -> Path:
    entries = [
        {
            "name": "bücher.example".encode("idna").decode(),
            "policy": "bulk-1-year",
            "mode": "force-https",
            "include_subdomains": True,
        },
        {"name": "alone.example", "policy": "custom", "mode": "force-https"},
        {"name": "pinned.example", "policy": "custom", "include_subdomains": True, "pins": "x"},
    ]
    text = '// Copyright\n{\n  // a comment with a " in it\n  "url": "https://example.com/", // and one behind\n'
    path.write_text(text + f'  "entries": {json.dumps(entries)}\n}}\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("host", "entry"),
    [
        ("Bücher.example.", "xn--bcher-kva.example"),
        ("www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("alone.example", "alone.example"),
        ("www.alone.example", None),
        ("pinned.example", None),
        ("github.com", None),
    ],
)
def test_chromiums_own_file_is_read_with_its_comments(tmp_path: Path, host: str, entry: str | None) -> None:
    assert PreloadList(chromium(tmp_path / "list.json")).covering(host) == entry


def test_a_plain_list_of_names_includes_their_subdomains(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("# fresh\nexample.com\n\n  Bücher.example  # in German\n", encoding="utf-8-sig")
    found = PreloadList(file)
    assert found.covering("a.b.example.com") == "example.com"
    assert found.covering("xn--bcher-kva.example") == "xn--bcher-kva.example"
    assert found.covering("shop.dev") is None


def test_the_widest_entry_is_told(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("www.example.com\nexample.com\n", encoding="utf-8")
    assert PreloadList(file).covering("www.example.com") == "example.com"


def test_a_file_is_as_old_as_its_last_change(tmp_path: Path) -> None:
    file = chromium(tmp_path / "list.json")
    os.utime(file, (1_795_176_000, 1_795_176_000))
    assert PreloadList(file).date == "2026-11-20"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "names no preloaded host"),
        (b"# nothing\n", "names no preloaded host"),
        (b'{"entries": []}', "names no preloaded host"),
        (b'{"entries": 1}', "has no list “entries”"),
        (b'{"entries": [', "is no JSON"),
        (b'{"entries": ["example.com"]}', "an entry without a name"),
        (b"example.com\nhttps://example.com/\n", "line 2: 'https://example.com/' is no host name"),
        (b"<html>not found</html>", "line 1"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "list"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        Arguments.read({"start": "https://example.com/", "hsts_list": str(file)})
    assert says in str(refused.value)
    assert str(refused.value).startswith("hsts_list: ")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^hsts_list: .* cannot be read \(No such file"):
        Arguments.read({"start": "https://example.com/", "hsts_list": str(tmp_path / "none")})


def steps(*urls: str, hsts: str | None = GOOD) -> list[Step]:
    """A chain whose https answers send `hsts`."""
    return [Step(url, 301, hsts if url.startswith("https") else None) for url in urls]


HTTP, HTTPS, WWW = "http://shop.example/", "https://shop.example/", "https://www.shop.example/"


@pytest.mark.parametrize(
    ("header", "failed"),
    [
        (GOOD, []),
        ("max-age=63072000; preload; includeSubDomains; extra", []),
        ("max-age=31535999; includeSubDomains; preload", ["max-age is 31535999, below one year (31536000)"]),
        ("max-age=0; includeSubDomains; preload", ["max-age is 0, below one year (31536000)"]),
        ("max-age=31536000; preload", ["includeSubDomains is missing"]),
        ("includeSubDomains; preload", ["max-age is missing"]),
        ("max-age=31536000", ["includeSubDomains is missing", "preload is missing"]),
        (None, [f"{HTTPS} sends no Strict-Transport-Security"]),
    ],
)
def test_the_list_asks_for_a_header(header: str | None, failed: list[str]) -> None:
    assert failed_requirements("shop.example", [], steps(HTTPS, hsts=header)) == failed


def test_the_list_takes_one_field_only() -> None:
    home = Step(HTTPS, 200, f"{GOOD}, {GOOD}", 2)
    assert failed_requirements("shop.example", [], [home]) == [f"{HTTPS} sends 2 Strict-Transport-Security fields"]


@pytest.mark.parametrize(
    ("chain", "failed"),
    [
        (steps(HTTP, HTTPS, WWW), []),
        ([Step(HTTP, None)], []),
        (steps(HTTP), [f"{HTTP} does not redirect to https"]),
        (steps(HTTP, WWW), [f"{HTTP} redirects to {WWW} and not to {HTTPS} first"]),
        (
            steps(HTTP, "http://www.shop.example/", WWW),
            [f"{HTTP} redirects to http://www.shop.example/ and not to {HTTPS} first"],
        ),
        (steps(HTTP, HTTPS, hsts=None), [f"{HTTPS} sends no Strict-Transport-Security"]),
        (steps(HTTP, HTTPS, WWW, f"{WWW}a", f"{WWW}b"), [f"{HTTP} takes 4 redirects, more than 3"]),
    ],
)
def test_the_list_asks_http_to_go_to_https_on_the_same_host_first(chain: list[Step], failed: list[str]) -> None:
    assert failed_requirements("shop.example", chain, []) == failed


@pytest.mark.parametrize(
    ("chain", "failed"),
    [
        (steps(HTTPS, WWW), []),
        (steps(HTTPS, WWW, "http://shop.example/a"), [f"{HTTPS} redirects to plain HTTP: http://shop.example/a"]),
        (steps(HTTPS, *(f"{WWW}{number}" for number in range(4))), [f"{HTTPS} takes 4 redirects, more than 3"]),
        ([Step(HTTPS, None)], [f"{HTTPS} does not answer"]),
    ],
)
def test_the_list_asks_https_to_stay_there_and_to_be_short(chain: list[Step], failed: list[str]) -> None:
    assert failed_requirements("shop.example", [], chain) == failed


def test_what_was_not_asked_fails_nothing() -> None:
    assert failed_requirements("shop.example", [], []) == []


def test_a_failure_is_told_once() -> None:
    both = failed_requirements("shop.example", steps(HTTP, HTTPS, hsts=None), steps(HTTPS, hsts=None))
    assert both == [f"{HTTPS} sends no Strict-Transport-Security"]
