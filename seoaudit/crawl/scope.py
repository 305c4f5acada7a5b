"""Which URLs belong to the audited site."""

from __future__ import annotations

from dataclasses import dataclass, field

from seoaudit import urls


def netloc(url: str) -> str:
    """Host and port of a serialised URL, with user and password where it has them (such a URL is another site's)."""
    return url.split("/", 3)[2]


@dataclass(slots=True)
class Scope:
    """The start host, its apex/www twin, both schemes, and every adopted host; with `subdomains` all below the apex.

    Hosts are written as in the URL, with the port where it is not the scheme's default.
    """

    hosts: set[str] = field(default_factory=set)
    subdomains_of: str | None = None

    @classmethod
    def of(cls, start: str, *, subdomains: bool = False) -> Scope:
        """The scope of an audit that starts at this URL."""
        scope = cls()
        scope.adopt(start)
        if subdomains:
            scope.subdomains_of = urls.split(start).host.removeprefix("www.")
        return scope

    def adopt(self, url: str) -> None:
        """Take the URL's host and its twin in."""
        host = netloc(url)
        self.hosts.add(host)
        if not host.startswith("["):
            self.hosts.add(urls.twin(host))

    def __contains__(self, url: str) -> bool:
        host = netloc(url)
        if host in self.hosts:
            return True
        return self.subdomains_of is not None and host.endswith(f".{self.subdomains_of}")
