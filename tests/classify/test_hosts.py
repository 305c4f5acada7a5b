"""What the run says of HSTS, host by host, and what a browser does because of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from runs import facts_of, moved, page

from seoaudit.classify.hsts import browser_view, hosts, write_hosts
from seoaudit.http.hsts import upgraded
from seoaudit.http.preload import PreloadList
from seoaudit.records import Response
from seoaudit.store.folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

YEAR = "max-age=31536000"
HOSTS = ["example.com", "www.example.com", "blog.example.com", "example.com:8080", "127.0.0.1:8443", "shop.dev"]


def own(path: Path, *responses: Response, **info: Any) -> dict[str, dict[str, Any]]:
    """hosts.parquet by host, without what is missing."""
    facts = facts_of(path, [replace_scope(response) for response in responses], **{"hosts": HOSTS, **info})
    rows = hosts(facts).astype(object).to_dict("records")
    return {row["host"]: {name: value for name, value in row.items() if not pd.isna(value)} for row in rows}


def replace_scope(response: Response) -> Response:
    return replace(response, in_scope="other" not in response.url)


def sending(url: str, hsts: str | None = YEAR, **columns: Any) -> Response:
    return page(url, hsts=hsts, hsts_count=0 if hsts is None else 1, **columns)


def test_the_policy_is_the_value_that_most_https_answers_sent(tmp_path: Path) -> None:
    values = [YEAR, "max-age=60; preload", YEAR]
    row = own(tmp_path, *(sending(f"/{number}", value) for number, value in enumerate(values)))["example.com"]
    assert (row["hsts"], row["hsts_url"], row["max_age"]) == (YEAR, "https://example.com/0", 31536000)
    assert (row["include_subdomains"], row["preload"], row["https_answers"], row["https_pages"]) == (False, False, 3, 3)
    assert (row["hsts_values"], row["other_hsts"], row["other_hsts_url"]) == (2, "max-age=60; preload", "https://example.com/1")  # fmt: skip


def test_ports_share_a_host_and_addresses_are_none(tmp_path: Path) -> None:
    found = own(tmp_path, sending("https://example.com:8080/"), sending("https://127.0.0.1:8443/"), sending("/"))
    assert list(found) == ["example.com"]
    assert found["example.com"]["https_answers"] == 2


def test_a_port_outside_the_site_says_nothing_of_the_host(tmp_path: Path) -> None:
    found = own(tmp_path, sending("/"), page("https://example.com:8443/other"))
    assert (found["example.com"]["https_answers"], found["example.com"]["answers_without"]) == (1, 0)


def test_answers_and_redirects_without_the_field_are_counted_apart(tmp_path: Path) -> None:
    row = own(
        tmp_path,
        sending("/"),
        page("/style.css", media_type="text/css"),
        page("/a"),
        page("/lost", status=404),
        moved("/old", "/"),
    )["example.com"]
    assert (row["answers_without"], row["answers_without_url"]) == (2, "https://example.com/a")
    assert (row["redirects_without"], row["redirects_without_url"]) == (1, "https://example.com/old")


def test_what_came_over_http_or_with_a_bad_certificate_is_no_policy(tmp_path: Path) -> None:
    found = own(
        tmp_path,
        sending("http://example.com/"),
        sending("https://www.example.com/", certificate_error="certificate has expired"),
    )
    assert found["example.com"]["sent_over_http"] == 1
    assert found["example.com"]["sent_over_http_url"] == "http://example.com/"
    assert "hsts" not in found["example.com"]
    assert "hsts" not in found["www.example.com"]
    assert found["www.example.com"]["https_error"] == "certificate has expired"
    assert "browser" not in found["example.com"]


def test_a_host_that_never_answered_over_https_says_why(tmp_path: Path) -> None:
    found = own(tmp_path, Response(url="https://blog.example.com/", error="connect"), page("http://blog.example.com/"))
    assert (found["blog.example.com"]["https_answers"], found["blog.example.com"]["https_error"]) == (0, "connect")


def test_a_superdomains_policy_is_inherited_when_it_includes_subdomains(tmp_path: Path) -> None:
    wide = own(tmp_path / "wide", sending("/", f"{YEAR}; includeSubDomains"), page("https://www.example.com/"))
    assert wide["www.example.com"]["inherited_from"] == "example.com"
    assert wide["www.example.com"]["browser"] == "returning"
    narrow = own(tmp_path / "narrow", sending("/"), page("https://www.example.com/"))
    assert "inherited_from" not in narrow["www.example.com"]
    assert "browser" not in narrow["www.example.com"]


@pytest.mark.parametrize("value", ["max-age=0; includeSubDomains", "includeSubDomains", f"{YEAR}; {YEAR}"])
def test_a_policy_that_is_off_or_ignored_changes_nothing_in_a_browser(tmp_path: Path, value: str) -> None:
    found = own(tmp_path, sending("/", value), page("https://www.example.com/"))
    assert "browser" not in found["example.com"]
    assert "inherited_from" not in found["www.example.com"]


def test_a_preloaded_host_names_its_entry_and_the_lists_day(tmp_path: Path) -> None:
    row = own(tmp_path, page("https://shop.dev/"))["shop.dev"]
    assert (row["preloaded_by"], row["browser"]) == ("dev", "any")
    assert row["preload_list_date"] == PreloadList().date


def test_a_fresh_list_takes_the_place_of_the_installed_one(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("example.com\n", encoding="utf-8")
    facts = replace(facts_of(tmp_path / "run", [page("/")]), preload_list=PreloadList(file))
    assert hosts(facts)["preloaded_by"].tolist() == ["example.com"]


VIEW = [
    moved("http://example.com/a", "https://www.example.com/a"),
    moved("https://www.example.com/a", "http://other.dev/b", hsts=YEAR),
    moved("http://other.dev:8080/b", "https://other.dev/b"),
    moved("http://other.example/c", "https://other.example/c"),
    moved("http://example.com:443/d", "https://example.com/"),
    sending("/"),
]


def test_a_browser_turns_http_hops_of_known_hosts_into_https(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, map(replace_scope, VIEW), hosts=HOSTS)
    view = browser_view(facts)
    assert list(view.columns) == ["requested_url", "position", "url", "visitor", "internal_url"]
    assert view[["url", "visitor", "internal_url"]].to_numpy().tolist() == [
        ["http://example.com/a", "returning", "https://example.com/a"],
        ["http://other.dev:8080/b", "any", "https://other.dev:8080/b"],
        ["http://example.com:443/d", "returning", "https://example.com/d"],
    ]
    assert [upgraded(url) for url in view["url"]] == view["internal_url"].tolist()


def test_hosts_that_a_chain_only_meets_over_http_are_rows_outside_the_scope(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, map(replace_scope, VIEW), hosts=HOSTS)
    outside = hosts(facts)[lambda rows: ~rows["in_scope"]]
    assert outside["host"].tolist() == ["other.dev", "other.example"]


@pytest.mark.parametrize("order", [1, -1])
def test_an_example_does_not_depend_on_the_order_of_the_crawl(tmp_path: Path, order: int) -> None:
    pages = [page("/long-name"), page("/b"), page("/a"), moved("/0", "/a")][::order]
    row = own(tmp_path, *pages, sending("/x"), sending("/y"))["example.com"]
    assert (row["answers_without_url"], row["hsts_url"]) == ("https://example.com/a", "https://example.com/x")


def test_a_run_without_answers_has_no_hosts_and_a_table_all_the_same(tmp_path: Path) -> None:
    facts = facts_of(tmp_path)
    assert hosts(facts).empty
    assert browser_view(facts).empty
    write_hosts(RunFolder(tmp_path), facts)
    assert RunFolder(tmp_path).table("hosts").is_file()
