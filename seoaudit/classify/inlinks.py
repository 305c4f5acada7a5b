"""Who mentions a URL that needs attention: links.parquet summed up, one row a target and element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from seoaudit.classify import database, frames
from seoaudit.records import FILE_ELEMENTS

if TYPE_CHECKING:
    from seoaudit.classify.url_columns import Scope
    from seoaudit.store.folder import RunFolder

NOT_ON_A_PAGE = frozenset({"start", "list", "redirect", "probe"}) | FILE_ELEMENTS
"""Mentions that nobody can edit on a page: typed in by the person who audits, or made by the crawl itself."""

MEGABYTES = 600
"""Memory for counting; the frames are not there yet."""

_INLINKS: dict[str, pa.DataType] = {
    "target": pa.string(),
    "element": pa.string(),
    "mentions": pa.int64(),
    "sources": pa.int64(),
    "https_sources": pa.int64(),
    "fragments": pa.int64(),
    "source": pa.string(),
    "text": pa.string(),
    "href": pa.string(),
}
INLINKS = pa.schema(_INLINKS)

_MARKED = """
create temp table marked as
    select distinct url from read_parquet($responses)
    where mechanism is not null or error is not null or status >= 300 or in_scope is false
"""

_ADOPTED = """
create temp table adopted as
    select distinct url from read_parquet($responses)
    where in_scope and split_part(url, '/', 3) not in (select host from hosts)
"""

# Each target and element gets a number first: comparing numbers for each mention is cheaper than comparing URLs. Distinct
# pages are counted by the hash of their URL: 64 bits keep a million of them apart, and cost a fifth of the time.
_QUERY = """
with named as (
    select target, element, count(*) as mentions, count(*) filter (where contains(href, '#')) as fragments,
        min(file_row_number) as example
    from read_parquet($links, file_row_number = true)
    group by target, element
), wanted as materialized (
    select *, row_number() over () as number from named
    where target in (select url from marked) or target like 'http://%' or (
        target like 'https://%' and split_part(target, '/', 3) not in (select host from hosts)
        and ($apex is null or not ends_with(split_part(target, '/', 3), '.' || $apex))
        and target not in (select url from adopted)
    )
), pages as (
    select distinct number, hash(source) as page, source like 'https://%' as https
    from read_parquet($links) join wanted using (target, element)
), counted as (
    select number, count(https) as sources, count(*) filter (where https) as https_sources from pages group by number
)
select wanted.target, wanted.element, mentions, sources, https_sources, fragments, links.source, links.text, links.href
from wanted join counted using (number)
join read_parquet($links, file_row_number = true) links on wanted.example = links.file_row_number
order by wanted.target, wanted.element
"""


def count_inlinks(folder: RunFolder, scope: Scope) -> pd.DataFrame:
    """`Facts.inlinks`; raises duckdb.Error when a table cannot be read or the disk is full."""
    responses, links = str(folder.table("responses")), str(folder.table("links"))
    with database.connect(folder, MEGABYTES) as db:
        db.register("hosts", pd.DataFrame({"host": pd.Series(sorted(scope.hosts), dtype=frames.TEXT)}))
        db.execute(_MARKED, {"responses": responses})
        db.execute(_ADOPTED, {"responses": responses})
        table = db.sql(_QUERY, params={"links": links, "apex": scope.apex}).to_arrow_table()
    return frames.conform(frames.to_frame(table), INLINKS)


def mentions_of(inlinks: pd.DataFrame) -> pd.Series[int]:
    """Mentions on pages by target."""
    pages = inlinks[~inlinks["element"].isin(NOT_ON_A_PAGE)]
    return pages.groupby("target", sort=False)["mentions"].sum()
