"""Which URLs the audit asks of its own accord: entry points, other spellings of a page, and what it must not touch (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seoaudit import urls
from seoaudit.crawl.scope import is_name, netloc
from seoaudit.records import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seoaudit.records import ProbeKind

_ACTS = re.compile(
    r"log[-_]?(?:out|off)|sign[-_]?(?:out|off)|un[-_]?subscribe|opt[-_]?out|delete|remove|destroy|erase|purge|cancel|revoke"
    r"|deactivate|disable|abmelde|abbestell|ausloggen|l(?:oe|%c3%b6)sch|d(?:e|%c3%a9)connexion|supprim|eliminar|cerrar[-_]?sesion",
    re.IGNORECASE,
)


def reads_like_an_act(url: str) -> bool:
    """Whether the path or query names something that a visitor does on purpose; servers often do it for a HEAD, too."""
    return _ACTS.search(url.split("/", 3)[3]) is not None


def probe(url: str, kind: ProbeKind) -> Mention:
    """The mention of a URL that the audit asks of its own accord."""
    return Mention(url, "probe", kind)


def has_port(url: str) -> bool:
    """Whether the URL names a port: which one serves the other scheme is then not known."""
    return urls.split(url).port != ""


def other_scheme(url: str) -> str:
    """The same URL over http instead of https, or the other way round."""
    scheme, colon, rest = url.partition(":")
    return f"{'http' if scheme == 'https' else 'https'}{colon}{rest}"


def entries(origin: str) -> Iterator[str]:
    """The home pages of a host and its www or apex twin, under both schemes; only its own scheme where it has a port."""
    scheme = origin.partition(":")[0]
    host = netloc(f"{origin}/")
    hosts = (host, urls.twin(host)) if is_name(urls.split(f"{origin}/").host) else (host,)
    for name in hosts:
        for each in (scheme,) if has_port(f"{origin}/") else ("https", "http"):
            yield f"{each}://{name}/"


def spellings(url: str) -> Iterator[Mention]:
    """Other ways to write a page's URL that a server may take for the same page, or send on to it."""
    address, question, query = url.partition("?")
    root, _, path = address.partition("//")[2].partition("/")
    stem = f"{address.partition('//')[0]}//{root}"
    folder, _, name = f"/{path}".rpartition("/")
    rest = question + query
    if path and not name:
        yield probe(f"{stem}{folder}{rest}", "slash")
    elif name and "." not in name:
        yield probe(f"{stem}/{path}/{rest}", "slash")
    last = folder.rpartition("/") if path and not name else (folder, "/", name)
    yield probe(f"{stem}{last[0]}//{last[2]}{'/' if path and not name else ''}{rest}", "doubled-slash")
    if path.upper() != path:
        yield probe(f"{stem}/{path.upper()}{rest}", "case")
    if not name:
        yield probe(f"{stem}{folder}/index.html{rest}", "index")


def hosts_first(origins: Iterable[str], home: str) -> list[str]:
    """The origins, one a host, that of `home` first and the others by name."""
    by_host: dict[str, str] = {}
    for origin in sorted(origins, key=lambda origin: (netloc(f"{origin}/") != netloc(home), origin)):
        by_host.setdefault(netloc(f"{origin}/"), origin)
    return list(by_host.values())
