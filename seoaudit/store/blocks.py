"""The journal as Arrow tables, a block of lines at a time: no Python object for each of a million mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from seoaudit.records import Mention
from seoaudit.store.schema import RESPONSES, REWALKS, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK_BYTES = 1 << 20
"""What is read at a time, to the next line end; more is no faster, and takes several times its size."""


class Block(NamedTuple):
    """Neighbouring lines of the journal, one row a line; `unreadable` are the numbers of lines that are none of its records.

    A row has one of `response` (as the journal has it: what holds its default is missing), `walk`, `variant`, and `mentions`
    without any of these; a mention is a list of the texts of a `Mention`.
    """

    rows: pa.Table
    unreadable: list[int]


def _as_written(kind: pa.DataType) -> pa.DataType:
    """The type in the journal: any whole number, and seconds for a time."""
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_timestamp(kind):
        return pa.float64()
    return pa.list_(_as_written(kind.value_type)) if pa.types.is_list(kind) else kind


def _struct(schema: pa.Schema) -> pa.DataType:
    return pa.struct([pa.field(field.name, _as_written(field.type)) for field in schema])


_MENTIONS = pa.list_(pa.list_(pa.string()))
_LINE: dict[str, pa.DataType] = {
    "response": _struct(RESPONSES),
    "walk": _struct(REWALKS),
    "variant": _struct(VARIANTS),
    "links": _MENTIONS,
    "seeds": _MENTIONS,
}
_PARSING = pj.ParseOptions(explicit_schema=pa.schema(_LINE), unexpected_field_behavior="ignore")


def read_blocks(path: Path) -> Iterator[Block]:
    """Every whole line in the order written; a last line without its line end was cut by a kill and is left out."""
    first = 1
    with path.open("rb") as file:
        while text := file.read(BLOCK_BYTES) + file.readline():
            lines = text[: text.rfind(b"\n") + 1]
            count = lines.count(b"\n")
            unreadable: list[int] = []
            try:
                rows = parse(lines, count)
            except ValueError:
                rows = _parse_parts(lines.split(b"\n")[:-1], first, unreadable)
            yield Block(rows, unreadable)
            first += count


def _parse_parts(lines: list[bytes], first: int, unreadable: list[int]) -> pa.Table:
    """What can be read of lines that cannot be read together, found by halving; notes the numbers of the others."""
    if len(lines) == 1:
        unreadable.append(first)
        return parse(b"", 0)
    middle = len(lines) // 2
    parts = []
    for part, start in ((lines[:middle], first), (lines[middle:], first + middle)):
        try:
            parts.append(parse(b"\n".join(part) + b"\n", len(part)))
        except ValueError:
            parts.append(_parse_parts(part, start, unreadable))
    return pa.concat_tables(parts).combine_chunks()


def parse(text: bytes, count: int) -> pa.Table:
    """These `count` lines as a table of one chunk: `response`, `walk`, `mentions`; raises ValueError unless each is a record."""
    if not count:
        return _checked(pa.schema(_LINE).empty_table(), 0)
    if b"\0" in text:
        raise ValueError("zero bytes in the journal")  # the parser would take them for the end of the text
    if not text.isascii():
        text.decode()  # the parser would take any byte for a letter
    options = pj.ReadOptions(use_threads=False, block_size=len(text) + 1)
    source: Any = pa.BufferReader(text)  # pyarrow's stubs do not say that it reads from its own readers
    return _checked(pj.read_json(source, options, _PARSING), count)


def _checked(lines: pa.Table, count: int) -> pa.Table:
    # The parser has no row for an empty line, and an empty row for an unknown record.
    response, walk, variant, links, seeds = (whole(lines.column(name)) for name in _LINE)
    records = (fields(response)["url"], fields(walk)["requested_url"], fields(variant)["url"], seeds)
    if len(lines) != count or sum(len(each) - each.null_count for each in records) != count:
        raise ValueError("a line of the journal is no record")
    mentions = links if seeds.null_count == len(seeds) else pc.coalesce(links, seeds)
    lengths = pc.list_value_length(mentions.flatten())
    if lengths.null_count or not set(pc.unique(lengths).to_pylist()) <= {len(Mention._fields)}:
        raise ValueError("a mention in the journal has not its five parts")
    return pa.Table.from_arrays([response, walk, variant, mentions], ["response", "walk", "variant", "mentions"])


def fields(structs: Any) -> dict[str, Any]:
    """The fields of an array of structs by name, missing where the struct is."""
    return dict(zip(structs.type.names, structs.flatten(), strict=True))


def whole(chunks: pa.ChunkedArray[Any]) -> Any:
    """A column as one array."""
    array: Any = chunks.combine_chunks()
    return array
