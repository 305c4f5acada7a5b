"""The rows of the large tables as the page carries them: packed in blocks of columns, the most important rows first."""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson

from seoaudit.render.chains import BADNESS
from seoaudit.render.redirect_map import flow_numbers
from seoaudit.render.tables import WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.render.redirect_map import RedirectMap
    from seoaudit.render.tables import Tables

MAX_ROWS = 100_000
"""Rows of one table that the page carries; the Parquet file and the workbook have more."""

UNPACKED_CHARACTERS = 48_000_000
"""What a browser has to hold of one table at most: ten-thousand-letter URLs pack well, and must not fill its memory."""

_BLOCK_ROWS = 2_000
_GZIP = 31
_REACH = 50

Kind = Literal["text", "url", "choice", "number", "hops", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `kind` says how it is shown, sorted and filtered, `words` which dictionary of the page spells its values.

    `hops` is a chain's URLs, one a line; `hidden` is for the script alone. `shown`: whether it stands there until a reader chooses.
    """

    name: str
    label: str
    kind: Kind
    sql: str
    shown: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The first `rows` of a table of `total`, in `packed`: base64 of gzip of lines, each a JSON list of columns of a block."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: int
    total: int
    packed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where a dataset comes from; `packed_bytes` keeps the page one that a mail takes."""

    name: str
    title: str
    relation: str
    order: str
    packed_bytes: int
    columns: tuple[Column, ...]


_FINDINGS = _Source(
    name="findings",
    title="Findings",
    relation="findings",
    order=f"{WORST_FIRST}, coalesce(inlinks, 0) desc, rule, url, detail",
    packed_bytes=2_200_000,
    columns=(
        Column(name="severity", label="Severity", kind="choice", sql="severity"),
        Column(name="rule", label="Rule", kind="choice", sql="rule", words="rule"),
        Column(name="url", label="URL", kind="url", sql="url"),
        Column(name="detail", label="What was found", kind="text", sql="detail"),
        Column(name="fix", label="Change", kind="text", sql="fix"),
        Column(name="inlinks", label="Inlinks", kind="number", sql="coalesce(inlinks, 0)"),
        Column(name="group", label="In common", kind="text", sql='"group"', shown=False),
        Column(
            name="first_seen",
            label="First seen",
            kind="text",
            sql="strftime(first_seen, '%Y-%m-%d')",
            shown=False,
        ),
    ),
)

_LINKS = _Source(
    name="links",
    title="Links to edit",
    relation="fixes",
    order="",  # the table has its order already
    packed_bytes=1_500_000,
    columns=(
        Column(name="page", label="On page", kind="url", sql="page"),
        Column(name="element", label="Element", kind="choice", sql="element"),
        Column(name="text", label="Text", kind="text", sql="text"),
        Column(name="href", label="It says", kind="text", sql="coalesce(href, target)"),
        Column(name="write", label="Write instead", kind="url", sql="replace_with"),
        Column(name="target", label="It leads to", kind="url", sql="target", shown=False),
        Column(name="hops", label="Hops", kind="number", sql="redirect_count"),
        Column(name="outcome", label="End", kind="choice", sql="outcome", words="outcome"),
    ),
)

_CHAINS = _Source(
    name="chains",
    title="Chains",
    relation="chains where requested_url not in (select url from responses where probe is not null)",
    order=f"{BADNESS}, redirect_count desc, coalesce(inlinks, 0) desc, requested_url",
    packed_bytes=1_500_000,
    columns=(
        Column(name="url", label="URL", kind="url", sql="requested_url"),
        Column(
            name="statuses",
            label="Answers",
            kind="text",
            sql=f"array_to_string(list_transform(statuses[:{_REACH}], lambda one: coalesce(one::varchar, '-')), ' → ')",
        ),
        Column(name="hops", label="Hops", kind="number", sql="redirect_count"),
        Column(name="final", label="Ends at", kind="url", sql="final_url"),
        Column(name="outcome", label="End", kind="choice", sql="outcome", words="outcome"),
        Column(name="permanence", label="Permanence", kind="choice", sql="permanence"),
        Column(name="latency", label="Time in ms", kind="number", sql="round(latency_ms)", shown=False),
        Column(name="inlinks", label="Inlinks", kind="number", sql="coalesce(inlinks, 0)"),
        Column(
            name="path",
            label="Hop by hop",
            kind="hops",
            sql=f"array_to_string(url_list[:{_REACH}], chr(10))",
            shown=False,
        ),
    ),
)

_HOST = "rtrim(regexp_extract(url, '^http://(?:[^/@]*@)?([^/:?#]*)', 1), '.')"

_URLS = _Source(
    name="urls",
    title="URLs",
    relation=f"""(select responses.*, flow, browser from responses left join flows using (url)
        left join hosts on starts_with(url, 'http://') and {_HOST} = hosts.host)""",
    order="mechanism is null, coalesce(status, 999) < 400, url",
    packed_bytes=2_300_000,
    columns=(
        Column(name="url", label="URL", kind="url", sql="url"),
        Column(name="status", label="Answer", kind="choice", sql="coalesce(status::varchar, error)", words="answer"),
        Column(name="mechanism", label="Redirects by", kind="choice", sql="mechanism", words="mechanism"),
        Column(name="location", label="To", kind="url", sql="location_url"),
        Column(
            name="permanence",
            label="Permanence",
            kind="choice",
            sql="""if(mechanism is null, null, if(if(mechanism = 'location', status in (301, 308), coalesce(refresh_delay, 0) = 0),
                'permanent', 'temporary'))""",
            shown=False,
        ),
        Column(name="latency", label="Time in ms", kind="number", sql="round(latency_ms)"),
        Column(name="depth", label="Clicks from the start", kind="number", sql="depth", shown=False),
        Column(name="media_type", label="Media type", kind="choice", sql="media_type", shown=False),
        Column(name="title", label="Title", kind="text", sql="title", shown=False),
        Column(name="probe", label="Asked of our own accord", kind="choice", sql="probe", shown=False),
        Column(name="browser", label="https in browsers", kind="choice", sql="browser", shown=False, words="browser"),
        Column(name="flow", label="", kind="hidden", sql="flow", shown=False),
    ),
)


def datasets(tables: Tables, redirects: RedirectMap) -> tuple[Dataset, ...]:
    """Pack findings, links to edit, chains and URLs, those that have rows; `flow` of a URL counts the map's flows from 0."""
    flows, parameters = flow_numbers(redirects)
    packed = (
        _pack(tables, _FINDINGS),
        _pack(tables, _LINKS),
        _pack(tables, _CHAINS),
        _pack(tables, _URLS, f"with flows as ({flows})", parameters),
    )
    return tuple(one for one in packed if one.total)


def _pack(tables: Tables, source: _Source, before: str = "", parameters: list[Any] | None = None) -> Dataset:
    (total,) = tables.one(f"{before} select count(*) from {source.relation}", parameters or [])
    columns = ", ".join(f"{column.sql} as c{number}" for number, column in enumerate(source.columns))
    order = f"order by {source.order}" if source.order else ""
    rows = tables.stream(f"{before} select {columns} from {source.relation} {order} limit {MAX_ROWS}", parameters or [])
    count, packed = pack(rows, source.packed_bytes)
    return Dataset(name=source.name, title=source.title, columns=source.columns, rows=count, total=total, packed=packed)


def pack(rows: Iterator[tuple[Any, ...]], packed_bytes: int) -> tuple[int, str]:
    """Pack rows until they are at an end or as many as `packed_bytes` and `UNPACKED_CHARACTERS` allow: how many, and base64."""
    gzip = zlib.compressobj(level=9, wbits=_GZIP)
    done, written, unpacked = b"", 0, 0
    for block in _blocks(rows):
        line = orjson.dumps(list(zip(*block, strict=True))) + b"\n"
        trial = gzip.copy()
        more = trial.compress(line) + trial.flush(zlib.Z_SYNC_FLUSH)
        unpacked += len(line)
        if unpacked > UNPACKED_CHARACTERS or len(done) + len(more) > packed_bytes:
            break
        done, gzip, written = done + more, trial, written + len(block)
    return written, b64encode(done + gzip.flush()).decode()


def _blocks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    block: list[tuple[Any, ...]] = []
    for row in rows:
        block.append(row)
        if len(block) == _BLOCK_ROWS:
            yield block
            block = []
    if block:
        yield block
