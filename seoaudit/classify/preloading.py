"""Hosts that ask to be preloaded, held against what the preload list asks of them; only what the run saw is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.moves import site
from seoaudit.http.preload import Step, failed_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.classify.facts import Facts

NO_HTTPS = frozenset({"connect", "tls", "timeout", "reset", "malformed"})
"""Errors of an https request that say: the name is there, and its https is not."""


def unmet_requirements(facts: Facts, known: pd.DataFrame) -> pd.Series[str]:
    """What keeps each host that says `preload` off the list, as one text; missing where nothing does, or nothing is asked.

    `known`: hosts.parquet as far as it is made, by host. The list takes registered domains only and looks there: a subdomain
    that says `preload` is told of its domain's failure only where the domain itself says nothing.
    """
    asking = known.index[(known["preload"] & known["in_scope"]).fillna(value=False)]
    bases = {host: site(host) for host in asking}
    told = {host: base for host, base in bases.items() if host == base or base not in asking}
    chains = _chains(facts, {base for base in told.values() if base in known.index})
    found = {
        host: "; ".join(_failed(base, chains, known)) or None for host, base in told.items() if base in known.index
    }
    return pd.Series([found.get(host) for host in known.index], known.index, dtype=frames.TEXT)


def _failed(base: str, chains: dict[str, list[Step]], known: pd.DataFrame) -> Iterator[str]:
    yield from failed_requirements(base, chains.get(f"http://{base}/", []), chains.get(f"https://{base}/", []))
    www = f"www.{base}"
    error = str(known["https_error"].get(www, ""))
    if error in NO_HTTPS:
        yield f"{www} does not answer over HTTPS ({error})"


def _chains(facts: Facts, bases: set[str]) -> dict[str, list[Step]]:
    """The home pages' chains by URL, as far as they were asked."""
    homes = [f"{scheme}://{base}/" for base in bases for scheme in ("http", "https")]
    lists = facts.chains.loc[facts.chains["requested_url"].isin(homes), ["requested_url", "url_list"]]
    paths = {url: [url] for url in homes} | {url: list(urls) for url, urls in lists.itertuples(index=False)}
    wanted = {url for path in paths.values() for url in path}
    rows: Any = facts.responses[facts.responses["url"].isin(wanted)]
    steps = {row.url: _step(row) for row in rows.itertuples() if row.error != "robots"}
    return {home: [steps.get(url, Step(url, None)) for url in path] for home, path in paths.items() if path[0] in steps}


def _step(row: Any) -> Step:
    """One answer; with a certificate that browsers refuse it counts as none."""
    silent = pd.isna(row.status) or not pd.isna(row.certificate_error)
    count = 1 if pd.isna(row.hsts_count) else max(1, int(row.hsts_count))
    return Step(row.url, None if silent else int(row.status), None if pd.isna(row.hsts) else str(row.hsts), count)
