"""What a browser learns of HSTS on its way, and the http URLs that it then never asks."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from seoaudit import urls

_DIRECTIVE = re.compile(r'\s*([^\s=;]+)\s*(?:=\s*("[^"]*"|[^;"]*?))?\s*(?:;|$)')


class Policy(NamedTuple):
    """A host's policy: for how many seconds, and whether for the hosts below it; `max_age` 0 takes a policy back."""

    max_age: int
    include_subdomains: bool


def policy_of(header: str) -> Policy | None:
    """Read one Strict-Transport-Security value (RFC 6797, 6.1); None where a browser would ignore it."""
    directives: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(header):
        if name.lower() in directives:
            return None
        directives[name.lower()] = value.strip('"')
    age = directives.get("max-age", "")
    return Policy(int(age[:18]), "includesubdomains" in directives) if re.fullmatch(r"[0-9]+", age) else None


@dataclass
class KnownHosts:
    """The hosts whose policy was learnt."""

    policies: dict[str, Policy] = field(default_factory=dict)

    def learn(self, url: str, header: str | None, *, trusted: bool) -> None:
        """Note a policy; over http, with a bad certificate and for an IP address it counts for nothing (RFC 6797, 8.1)."""
        parts = urls.split(url)
        policy = policy_of(header) if header is not None else None
        if policy is None or parts.scheme != "https" or not trusted or is_address(parts.host):
            return
        if policy.max_age:
            self.policies[parts.host] = policy
        else:
            self.policies.pop(parts.host, None)

    def upgraded(self, url: str) -> str | None:
        """The https URL that a browser asks instead (RFC 6797, 8.3: other ports than 80 are kept); None where it asks this one."""
        parts = urls.split(url)
        if parts.scheme != "http" or not self._holds(parts.host):
            return None
        return urls.parse(f"https{url.removeprefix('http')}")

    def _holds(self, host: str) -> bool:
        if host in self.policies:
            return True
        labels = host.split(".")
        above = (self.policies.get(".".join(labels[start:])) for start in range(1, len(labels)))
        return any(policy is not None and policy.include_subdomains for policy in above)


def is_address(host: str) -> bool:
    """Whether the host is an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
