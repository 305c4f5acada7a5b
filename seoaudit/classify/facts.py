"""What rules look at: the frames of one run, each with all its columns and types even when empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.config import Thresholds
    from seoaudit.store.folder import RunInfo


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts of one run.

    Dtypes: text is pandas `str`, whole numbers `Int64`, fractions `Float64`, flags `boolean`, times `datetime64[us, UTC]`;
    missing is `pd.NA`/NaN; list columns are Arrow lists (`pd.ArrowDtype`).

    `responses`: the columns of responses.parquet, one row a URL requested, index = row number.

    `redirects`: the rows of `responses` with a mechanism, plus `permanence` (`permanent` | `temporary`), `target_status`,
    `target_error`, `target_in_scope` (what the audit knows of `location_url`'s own answer; missing where it was not asked),
    `change` (one word for how the target differs: `same`, `scheme`, `host`, `scheme-host`, `slash`, `case`, `query`,
    `fragment`, `path`, `extension`, `site` (another site), `invalid`), `cause` (the one server rule that explains it,
    as a sentence a person can read, e.g. "http to https on example.com", shared by all URLs that it moves; never missing),
    `cause_fix` (the one change on the server that mends the cause, as a sentence), and the chain's
    `redirect_count`, `final_url`, `final_status`, `outcome`, `inlinks`.

    `chains`: the columns of chains.parquet, one row a URL that redirects.

    `hops`: one row a hop of each chain (`requested_url`, `position` from 0, `url`, `status`, `mechanism`, `location_url`,
    `latency_ms`), url_list exploded; at most `MAX_LISTED` hops a chain.

    `inlinks`: mentions aggregated, one row a (target, element), only for targets that redirect, fail (status >= 400 or an
    error), lie outside the scope or are http:// URLs: `target`, `element`, `mentions`, `sources` (distinct pages),
    `https_sources` (distinct https pages), `fragments` (mentions whose href has a fragment), and one example:
    `source`, `text`, `href`.

    `rewalks`: the columns of rewalks.parquet.

    `page_count`: HTML pages in scope that answered 200.
    """

    responses: pd.DataFrame
    redirects: pd.DataFrame
    chains: pd.DataFrame
    hops: pd.DataFrame
    inlinks: pd.DataFrame
    rewalks: pd.DataFrame
    page_count: int
    run: RunInfo
    thresholds: Thresholds
