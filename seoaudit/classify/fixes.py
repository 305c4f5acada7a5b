"""The list of links to edit: what each page writes, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import database, frames
from seoaudit.classify.entries import among
from seoaudit.classify.inlinks import NOT_ON_A_PAGE
from seoaudit.classify.once import once
from seoaudit.store.tables import replacing

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts
    from seoaudit.store.folder import RunFolder

MEGABYTES = 300
"""Memory for sorting, beside the frames that are there already."""

BROKEN = frozenset({"loop", "too-many", "invalid-location", "client-error", "server-error", "unreachable"})
"""Outcomes at which nobody arrives: the link needs another page."""

_QUERY = """
copy (
    select source as page, element, text, coalesce(href, target) as href,
        replace_with || coalesce(fragment, nullif(substr(trim(href), instr(trim(href) || '#', '#')), '#'), '') as replace_with,
        target, redirect_count::integer as redirect_count, outcome
    from read_parquet($links, file_row_number = true) join replacements using (target)
    where source is not null and not list_contains($elsewhere, element)
    order by source, file_row_number
) to $fixes (format parquet, compression zstd)
"""


def write_fixes(folder: RunFolder, facts: Facts) -> None:
    """Write fixes.parquet: one row a mention, on a page, of a URL that `replacements` names; ordered by page.

    `replace_with` keeps the fragment that the page wrote, unless the redirect names one (RFC 9110, 10.2.2). Raises
    OSError or duckdb.Error, and then leaves the earlier table as it was.
    """
    with database.connect(folder, MEGABYTES) as db, replacing(folder.table("fixes")) as path:
        db.register("replacements", replacements(facts))
        files = {"links": str(folder.table("links")), "fixes": str(path)}
        db.execute(_QUERY, {**files, "elsewhere": sorted(NOT_ON_A_PAGE)})


@once
def replacements(facts: Facts) -> pd.DataFrame:
    """What to write instead of each URL that redirects: `target`, `replace_with`, `fragment`, `redirect_count`, `outcome`.

    A link follows the redirects that are permanent, up to the first that is temporary: that one may end any day, so the
    address before it is the one to link. A link to a URL that redirects temporarily at once is right as it is, and so is
    one whose end is not known (robots.txt, never asked); neither has a row. Where the chain breaks, `replace_with` is
    missing: somebody must choose a living page. So it does at an outside address that fails; one that was not asked counts
    as living.
    """
    chains = facts.chains
    broken = chains["outcome"].isin(BROKEN) & ~_arrives_late(chains)
    broken |= (chains["outcome"] == "external") & _fails(chains)
    living = chains[chains["outcome"].isin(["ok", "external", "too-many"]) & ~broken]
    ends = _permanent_ends(facts, living["requested_url"]).reindex(chains["requested_url"]).set_index(chains.index)
    ends.loc[living.index[living["permanence"] == "permanent"], "replace_with"] = living["final_url"]
    table = pd.concat([chains[["requested_url", "redirect_count", "outcome"]], ends], axis=1)
    table = table[broken | table["replace_with"].notna()].rename(columns={"requested_url": "target"})
    return table.reset_index(drop=True)


def _arrives_late(chains: pd.DataFrame) -> pd.Series[bool]:
    """Chains that are too long for a browser, but end on a page."""
    return (chains["outcome"] == "too-many") & (chains["final_status"] < 300).fillna(value=False)


def _fails(chains: pd.DataFrame) -> pd.Series[bool]:
    return chains["final_error"].notna() | (chains["final_status"] >= 400).fillna(value=False)


def _permanent_ends(facts: Facts, urls: pd.Series[str]) -> pd.DataFrame:
    """Where the permanent redirects that the chains of these URLs begin with lead, and the last fragment that they name."""
    hops = facts.hops[among(facts.hops["requested_url"], urls)]
    permanent = hops["url"].map(facts.redirects.set_index("url")["permanence"]) == "permanent"
    walked = hops[permanent.groupby(hops["requested_url"], sort=False).cummin().astype(bool)]
    ends = walked["location_url"].str.extract(r"^(?P<replace_with>[^#]*)(?P<fragment>#.+)?")
    return ends.groupby(walked["requested_url"], sort=False).last().astype(frames.TEXT)
