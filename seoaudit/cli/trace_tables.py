"""A trace on the terminal: one table a hop, or one column a client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDEST = 120
"""Columns of a hop's table at most; lines longer than this are hard to read."""

_COLOURS = {2: "green", 3: "yellow", 4: "red", 5: "red"}


def print_trace(facts: dict[str, Any]) -> None:
    """Every hop, and the verdict."""
    console = Console()
    for hop in facts["hops"]:
        console.print(_hop_table(hop, min(console.width, WIDEST)))
    console.print(Text.assemble((f"As {facts['client']}: ", "bold"), visible(facts["verdict"])))


def print_comparison(facts: dict[str, Any]) -> None:
    """One column a client, where they part, and each one's verdict."""
    console = Console()
    clients = facts["clients"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for client in clients:
        table.add_column(client["client"], overflow="fold", ratio=1)
    for label, cells in _comparison_rows(clients):
        table.add_row(Text(label, "dim"), *map(visible, cells))
    console.print(table)
    for found in facts["partings"]:
        words = f"hop {found['hop']}: {found['way']}; {clients[0]['client']}: {found['instead_of']}"
        console.print(Text.assemble((f"{found['client']} parts at ", "bold"), visible(words)))
    if not facts["partings"]:
        console.print("All go one way.")
    for client in clients:
        console.print(Text.assemble((f"As {client['client']}: ", "bold"), visible(client["verdict"])))


def visible(text: str) -> Text:
    """Text as it is; what would steer a terminal, or what it has no letter for, as an escape that can be read."""
    encoding = sys.stdout.encoding or "utf-8"
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return Text(safe.encode(encoding, "backslashreplace").decode(encoding))


def _hop_table(hop: dict[str, Any], width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=width)
    table.add_column(f"Hop {hop['hop']}", no_wrap=True, width=14)
    table.add_column(Text.assemble((hop["method"], "bold"), " ", visible(hop["url"])), overflow="fold", ratio=1)
    for label, value in _hop_rows(hop):
        table.add_row(Text(label, "dim"), value)
    return table


def _hop_rows(hop: dict[str, Any]) -> Iterator[tuple[str, Text]]:
    yield "answer", _status(hop)
    if hop["certificate_error"]:
        yield "certificate", visible(f"bad, and passed over: {hop['certificate_error']}")
    changes = hop["next_method"] not in (None, hop["method"])
    yield "method", visible(hop["method"] + (f" → {hop['next_method']}" if changes else ""))
    if hop["body_bytes"]:
        fate = f", {hop['body']}" if hop["body"] else ""
        yield "body", visible(f"{hop['body_bytes']:,} bytes{fate}")
    if hop["headers_dropped"]:
        yield "dropped", visible(", ".join(hop["headers_dropped"]))
    if hop["location"] is not None:
        yield "Location", visible(hop["location"])
    lead = hop["refresh"]
    if lead:
        delay = "" if lead["delay"] is None else f", after {lead['delay']:g} s"
        inferred = " (not run; inferred from the source)" if lead["mechanism"] == "javascript" else ""
        yield lead["mechanism"], visible(f"{lead['raw']}{delay}{inferred}")
    if hop["next_url"] is not None:
        yield "leads to", visible(hop["next_url"])
    yield "scheme", visible(_scheme(hop))
    if not hop["internal"] and hop["status"] is not None:
        hsts = hop["hsts"] or "none"
        if hop["hsts"] or hop["scheme"] == "https":
            yield "HSTS", visible(f"{hsts} ({hop['hsts_note']})" if hop["hsts_note"] else hsts)
        yield "cacheable", visible(hop["cacheable_note"])
    if hop["cookies_set"]:
        yield "sets cookie", visible(", ".join(hop["cookies_set"]))
    yield "so", Text.assemble(visible(hop["sentence"]), style="italic")


def _status(hop: dict[str, Any]) -> Text:
    latency = f", {hop['latency_ms']:,.1f} ms" if hop["latency_ms"] is not None else ""
    if hop["status"] is None:
        return Text.assemble(("no answer", "red"), visible(f" ({hop['error']}): {hop['detail'] or ''}"))
    words = f"{hop['status']} {hop['reason']}" if hop["reason"] else str(hop["status"])
    protocol = f", {hop['protocol']}" if hop["protocol"] else ""
    broken = f"; broken off ({hop['error']})" if hop["error"] else ""
    return Text.assemble((words, _COLOURS.get(hop["status"] // 100, "")), f"{protocol}{latency}{broken}")


def _scheme(hop: dict[str, Any]) -> str:
    following = (hop["next_url"] or "").partition(":")[0]
    return f"{hop['scheme']} → {following}" if following and following != hop["scheme"] else hop["scheme"]


def _comparison_rows(clients: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    yield "ends at", [client["final_url"] for client in clients]
    yield "answer", [str(client["final_status"] or "none") for client in clients]
    yield "ended by", [client["end"] for client in clients]
    yield "redirects", [str(client["redirects"]) for client in clients]
    yield "methods", [" ".join(hop["method"] for hop in client["hops"]) for client in clients]
    yield "statuses", [" ".join(str(hop["status"] or hop["error"]) for hop in client["hops"]) for client in clients]
    yield "body", [_last_body(client) for client in clients]
    yield "dropped", [", ".join(client["headers_dropped"]) or "none" for client in clients]


def _last_body(client: dict[str, Any]) -> str:
    first, last = client["hops"][0]["body_bytes"], client["final_body_bytes"]
    if not first:
        return "none sent"
    return f"{last:,} bytes" if last else "lost"
