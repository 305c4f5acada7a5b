"""The ways into the site, host by host and scheme by scheme: where each leads, and what becomes of path and query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from seoaudit.classify import frames
from seoaudit.classify.entries import among, path_of
from seoaudit.classify.once import once
from seoaudit.store.schema import ENTRY_POINTS
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts
    from seoaudit.store.folder import RunFolder

_HOME = r"^(?P<scheme>https?)://(?P<host>[^/?#@]*)/$"
_ORIGIN = r"^(?P<scheme>https?)://(?P<host>[^/?#@]*)"
_COUNTS = ["pages_asked", "pages_kept", "pages_answered", "paths_lost", "queries_lost", "pages_failed"]


def write_entry_points(folder: RunFolder, facts: Facts) -> None:
    """Write entry_points.parquet in one step; raises OSError."""
    table = pa.Table.from_pandas(entry_points(facts), schema=ENTRY_POINTS, preserve_index=False)
    write_table(folder.table("entry_points"), table)


@once
def entry_points(facts: Facts) -> pd.DataFrame:
    """The home page of each host under each scheme, in the columns of entry_points.parquet, ordered by host.

    `meets`: it ends where most entries of this name end, with www and without. The counts are of the pages that were asked under this scheme and host because
    they were found under another. A host of whose home pages none was asked has no row.
    """
    rows = _homes(facts)
    rows = rows.merge(arrivals(facts, rows["url"]), on="url", how="left")
    rows["bare"] = rows["host"].str.removeprefix("www.")
    rows["meets"] = rows["final_url"] == rows["bare"].map(_meeting_places(rows)).astype(frames.TEXT)
    rows = rows.merge(_sampled(facts), on=["scheme", "host"], how="left")
    rows[_COUNTS] = rows[_COUNTS].fillna(0)
    rows = rows.sort_values(["bare", "host", "scheme"], kind="stable", ignore_index=True)
    return frames.conform(rows, ENTRY_POINTS)


def _homes(facts: Facts) -> pd.DataFrame:
    """The rows of `responses` that are home pages of the audited hosts, and what was asked as an entry."""
    asked = facts.responses[["url", "status", "error", "location_url", "probe"]]
    asked = asked[asked["url"].str.endswith("/") & ((asked["probe"] == "entry").fillna(value=False) | _is_home(asked))]
    named = asked["url"].str.extract(_HOME).astype(frames.TEXT)
    known = named["host"].isin(facts.run.hosts) | (asked["probe"] == "entry").fillna(value=False)
    return pd.concat([asked, named], axis=1)[named["host"].notna() & known]


def _is_home(asked: pd.DataFrame) -> pd.Series[bool]:
    return asked["url"].str.count("/") == 3


def arrivals(facts: Facts, urls: pd.Series[str]) -> pd.DataFrame:
    """Where each of these URLs leads, itself where it does not redirect.

    `url`, `redirect_count`, `statuses` ("301 → 200"), `final_url`, `final_status`, `outcome`, `permanence`.
    """
    columns = ["redirect_count", "final_url", "final_status", "final_error", "outcome", "permanence", "statuses"]
    chains = facts.chains.loc[among(facts.chains["requested_url"], urls), ["requested_url", *columns]]
    chains = chains.rename(columns={"requested_url": "url"})
    chains["statuses"] = [_in_words(*row) for row in zip(chains["statuses"], chains["final_error"], strict=True)]
    answers = facts.responses.loc[among(facts.responses["url"], urls), ["url", "status", "error"]]
    answers = answers[~among(answers["url"], chains["url"])]
    direct = answers.assign(
        redirect_count=0,
        final_url=answers["url"],
        final_status=answers["status"],
        statuses=answers["status"].astype(frames.TEXT).fillna(answers["error"]),
        outcome=_own_outcome(answers),
    )
    return pd.concat([chains, direct], ignore_index=True).drop(columns=["status", "error", "final_error"])


def _own_outcome(answers: pd.DataFrame) -> pd.Series[str]:
    status = answers["status"]
    words = pd.Series("server-error", index=answers.index, dtype=frames.TEXT)
    words = words.mask((status < 500).fillna(value=False), "client-error")
    words = words.mask((status < 400).fillna(value=False), "ok")
    words = words.mask(status.isna(), "unreachable")
    return words.mask((answers["error"] == "robots").fillna(value=False), "robots")


def _in_words(statuses: list[int | None], error: str) -> str:
    last = error if isinstance(error, str) else "not asked"
    return " → ".join(last if status is None or pd.isna(status) else str(status) for status in statuses)


def _meeting_places(rows: pd.DataFrame) -> pd.Series[str]:
    """By name (`bare`), the URL at which most of its entries end, one that answers over https before others."""
    arrived = rows["outcome"].isin(["ok", "external"]) & (rows["final_status"] < 400).fillna(value=False)
    places = rows[arrived].groupby(["bare", "final_url"], sort=True).size().rename("entries").reset_index()
    places["secure"] = places["final_url"].str.startswith("https:")
    best = places.sort_values(["secure", "entries"], ascending=False, kind="stable").drop_duplicates("bare")
    return best.set_index("bare")["final_url"].astype(frames.TEXT)


def _sampled(facts: Facts) -> pd.DataFrame:
    """What became of the pages that were asked under another scheme or host than their own: counts by `scheme` and `host`."""
    pages = sampled_pages(facts)
    return pages.assign(pages_asked=1).groupby(["scheme", "host"], sort=False)[_COUNTS].sum().reset_index()


@once
def sampled_pages(facts: Facts) -> pd.DataFrame:
    """The pages that were asked under another scheme or host, one row each, with what became of them.

    `url`, `scheme`, `host`, the columns of `arrivals`, and one flag each: `pages_kept` (redirected to the same path and
    query), `pages_answered` (answers itself), `paths_lost` (redirected to another path), `queries_lost` (to the same path
    without the query), `pages_failed`.
    """
    asked = facts.responses.loc[(facts.responses["probe"] == "scheme").fillna(value=False), "url"]
    rows = asked.to_frame().merge(arrivals(facts, asked), on="url")
    named = rows["url"].str.extract(_ORIGIN).astype(frames.TEXT)
    arrived = (rows["outcome"].isin(["ok", "external"])) & (rows["final_status"].fillna(200) < 400)
    moved = arrived & (rows["redirect_count"] > 0)
    same_path = path_of(rows["url"]) == path_of(rows["final_url"])
    query, kept = (rows[name].str.extract(r"(\?[^#]*)", expand=False).fillna("") for name in ("url", "final_url"))
    flags = {
        "pages_kept": moved & same_path & (query == kept),
        "pages_answered": arrived & ~moved,
        "paths_lost": moved & ~same_path,
        "queries_lost": moved & same_path & (query != kept),
        "pages_failed": ~arrived,
    }
    return pd.concat([rows, named], axis=1).assign(**{name: flag.astype("Int64") for name, flag in flags.items()})
