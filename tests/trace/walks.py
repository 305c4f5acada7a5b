"""A server that answers with the redirect that its path names, and what a client sent it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from servers import Asked, ScriptedServer, answer

from seoaudit.crawl.single import Asker, Ways
from seoaudit.http.clients import CLIENTS
from seoaudit.trace import Trace, trace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from seoaudit.http.clients import ClientName
    from seoaudit.http.preload import PreloadList
    from seoaudit.http.redirect import Request

WATCHED = ("authorization", "cookie", "content-type", "content-language", "content-length", "x-own")


class Sent(NamedTuple):
    """One request as it arrived, with the fields that a redirect may cost."""

    port: int
    method: str
    target: str
    fields: tuple[tuple[str, str], ...]
    body: bytes


class Pair(NamedTuple):
    """Two servers on loopback: two origins."""

    here: ScriptedServer
    there: ScriptedServer

    def sent(self) -> list[Sent]:
        """What both were asked, in order; questions before the question (CORS) left out."""
        asked = [(server.port, one) for server in self for one in server.asked if one.method != "OPTIONS"]
        return [_sent(port, one) for port, one in sorted(asked, key=lambda pair: pair[1].at)]

    def forget(self) -> None:
        """Begin anew."""
        for server in self:
            server.asked.clear()


def _sent(port: int, asked: Asked) -> Sent:
    watched = {name.lower(): value for name, value in asked.headers if name.lower() in WATCHED}
    return Sent(port, asked.method, asked.target, tuple(sorted(watched.items())), asked.body)


@contextmanager
def pair(extra: Mapping[str, bytes] = {}, statuses: Iterable[int] = range(300, 309), *headers: str) -> Generator[Pair]:
    """`/STATUS/here` and `/STATUS/there` redirect to `/end` of the first and the second server, `/STATUS/back` there and back again."""
    with ScriptedServer() as here, ScriptedServer() as there:
        ends = {"/end": answer(200, *headers, body="the end")}
        for status in statuses:
            ends[f"/{status}/here"] = answer(status, f"Location: {here.url}/end", *headers)
            ends[f"/{status}/there"] = answer(status, f"Location: {there.url}/end", *headers)
            ends[f"/{status}/back"] = answer(status, f"Location: {there.url}/{status}/here", *headers)
        here.answers.update(ends | extra)
        there.answers.update(ends | extra)
        yield Pair(here, there)


def follow(
    name: ClientName,
    request: Request,
    ways: Ways | None = None,
    max_redirects: int | None = None,
    preload_list: PreloadList | None = None,
) -> Trace:
    """The trace of one client."""
    client = CLIENTS[name]
    with Asker(ways or Ways(user_agent="test"), jar=client.keeps_cookies) as asker:
        return trace(client, request, asker, max_redirects=max_redirects, preload_list=preload_list)
