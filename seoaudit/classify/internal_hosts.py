"""Redirects to where the public cannot go: internal hosts, and the ports behind a proxy."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import numpy as np

from seoaudit.classify.once import once

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

_AUTHORITY = r"^[a-z]+://(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*):?(?P<port>\d*)"
_PORT = re.compile(r":\d+$")
_NAME = re.compile(r"[^.]+|(?:.+\.)?(?:localhost|local|internal|intranet|lan|corp|home\.arpa|test|invalid)")


@once
def misdirected(facts: Facts) -> pd.DataFrame:
    """Redirects of the site whose `fault` is an `internal` host, or another `port` of their own host.

    Columns: `url`, `status`, `location_url`, and the target's `host` and `port`. The audited site's own hosts are public
    enough.
    """
    rows = facts.redirects[["url", "status", "location_url", "in_scope"]]
    rows = rows[rows["in_scope"].fillna(value=False) & rows["location_url"].notna()]
    source, target = (rows[name].str.extract(_AUTHORITY).fillna("") for name in ("url", "location_url"))
    hosts = {host: is_internal(host) for host in target["host"].unique()}
    audited = [_PORT.sub("", host) for host in facts.run.hosts]
    internal = target["host"].map(hosts).astype(bool) & ~target["host"].isin(audited)
    other_port = (target["port"] != "") & (target["port"] != source["port"]) & (target["host"] == source["host"])
    fault = np.select([internal, other_port], ["internal", "port"], "")
    rows = rows.assign(host=target["host"], port=target["port"], fault=fault)
    return rows[rows["fault"] != ""]


def is_internal(host: str) -> bool:
    """Whether a host is one that only its own network can reach: a non-global address, or a name that no public DNS has.

    Addresses: the IANA special-purpose registries, by Python's `ipaddress`; names: RFC 6761, RFC 6762, RFC 8375, the
    `.internal` that ICANN reserved in 2024, and names of one label.
    """
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return bool(_NAME.fullmatch(host.rstrip(".")))
