"""What caches may do with the redirects of a run, row by row."""

from __future__ import annotations

import pandas as pd

from seoaudit.classify import frames
from seoaudit.http.caching import Freshness, freshness

_FIELDS = ["cache_control", "expires", "date", "age", "last_modified"]
_DTYPES = {"storable": "boolean", "explicit": "boolean", "no_store": "boolean", "private": "boolean"}
_FIGURES = {"lifetime_s": "Float64", "shared_lifetime_s": "Float64", "age_s": "Float64"}
_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def with_freshness(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose answer says something of caching, with the fields of `Freshness` and `says` (the header as sent).

    `longest_s` is the longer of the lifetimes for browsers and for shared caches, in seconds.
    """
    rows = rows[rows["cache_control"].notna() | rows["expires"].notna()]
    texts = rows[_FIELDS].astype(object).where(rows[_FIELDS].notna(), None)
    found = [
        freshness(None if pd.isna(status) else int(status), *fields)
        for status, fields in zip(rows["status"], texts.itertuples(index=False), strict=True)
    ]
    columns = pd.DataFrame(found, columns=Freshness._fields, index=rows.index).astype({**_DTYPES, **_FIGURES})
    columns["longest_s"] = columns[["lifetime_s", "shared_lifetime_s"]].max(axis=1).astype("Float64")
    header = ("Cache-Control: " + rows["cache_control"]).where(
        rows["cache_control"].notna(), "Expires: " + rows["expires"]
    )
    return pd.concat([rows, columns, header.rename("says")], axis=1)


def lasting(seconds: pd.Series[float]) -> pd.Series[str]:
    """Lifetimes in words, in the largest unit that they fill: `7 days`."""
    return seconds.map(_words).astype(frames.TEXT)


def _words(seconds: float) -> str:
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    number = f"{seconds / size:,.1f}".removesuffix(".0")
    return f"{number} {unit}{'' if number == '1' else 's'}"
