"""What rules look at: the frames of one run, each with all its columns and types even when empty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from seoaudit.classify import frames
from seoaudit.classify.causes import infer_causes
from seoaudit.classify.chains import build_chains
from seoaudit.classify.contracts import check_contracts
from seoaudit.classify.fixes import write_fixes
from seoaudit.classify.form_mentions import count_forms
from seoaudit.classify.inlinks import count_inlinks, mentions_of
from seoaudit.classify.ledger import history_of
from seoaudit.classify.outcomes import permanences
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.classify.url_columns import Scope, positions, without_fragments
from seoaudit.http.preload import PreloadList
from seoaudit.store.schema import CHAINS, CONTRACTS, RESPONSES, REWALKS, VARIANTS
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from seoaudit.config import Expected, Thresholds
    from seoaudit.store.folder import RunFolder, RunInfo
    from seoaudit.store.ledger import Ledger

__all__ = ["Facts", "build_facts", "write_chains", "write_contracts", "write_fixes"]

REPEATED = (
    *(
        "method",
        "error_detail",
        "protocol",
        "ip_address",
        "certificate_error",
        "cache_control",
        "expires",
        "age",
        "date",
    ),
    *("last_modified", "vary", "hsts", "allow", "set_cookie_names", "content_encoding", "retry_after", "server"),
)
"""Columns in which a server says the same again and again; as text they would be half of `responses`."""

HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The facts of one run.

    Dtypes: text is pandas `str`, whole numbers `Int64`, fractions `Float64`, flags `boolean`, times `datetime64[us, UTC]`;
    missing is `pd.NA`/NaN; list columns are Arrow lists (`pd.ArrowDtype`).

    `responses`: the columns of responses.parquet, one row a URL requested, index = row number. The columns `REPEATED` are
    `category` here, and text in `redirects`.

    `redirects`: the rows of `responses` with a mechanism, plus `permanence` (`permanent` | `temporary`), `target_status`,
    `target_error`, `target_in_scope` (what the audit knows of `location_url`'s own answer; missing where it was not asked),
    `change` (one word for how the target differs: `same`, `scheme`, `host`, `scheme-host`, `slash`, `case`, `query`,
    `fragment`, `path`, `extension`, `site` (another site), `invalid`), `cause` (the one server rule that explains it,
    as a sentence a person can read, e.g. "http to https on example.com", shared by all URLs that it moves; never missing),
    `cause_fix` (the one change on the server that mends the cause, as a sentence), and the chain's
    `redirect_count`, `final_url`, `final_status`, `outcome`, `inlinks`.

    `chains`: the columns of chains.parquet, one row a URL that redirects, or has a redirect status without a usable
    location (`redirect_count` 0). `url_list` runs from `requested_url` to `final_url`, in a loop until a URL is named
    again, and names `chains.MAX_LISTED` redirects at most; `statuses` has one entry a URL of it, `mechanisms` one a redirect.
    `outcomes.outcomes` defines `outcome`; URLs have no fragment.

    `hops`: one row a hop of each chain (`requested_url`, `position` from 0, `url`, `status`, `mechanism`, `location_url`,
    `latency_ms`), url_list exploded; `location_url` keeps its fragment.

    `inlinks`: mentions aggregated, one row a (target, element), only for targets that redirect, fail (status >= 400 or an
    error), lie outside the scope or are http:// URLs: `target`, `element`, `mentions`, `sources` (distinct pages),
    `https_sources` (distinct https pages), `fragments` (mentions whose href has a fragment), and one example:
    `source`, `text`, `href`.

    `rewalks`, `variants`: the columns of rewalks.parquet and variants.parquet.

    `preload_list`: the HSTS preload list that counts, unless another is given the one that came with the hstspreload package.

    `form_mentions`: `form_mentions.FORM_MENTIONS`, the forms of the site as its pages have them.

    `contracts`: the columns of contracts.parquet, what `[[expected]]` of seoaudit.toml says of redirects.

    `ledger`: the columns of ledger.parquet without `seen`, as of this run, and two flags: `now` (this run saw the answer),
    `earlier` (the last finished run before this one did); empty without a history. `earlier_at`: when that run began.

    `page_count`: HTML pages in scope that answered 200, without probes.

    `known`: what `once.once` keeps.
    """

    responses: pd.DataFrame
    redirects: pd.DataFrame
    chains: pd.DataFrame
    hops: pd.DataFrame
    inlinks: pd.DataFrame
    rewalks: pd.DataFrame
    variants: pd.DataFrame
    form_mentions: pd.DataFrame
    contracts: pd.DataFrame
    ledger: pd.DataFrame
    earlier_at: datetime | None
    page_count: int
    run: RunInfo
    thresholds: Thresholds
    preload_list: PreloadList = field(default_factory=PreloadList)
    known: dict[Callable[[Facts], pd.DataFrame], pd.DataFrame] = field(default_factory=dict, init=False, repr=False)


def build_facts(  # noqa: PLR0913 - what a judgement knows besides the run
    folder: RunFolder,
    info: RunInfo,
    thresholds: Thresholds,
    *,
    preload_list: PreloadList | None = None,
    expected: Sequence[Expected] = (),
    ledger: Ledger | None = None,
) -> Facts:
    """Read the tables that the crawl left and work out everything that rules look at; `ledger` is the site's history.

    Raises OSError or pyarrow.ArrowInvalid when a table is missing or broken, duckdb.Error when the disk is full.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps 200 MB of what it is given back (1,000,000 URLs)
    scope = Scope.of(info)
    inlinks = count_inlinks(folder, scope)  # first, while the memory that it needs is not taken by the frames
    form_mentions = count_forms(folder)
    responses = frames.read_table(folder.table("responses"), RESPONSES, REPEATED)
    chains, hops = build_chains(responses, scope)
    chains["inlinks"] = chains["requested_url"].map(mentions_of(inlinks)).fillna(0).astype(frames.WHOLE)
    redirects = build_redirects(responses, chains)
    history = history_of(ledger, folder.path.name)
    answered = responses["media_type"].isin(HTML_TYPES) & (responses["status"] == 200) & responses["in_scope"]
    return Facts(
        responses=responses,
        redirects=redirects,
        chains=chains,
        hops=hops,
        inlinks=inlinks,
        rewalks=frames.read_table(folder.table("rewalks"), REWALKS),
        variants=frames.read_table(folder.table("variants"), VARIANTS),
        form_mentions=form_mentions,
        contracts=check_contracts(responses, expected, info),
        ledger=history.ledger,
        earlier_at=history.earlier_at,
        page_count=int((answered & mentioned_by_site(responses)).sum()),
        run=info,
        thresholds=thresholds,
        preload_list=preload_list or PreloadList(),
    )


def build_redirects(responses: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """`Facts.redirects`."""
    redirects = frames.conform(responses[responses["mechanism"].notna()], RESPONSES)
    target = positions(without_fragments(frames.as_arrow(redirects["location_url"])), frames.as_arrow(responses["url"]))
    asked = responses[["status", "error", "in_scope"]].reindex(target).add_prefix("target_")
    known = chains.set_index("requested_url")[["redirect_count", "final_url", "final_status", "outcome", "inlinks"]]
    permanence = pd.Series(permanences(redirects), index=redirects.index, dtype=frames.TEXT, name="permanence")
    beside = [asked.set_index(redirects.index), known.reindex(redirects["url"]).set_index(redirects.index)]
    living = responses.loc[(responses["status"] == 200) & responses["mechanism"].isna(), "url"]
    failing = responses.loc[(responses["status"] >= 400).fillna(value=False) & responses["mechanism"].isna(), "url"]
    return pd.concat([redirects, permanence, *beside, infer_causes(redirects, living, failing)], axis=1)


def write_chains(folder: RunFolder, facts: Facts) -> None:
    """Write chains.parquet in one step; raises OSError."""
    write_table(folder.table("chains"), pa.Table.from_pandas(facts.chains, schema=CHAINS, preserve_index=False))


def write_contracts(folder: RunFolder, facts: Facts) -> None:
    """Write contracts.parquet in one step; raises OSError."""
    write_table(
        folder.table("contracts"), pa.Table.from_pandas(facts.contracts, schema=CONTRACTS, preserve_index=False)
    )
