"""What a browser knows of HSTS on its way, and the http URLs that it then never asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seoaudit import urls
from seoaudit.http.hsts import Policy, ancestors, is_address, parse_hsts, upgraded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seoaudit.http.preload import PreloadList


class Upgrade(NamedTuple):
    """The https URL that a browser asks in place of an http one, and how it knows the host: HSTS, or the preload list."""

    url: str
    known_from: str


def policy_of(values: Sequence[bytes]) -> Policy | None:
    """The policy in the fields of one answer, of which the first counts (RFC 6797, 8.1); None where there is none."""
    return parse_hsts(values[0].decode("latin-1")) if values else None


@dataclass
class KnownHosts:
    """The hosts that a browser asks over https only: those of the preload list, and those whose policy was learnt on the way."""

    preload_list: PreloadList | None = None
    policies: dict[str, Policy] = field(default_factory=dict)

    def learn(self, url: str, values: Sequence[bytes], *, trusted: bool) -> None:
        """Note a policy; over http, with a bad certificate and for an IP address it counts for nothing (RFC 6797, 8.1)."""
        parts = urls.split(url)
        policy = policy_of(values)
        if policy is None or not policy.valid or parts.scheme != "https" or not trusted or is_address(parts.host):
            return
        if policy.active:
            self.policies[parts.host] = policy
        else:
            self.policies.pop(parts.host, None)

    def upgrade(self, url: str) -> Upgrade | None:
        """What a browser asks instead (RFC 6797, 8.3); None where it asks this URL."""
        secure = upgraded(url)
        known_from = self._known_from(urls.split(url).host) if secure else None
        return Upgrade(secure, known_from) if secure and known_from else None

    def _known_from(self, host: str) -> str | None:
        if host in self.policies:
            return "HSTS"
        above = (self.policies.get(name) for name in ancestors(host))
        if any(policy is not None and policy.include_subdomains for policy in above):
            return "HSTS"
        entry = self.preload_list.covering(host) if self.preload_list is not None else None
        if entry is None or self.preload_list is None:
            return None
        return f"the HSTS preload list of {self.preload_list.date} (entry {entry})"
