"""Which URLs belong to the audited site."""

from __future__ import annotations

from dataclasses import dataclass, field

from seoaudit import urls


def netloc(url: str) -> str:
    """Host and port of a serialised URL, with user and password where it has them (such a URL is another site's)."""
    return url.split("/", 3)[2]


def is_name(host: str) -> bool:
    """Whether a host is a name that may have a www form: no address, and more than one label."""
    return "." in host and not host.startswith("[") and not host.rpartition(".")[2].isdigit()


@dataclass(slots=True)
class Scope:
    """The start host, its apex/www twin, both schemes, and every adopted host; with `subdomains` all below each of them.

    Hosts are written as in the URL, with the port where it is not the scheme's default.
    """

    hosts: set[str] = field(default_factory=set)
    subdomains: bool = False
    _parents: tuple[str, ...] = ()

    @classmethod
    def of(cls, start: str, *, subdomains: bool = False) -> Scope:
        """The scope of an audit that starts at this URL."""
        scope = cls(subdomains=subdomains)
        scope.adopt(start)
        return scope

    def adopt(self, url: str) -> None:
        """Take the URL's host and its twin in."""
        host = netloc(url)
        self.hosts.add(host)
        if host.startswith("["):
            return
        self.hosts.add(urls.twin(host))
        if self.subdomains:
            self._parents = tuple({*self._parents, f".{host.removeprefix('www.')}"})

    def __contains__(self, url: str) -> bool:
        host = netloc(url)
        return host in self.hosts or (bool(self._parents) and host.endswith(self._parents) and "@" not in host)
