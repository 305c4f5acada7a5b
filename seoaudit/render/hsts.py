"""HSTS in the report: the policy of each host, and the browser view of http URLs beside what the server answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from seoaudit.http.hsts import upgraded
from seoaudit.urls import parse, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seoaudit.render.tables import Tables

HOST_ROWS = 200
"""Hosts kept in the view."""

Visitor = Literal["any", "returning"]
"""Whose browser asks https in place of http: anybody's (preloaded), or that of who was there before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPolicy:
    """One host of the site: some of the columns of hosts.parquet, and its shortest http URL with what the server answered."""

    host: str
    https_answers: int
    https_error: str | None
    hsts: str | None
    max_age: int | None
    problem: str | None
    answers_without: int
    answers_without_url: str | None
    redirects_without: int
    redirects_without_url: str | None
    hsts_values: int
    other_hsts: str | None
    sent_over_http: int
    inherited_from: str | None
    preloaded_by: str | None
    preload_list_date: str | None
    preload_requirement_failed: str | None
    browser: Visitor | None
    plain_url: str | None
    plain_status: int | None

    @property
    def internal_url(self) -> str | None:
        """What a browser that knows the policy asks in place of `plain_url`; None where none does."""
        return upgraded(self.plain_url) if self.browser and self.plain_url else None


_COLUMNS = tuple(HostPolicy.__dataclass_fields__)


def host_policies(tables: Tables) -> tuple[tuple[HostPolicy, ...], int]:
    """The site's hosts, those with most https answers first, and how many there are."""
    (total,) = tables.one("select count(*) from hosts where in_scope")
    rows = tables.all(
        f"""with plain as (
            select rtrim(regexp_extract(url, '^http://(?:[^/@]*@)?([^/:?#]*)', 1), '.') as host,
                min_by((url, status), (length(url), url)) as answer
            from responses where starts_with(url, 'http://') and in_scope and status is not null group by 1
        ), known as (
            select hosts.*, answer[1] as plain_url, answer[2] as plain_status from hosts left join plain using (host) where in_scope
        )
        select {", ".join(_COLUMNS)} from known order by https_answers desc, host limit ?""",
        [HOST_ROWS],
    )
    return tuple(HostPolicy(**dict(zip(_COLUMNS, row, strict=True))) for row in rows), int(total)


def visitors(tables: Tables, urls: Iterable[str]) -> dict[str, Visitor]:
    """Whose browser asks https in place of these http URLs; the others are left out."""
    hosts = {url: split(url).host.rstrip(".") for url in urls if url.startswith("http://") and parse(url)}
    rows = tables.all(
        "select host, browser from hosts semi join (select unnest(?::varchar[]) as host) using (host) where browser is not null",
        [sorted(set(hosts.values()))],
    )
    known = {host: cast("Visitor", browser) for host, browser in rows}
    return {url: known[host] for url, host in hosts.items() if host in known}
