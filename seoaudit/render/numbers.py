"""The numbers of one run and what kept the audit from seeing everything."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from seoaudit.records import Limit
from seoaudit.render.chains import FAILED_OUTSIDE

if TYPE_CHECKING:
    from seoaudit.render.tables import Tables
    from seoaudit.store.folder import RunInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Counts of one run; latencies in milliseconds, None where nothing was measured.

    `urls` were asked: an answer came, or the network failed; `forbidden` were not, because of robots.txt. `chains` are URLs
    that take two redirects or more; `broken` those that end in an error, also on another site, in no answer or in a Location
    that leads nowhere; `links_to_redirects` mentions (links, sitemap entries, canonicals) of URLs that redirect. `probes` are
    what the audit asked of its own accord; they count nowhere else.
    """

    urls: int
    forbidden: int
    pages: int
    redirects: int
    median_page_ms: float | None
    median_redirect_ms: float | None
    permanent: int
    temporary: int
    mixed: int
    chains: int
    longest: int
    loops: int
    broken: int
    links_to_redirects: int
    probes: int


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a breakdown: what, and how many URLs."""

    label: str
    count: int


_CHAINS = f"""select
    count(*) filter (permanence = 'permanent') as permanent,
    count(*) filter (permanence = 'temporary') as temporary,
    count(*) filter (permanence = 'mixed') as mixed,
    count(*) filter (redirect_count >= 2) as chains,
    coalesce(max(redirect_count), 0) as longest,
    count(*) filter (outcome = 'loop') as loops,
    count(*) filter (
        outcome in ('client-error', 'server-error', 'unreachable', 'invalid-location', 'too-many')
        or {FAILED_OUTSIDE}) as broken,
    coalesce(sum(inlinks), 0)::bigint as links_to_redirects
from chains where requested_url not in (select url from responses where probe is not null)"""


_ASKED = "error is null or error not in ('robots', 'invalid-url')"

_NAMED_HOSTS = 5


def numbers(tables: Tables) -> Numbers:
    """Count the tables once."""
    asked = tables.one(
        f"""select count(*) filter ({_ASKED}) as urls,
            count(*) filter (error = 'robots') as forbidden,
            count(*) filter (status = 200 and media_type in ('text/html', 'application/xhtml+xml') and in_scope) as pages,
            count(*) filter (mechanism is not null) as redirects,
            median(latency_ms) filter (mechanism is null and status = 200) as median_page_ms,
            median(latency_ms) filter (mechanism is not null) as median_redirect_ms
        from responses where probe is null"""
    )
    chains = tables.one(_CHAINS)
    probes = tables.one("select count(*) from responses where probe is not null")
    names = [field.name for field in fields(Numbers)]
    return Numbers(**dict(zip(names, (*asked, *chains, *probes), strict=True)))


def statuses(tables: Tables) -> tuple[Share, ...]:
    """URLs by what the server answered: the status code, or the error's word."""
    rows = tables.all(
        "select coalesce(status::varchar, error, 'no answer') as label, count(*) from responses where probe is null group by label order by label"
    )
    return tuple(Share(*row) for row in rows)


def mechanisms(tables: Tables) -> tuple[Share, ...]:
    """Redirects by the way in which the server sends a client elsewhere."""
    rows = tables.all(
        "select mechanism, count(*) from responses where mechanism is not null and probe is null group by mechanism order by count(*) desc, mechanism"
    )
    return tuple(Share(*row) for row in rows)


_ERROR_WORDS = {
    "dns": "hosts without an address",
    "connect": "nobody listens there, or no route",
    "tls": "the handshake or the certificate failed",
    "timeout": "no whole answer in time",
    "reset": "the connection ended before the answer was whole",
    "malformed": "what came was not an HTTP response",
    "too-large": "the body passed the size limit: its links were not all read",
    "robots": "robots.txt forbids them: never asked (robots=ignore asks them, on a site of one's own)",
    "invalid-url": "no client can ask such a URL",
}


def limits(tables: Tables, info: RunInfo) -> tuple[Limit, ...]:
    """List what limited the audit: what the run noted, then what the tables show; a name that the run noted is not repeated.

    Forms of the site that nothing led to come first: they may be a whole site that nobody looked at.
    """
    noted = sorted(
        (limit for limit in info.limits if limit.count or limit.detail), key=lambda one: one.name != "entry points"
    )
    names = {limit.name for limit in noted}
    return (*noted, *(limit for limit in _derived(tables, info) if limit.name not in names))


def _derived(tables: Tables, info: RunInfo) -> list[Limit]:
    found: list[Limit] = []
    if info.state == "failed":
        found.append(Limit("failed", 0, info.failure or "nothing answered"))
    elif info.state != "finished":
        found.append(Limit("unfinished", info.urls_left, "known, and not asked; resume=1 goes on with them"))
    if info.adopted_host:
        found.append(Limit("adopted host", 0, f"the start URL leads to {info.adopted_host}: that host was audited"))
    found += _errors(tables)
    (invalid,) = tables.one("select count(*) from responses where certificate_error is not null and error is null")
    if invalid:
        found.append(Limit("insecure", invalid, "answers read past a bad certificate, as insecure=1 asks"))
    (inferred,) = tables.one("select count(*) from responses where mechanism = 'javascript' and probe is null")
    if inferred:
        found.append(
            Limit("javascript", inferred, "redirects inferred from inline scripts, which were read and not run")
        )
    return found


def _errors(tables: Tables) -> list[Limit]:
    """One limit a kind of failure, with the hosts that most of it comes from."""
    rows = tables.all(
        """with failed as (
            select error, regexp_extract(url, '^[a-z]+://([^/?#]*)', 1) as host, count(*) as urls
            from responses where error is not null and probe is null group by all
        )
        select error, sum(urls)::bigint, list(host order by urls desc, host)[:?], count(*) from failed group by error order by error""",
        [_NAMED_HOSTS],
    )
    return [
        Limit(error, urls, f"{_ERROR_WORDS.get(error, 'no answer')}: {_hosts(hosts, count)}")
        for error, urls, hosts, count in rows
    ]


def _hosts(hosts: list[str], count: int) -> str:
    more = f" and {count - len(hosts):,} more" if count > len(hosts) else ""
    return ", ".join(host or "no host" for host in hosts) + more
