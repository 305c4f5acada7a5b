"""The forms that pages hold: links.parquet summed up, one row an action, method and content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from seoaudit.classify import database, frames
from seoaudit.records import FORM_ELEMENTS

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.store.folder import RunFolder

MEGABYTES = 300
"""Memory for counting; a search box on every page is one mention a page."""

_FORM_MENTIONS: dict[str, pa.DataType] = {
    "action": pa.string(),
    "element": pa.string(),
    "rel": pa.string(),
    "pages": pa.int64(),
    "http_pages": pa.int64(),
    "page": pa.string(),
    "https_page": pa.string(),
    "http_page": pa.string(),
    "text": pa.string(),
    "href": pa.string(),
}
FORM_MENTIONS = pa.schema(_FORM_MENTIONS)

_QUERY = """
with forms as (
    select target as action, element, coalesce(rel, '') as rel, source, text, href, file_row_number as place
    from read_parquet($links, file_row_number = true)
    where list_contains($elements, element) and source is not null
)
select action, element, rel, count(distinct source) as pages,
    count(distinct source) filter (source like 'http://%') as http_pages,
    arg_min(source, place) as page,
    arg_min(source, place) filter (source like 'https://%') as https_page,
    arg_min(source, place) filter (source like 'http://%') as http_page,
    arg_min_null(text, place) as text, arg_min_null(href, place) as href
from forms group by action, element, rel order by action, element, rel
"""


def count_forms(folder: RunFolder) -> pd.DataFrame:
    """Every form as often as pages have it, in the columns of `FORM_MENTIONS`, with one example.

    `pages` and `http_pages` count distinct pages; `page`, `https_page` and `http_page` are the first of them; `rel` is empty
    where a form says nothing of itself. Raises duckdb.Error when the table cannot be read or the disk is full.
    """
    with database.connect(folder, MEGABYTES) as db:
        given = {"links": str(folder.table("links")), "elements": sorted(FORM_ELEMENTS)}
        return frames.conform(frames.to_frame(db.sql(_QUERY, params=given).to_arrow_table()), FORM_MENTIONS)
