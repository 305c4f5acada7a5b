"""`seoaudit trace URL`: one URL followed live, hop by hop, as a browser, curl, Googlebot or RFC 9110 has it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path  # noqa: TC003 - typer reads the type at run time
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from seoaudit import urls
from seoaudit.cli.audit import FAILED, refuse
from seoaudit.config import ConfigError, readers
from seoaudit.http.clients import CLIENT_NAMES, CLIENTS
from seoaudit.http.preload import PreloadList
from seoaudit.http.redirect import Request
from seoaudit.settings import USER_AGENT

if TYPE_CHECKING:
    from seoaudit.crawl.single import Answered, Ways
    from seoaudit.http.clients import ClientName
    from seoaudit.trace import Trace

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WRITTEN_ANEW = ("content-length", "transfer-encoding", "connection", "expect")


def command(  # noqa: PLR0913, PLR0917 -- one parameter for each option
    url: Annotated[str | None, typer.Argument(help="The URL to follow.")] = None,
    method: Annotated[
        str | None, typer.Option("-X", "--request", metavar="METHOD", help="The method; GET, or POST with -d.")
    ] = None,
    data: Annotated[
        str | None, typer.Option("-d", "--data", metavar="BODY", help="The body, as it is. Without it none is sent.")
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("-H", "--header", metavar="'NAME: VALUE'", help="A header field (may be repeated)."),
    ] = None,
    as_client: Annotated[
        str | None, typer.Option("--as", metavar="|".join(CLIENT_NAMES), help="Whose way to go; browser without it.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Go the way of each of them, and show them side by side.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")] = False,
    connect_to: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST:PORT:ADDRESS:PORT", help="As in curl: another server under this name."),
    ] = None,
    ca_file: Annotated[str | None, typer.Option(metavar="FILE", help="Certificate authorities to trust (PEM).")] = None,
    insecure: Annotated[bool, typer.Option("--insecure", help="Go on past bad certificates.")] = False,
    max_redirects: Annotated[str | None, typer.Option(metavar="N", help="Another limit than the client's own.")] = None,
    hsts_list: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A newer HSTS preload list than the one that came along.")
    ] = None,
    timeout: Annotated[
        str | None, typer.Option(metavar="SECONDS", help="The most that one hop may take; 60 without it.")
    ] = None,
) -> None:
    """Follow one URL live, and show what happens to method, body and headers at each hop."""
    try:
        request = _request(url, method, data, header or [])
        names = _clients(as_client, request, compare=compare)
        limit = None if max_redirects is None else readers.number(0, 10)("--max-redirects", max_redirects)
        ways = _ways(connect_to or [], ca_file, timeout, insecure=insecure)
        preload_list = PreloadList(hsts_list)
    except ConfigError as error:
        refuse(error)
    traces = _traces(names, request, ways, preload_list, limit)
    _show(traces, compare=compare, as_json=as_json)
    if any(trace.end.kind == "failed" for trace in traces):
        raise typer.Exit(FAILED)


def _traces(
    names: tuple[ClientName, ...], request: Request, ways: Ways, preload_list: PreloadList, limit: int | None
) -> list[Trace]:
    from seoaudit.crawl.single import Asker  # noqa: PLC0415 - other commands do without libcurl
    from seoaudit.trace import Remembering, trace  # noqa: PLC0415

    traces = []
    answers: dict[object, Answered] = {}
    for name in names:
        client = CLIENTS[name]
        with Asker(ways, jar=client.keeps_cookies) as asker:
            remembering = Remembering(asker, answers, jar=client.keeps_cookies)
            traces.append(trace(client, request, remembering, max_redirects=limit, preload_list=preload_list))
    return traces


def _show(traces: list[Trace], *, compare: bool, as_json: bool) -> None:
    from seoaudit.cli import trace_tables  # noqa: PLC0415 - see _traces
    from seoaudit.trace.facts import comparison_facts, trace_facts  # noqa: PLC0415

    facts = comparison_facts(traces) if compare else trace_facts(traces[0])
    if as_json:
        print(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
    elif compare:
        trace_tables.print_comparison(facts)
    else:
        trace_tables.print_trace(facts)


def _request(url: str | None, method: str | None, data: str | None, lines: list[str]) -> Request:
    """What the command line asks for; raises ConfigError with one line."""
    if url is None:
        raise ConfigError("URL: missing; say which to follow, for example seoaudit trace https://example.com/")
    target = urls.parse(url.strip())
    if target is not None and urls.is_web(target) and "@" in target.split("/", 3)[2]:
        raise ConfigError("URL: leave user and password out of it; write -H 'Authorization: Basic ...' instead")
    plain = readers.url("URL", _text("URL", url))
    fragment = urls.fragment(target or "")
    headers = tuple(_header(line) for line in lines)
    body = None if data is None else _text("-d", data).encode()
    if method is None:
        named = "GET" if body is None else "POST"
    elif _TOKEN.fullmatch(method) and method.upper() not in ("CONNECT", "TRACE"):
        named = method.upper()
    else:
        raise ConfigError(f"-X: {method!r} is no method that can be followed; write such as -X POST")
    if named == "HEAD" and body is not None:
        raise ConfigError("-d: HEAD has no body; leave -d or -X HEAD out")
    if body is None and named not in ("GET", "HEAD", "OPTIONS", "DELETE"):
        body = b""
    return Request(
        url=f"{plain}#{fragment}" if fragment else plain,
        method=named,
        headers=headers,
        body=body,
        chosen=method is not None and named != "HEAD",
    )


def _text(option: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{option}: is not UTF-8 text; write it as UTF-8") from error
    return text


def _header(line: str) -> tuple[str, str]:
    if "\r" in line or "\n" in line or "\0" in line:
        raise ConfigError(f"-H: {line!r} holds a line end or NUL, which would begin another field; leave it out")
    name, colon, value = _text("-H", line).partition(":")
    if not colon:
        raise ConfigError(f"-H: {line!r} has no colon; write such as -H 'Accept-Language: de'")
    if not _TOKEN.fullmatch(name):
        raise ConfigError(f"-H: {name!r} is no field name; write such as -H 'Accept-Language: de'")
    if not value.strip():
        raise ConfigError(f"-H: {name} has no value; give one, or leave it out")
    if name.lower() in _WRITTEN_ANEW:
        raise ConfigError(f"-H: {name} is written anew for every request; leave it out")
    return name, value.strip()


def _clients(name: str | None, request: Request, *, compare: bool) -> tuple[ClientName, ...]:
    if compare:
        if name is not None:
            raise ConfigError("--as: --compare goes every client's way; leave one of them out")
        return CLIENT_NAMES
    client = next((known for known in CLIENT_NAMES if known == (name or "browser")), None)
    if client is None:
        raise ConfigError(f"--as: {name!r} is not known; write one of {', '.join(CLIENT_NAMES)}")
    if CLIENTS[client].only_get and (request.method != "GET" or request.body is not None):
        raise ConfigError(f"--as: {client} asks by GET only; leave -X and -d out")
    return (client,)


def _ways(connect_to: list[str], ca_file: str | None, timeout: str | None, *, insecure: bool) -> Ways:
    from seoaudit.crawl.single import Ways  # noqa: PLC0415 - see _traces

    ways = Ways(user_agent=USER_AGENT, insecure=insecure)
    if connect_to:
        ways = replace(ways, connect_to=readers.connect_to("--connect-to", ",".join(connect_to)))
    if ca_file is not None:
        ways = replace(ways, ca_file=str(readers.ca_file("--ca-file", ca_file)))
    if timeout is not None:
        ways = replace(ways, timeout_s=readers.number(1, 60)("--timeout", timeout))
    return ways
