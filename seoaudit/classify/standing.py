"""How long redirects have stood, what stood before them, and what became of those that are gone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from seoaudit.classify import frames, graph
from seoaudit.classify.entries import LOGIN_URL, bare
from seoaudit.classify.once import once
from seoaudit.classify.url_columns import positions
from seoaudit.store.schema import STANDING
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts
    from seoaudit.store.folder import RunFolder

PERMANENT = [301, 308]
TEMPORARY = [302, 303, 307]

VARIES = r"(?i)(?:^|,)\s*(?:accept-language|user-agent)\s*(?:,|$)"
"""An answer that depends on who asks is temporary by nature."""


def started(facts: Facts) -> datetime:
    """When the run began; every age is counted up to then."""
    start = datetime.fromisoformat(facts.run.started_at)
    return start if start.tzinfo else start.replace(tzinfo=UTC)


def day(times: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Times as dates in UTC: 2026-07-24."""
    return times.dt.strftime("%Y-%m-%d").astype(frames.TEXT)


def days_since(facts: Facts, times: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Whole days from these times to the start of the run; a run may begin an hour earlier than the week before."""
    return ((started(facts) - times) / pd.Timedelta(days=1) + 0.5).astype(frames.FRACTION).apply(np.floor)


@once
def redirects_now(facts: Facts) -> pd.DataFrame:
    """The site's redirects by Location that the ledger knows: `Facts.redirects` and, of the ledger, the rest.

    `since`, `streak`, `streak_weeks`, `sightings`, `rotating`, `before_mechanism`, `before_status`, `before_target`.
    """
    columns = ["since", "streak", "streak_weeks", "sightings", "rotating"]
    columns += ["before_mechanism", "before_status", "before_target"]
    known = facts.ledger[facts.ledger["now"] & (facts.ledger["mechanism"] == "location")]
    known = known[["url", *columns]].drop_duplicates("url")
    moves = facts.redirects[facts.redirects["in_scope"].fillna(value=False)]
    moves = moves[moves["mechanism"] == "location"].drop_duplicates("url")
    return moves.merge(known, on="url")


def lately(facts: Facts, times: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """Whether these times are so near before the run that a change then is news."""
    return (days_since(facts, times) <= facts.thresholds.changed_days).fillna(value=False).astype(bool)


@once
def standing(facts: Facts) -> pd.DataFrame:
    """Temporary redirects that have stood long, and those whose targets rotate.

    The columns of `redirects_now`, and `weeks` (whole ones), `severity` (missing for what rotates, circles, and leads to a
    login or by the visitor's language or device: that is temporary by nature), `proposed` (the status to use if the move
    is for good: 308 where the method must be kept, else 301).
    """
    limits = facts.thresholds
    rows = redirects_now(facts)
    rows = rows[rows["status"].isin(TEMPORARY)]
    days, weeks = days_since(facts, rows["since"]), rows["streak_weeks"]
    severity = pd.Series(pd.NA, index=rows.index, dtype=frames.TEXT)
    for name in ("low", "medium", "high"):
        old = days >= getattr(limits, f"temporary_{name}_days")
        severity = severity.mask(old & (weeks >= getattr(limits, f"temporary_{name}_sightings")), name)
    rotating = rows["rotating"].fillna(value=False).astype(bool)
    kept = rows[severity.notna() | rotating]
    natural = kept["vary"].fillna("").str.contains(VARIES) | (kept["outcome"] == "loop") | rotating[kept.index]
    natural |= kept["location_url"].str.contains(LOGIN_URL) | kept["final_url"].fillna("").str.contains(LOGIN_URL)
    posted = facts.inlinks.loc[facts.inlinks["element"] == "form-post", "target"]
    keeps = (kept["status"] == 307) | kept["url"].isin(posted)
    return kept.assign(
        weeks=(days[kept.index] // 7).astype(frames.WHOLE),
        severity=severity[kept.index].mask(natural),
        proposed=keeps.map({True: 308, False: 301}).astype(frames.WHOLE),
    )


def write_standing(folder: RunFolder, facts: Facts) -> None:
    """Write standing.parquet in one step, the longest first; raises OSError."""
    rows = standing(facts).drop(columns="sightings")
    names = {"location_url": "target", "streak": "sightings", "proposed": "proposed_status"}
    rows = rows.rename(columns=names).sort_values(["rotating", "since", "url"], kind="stable")
    rows["proposed_status"] = rows["proposed_status"].where(~rows["rotating"].fillna(value=False))
    table = pa.Table.from_pandas(frames.conform(rows, STANDING), schema=STANDING, preserve_index=False)
    write_table(folder.table("standing"), table)


def earlier_answers(facts: Facts) -> pd.DataFrame:
    """What the last finished run before this one got: `url`, `mechanism`, `status`, `target`."""
    return facts.ledger.loc[facts.ledger["earlier"], ["url", "mechanism", "status", "target"]].drop_duplicates("url")


def earlier_counts(facts: Facts, urls: pd.Series[str]) -> pd.Series[int]:
    """How many redirects in a row these URLs took then; missing where they did not redirect, or went in a circle."""
    moves = earlier_answers(facts)
    moves = moves[moves["mechanism"].notna()]
    sources, targets = frames.as_arrow(moves["url"]), frames.as_arrow(bare(moves["target"]))
    paths = graph.follow(positions(targets, sources), np.zeros((len(moves), 0)))
    # An edge to what does not redirect ends there: it is one redirect more than the edges between those that do.
    counts = pd.Series(paths.steps + 1, dtype=frames.WHOLE).mask(paths.cycle_length > 0)
    found = positions(frames.as_arrow(urls), sources)
    return counts.reindex(found).set_axis(urls.index)
