"""Parquet and Arrow to pandas, with one dtype a kind of column, so that an empty frame looks like a full one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
WHOLE = pd.Int64Dtype()
FRACTION = pd.Float64Dtype()
FLAG = pd.BooleanDtype()
TIME = pd.DatetimeTZDtype("us", "UTC")


def dtype_of(kind: pa.DataType) -> pd.api.extensions.ExtensionDtype:
    """The pandas dtype that holds an Arrow type; raises TypeError for a type that no table of ours has."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return TEXT
    if pa.types.is_integer(kind):
        return WHOLE
    if pa.types.is_floating(kind):
        return FRACTION
    if pa.types.is_boolean(kind):
        return FLAG
    if pa.types.is_timestamp(kind):
        return TIME
    if pa.types.is_list(kind):
        return pd.ArrowDtype(kind)
    raise TypeError(f"no pandas dtype for {kind}")


def to_frame(table: pa.Table) -> pd.DataFrame:
    """The Arrow table as a frame; dictionaries become `category`."""
    columns = {name: _to_series(table.column(name)) for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))


def _to_series(column: pa.ChunkedArray[Any]) -> pd.Series[Any]:
    if pa.types.is_dictionary(column.type):
        whole: Any = column.combine_chunks()
        codes = whole.indices.fill_null(-1).to_numpy()
        kind = pd.CategoricalDtype(pd.Index(pd.array(whole.dictionary, dtype=TEXT)))
        return pd.Series(pd.Categorical.from_codes(codes, dtype=kind))
    dtype = dtype_of(column.type)
    return column.to_pandas(types_mapper={column.type: dtype}.get).astype(dtype)


def read_table(path: Path, schema: pa.Schema, repeated: Collection[str] = ()) -> pd.DataFrame:
    """A Parquet table as a frame with the columns and types of `schema`, those in `repeated` as `category`.

    Raises OSError or pyarrow.ArrowInvalid. Reads column by column, so that only one of them is in memory twice.
    """
    columns = {}
    present = set(pq.read_schema(path).names)  # a table of an earlier version has fewer
    with pq.ParquetFile(path, read_dictionary=[name for name in repeated if name in present]) as file:
        index = pd.RangeIndex(file.metadata.num_rows)
        for name, kind in zip(schema.names, schema.types, strict=True):
            if name in present:
                column = to_frame(file.read(columns=[name]))[name]
            else:
                nothing = pd.CategoricalDtype(pd.Index([], dtype=TEXT)) if name in repeated else dtype_of(kind)
                column = pd.Series(pd.NA, index=index, dtype=nothing)
            columns[name] = column if name in repeated else column.astype(dtype_of(kind))
    return pd.DataFrame(columns, index=index)


def conform(frame: pd.DataFrame, schema: pa.Schema) -> pd.DataFrame:
    """The frame with exactly the columns of `schema`, in its order and types; what is absent is missing in every row."""
    columns = {}
    for name, kind in zip(schema.names, schema.types, strict=True):
        dtype = dtype_of(kind)
        if name in frame.columns:
            columns[name] = frame[name].astype(dtype)
        else:
            columns[name] = pd.Series(pd.NA, index=frame.index, dtype=dtype)
    return pd.DataFrame(columns, index=frame.index)


def numbers(column: pd.Series[int] | pd.Series[float]) -> NDArray[np.float64]:
    """A number column as numpy's, with NaN where a value is missing."""
    return np.asarray(column.to_numpy(np.float64, na_value=np.nan), np.float64)


def words(column: pd.Series[str]) -> NDArray[np.object_]:
    """A text column as numpy's objects, with None where a value is missing."""
    return np.asarray(as_arrow(column).to_numpy(zero_copy_only=False), np.object_)


def as_arrow(column: pd.Series[str]) -> pa.LargeStringArray:
    """A text column as one Arrow array."""
    array: Any = pa.array(column, pa.large_string())
    whole: Any = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    texts: pa.LargeStringArray = whole
    return texts
