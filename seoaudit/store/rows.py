"""What the journal's lines become in the tables: columns of the schema's types."""

from __future__ import annotations

from array import array
from functools import cache
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.records import Mention, Response
from seoaudit.store.blocks import fields, parse, whole
from seoaudit.store.schema import LINKS, RESPONSES, REWALKS, VARIANTS

# pa.array and pa.scalar load pandas; a crawl that has ended has no room for it.


def first_of_each_url(lines: pa.Table, seen: set[int]) -> pa.Table:
    """The lines without answers of a URL that has one already; `seen` is what earlier lines answered, and grows.

    URLs are known by their hash: 64 bits keep millions of them apart, and take less room.
    """
    kept = []
    for row, url in enumerate(_urls(lines).to_pylist()):
        if url is None:
            kept.append(row)
        elif (key := hash(url)) not in seen:
            kept.append(row)
            seen.add(key)
    return lines if len(kept) == len(lines) else lines.take(_numbers(memoryview(array("q", kept)), pa.int64()))


def response_rows(lines: pa.Table) -> pa.Table:
    """Rows of responses.parquet; a number that its column cannot hold, such as a status of 99999, is null."""
    return _rows(lines.column("response"), RESPONSES)


def walk_rows(lines: pa.Table) -> pa.Table:
    """Rows of rewalks.parquet."""
    return _rows(lines.column("walk"), REWALKS)


def variant_rows(lines: pa.Table) -> pa.Table:
    """Rows of variants.parquet."""
    return _rows(lines.column("variant"), VARIANTS)


def link_rows(lines: pa.Table) -> pa.Table:
    """Rows of links.parquet: each mention with the URL whose answer made it."""
    lists = whole(lines.column("mentions"))
    sources = _urls(lines).take(pc.list_parent_indices(lists))
    texts = lists.flatten().flatten()
    parts = len(Mention._fields)
    columns = [texts.take(_numbers(np.arange(part, len(texts), parts).data, pa.int64())) for part in range(parts)]
    return pa.Table.from_arrays([sources, *columns], schema=LINKS)


def _rows(structs: pa.ChunkedArray[Any], schema: pa.Schema) -> pa.Table:
    records = whole(structs)
    present = records.filter(records.is_valid()) if records.null_count else records
    columns = fields(present)
    return pa.Table.from_arrays([_typed(columns[field.name], field) for field in schema], schema=schema)


def _typed(values: Any, field: pa.Field[Any]) -> pa.Array[Any]:
    kind = field.type
    if field.name in _defaults():
        values = pc.coalesce(values, _defaults()[field.name])
    if pa.types.is_list(kind):
        return pa.ListArray.from_arrays(values.offsets, _typed(values.values, pa.field("", kind.value_type)))
    if pa.types.is_integer(kind):
        return _fitting(values, kind)
    return _times(values, kind) if pa.types.is_timestamp(kind) else values


def _fitting(values: Any, kind: Any) -> pa.Array[Any]:
    narrow = values.cast(kind, safe=False)
    fits = pc.equal(narrow.cast(values.type), values)
    fitting: pa.Array[Any] = pc.if_else(fits, narrow, pa.nulls(len(values), kind))
    return fitting


def _times(seconds: Any, kind: pa.DataType) -> pa.Array[Any]:
    """Seconds since 1970 as times, rounded as `datetime.fromtimestamp` does."""
    million = _numbers(memoryview(array("d", [1e6])), pa.float64())[0]
    full = pc.floor(seconds)
    rest = pc.round(pc.multiply(pc.subtract(seconds, full), million), round_mode="half_to_even")
    microseconds: Any = pc.add(pc.multiply(full, million), rest)
    times: pa.Array[Any] = microseconds.cast(pa.int64()).cast(kind)
    return times


@cache
def _defaults() -> dict[str, pa.Scalar[Any]]:
    """What the journal leaves out of an answer, where that is not nothing."""
    empty = Response(url="")
    values = {name: getattr(empty, name) for name in RESPONSES.names}
    line = orjson.dumps({"response": values, "links": []}, option=orjson.OPT_APPEND_NEWLINE)
    columns = fields(whole(parse(line, 1).column("response")))
    return {name: columns[name][0] for name, value in values.items() if value is not None}


def _urls(lines: pa.Table) -> pa.Array[Any]:
    urls: pa.Array[Any] = fields(whole(lines.column("response")))["url"]
    return urls


def _numbers(values: memoryview, kind: pa.DataType) -> pa.Array[Any]:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])
