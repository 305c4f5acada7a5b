"""What the facts add to the breaches that rules find: links, dates, shared causes, and an order of urgency."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.inlinks import mentions_of
from seoaudit.records import SEVERITIES
from seoaudit.store.schema import FINDINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from seoaudit.classify.facts import Facts
    from seoaudit.records import Severity


def breaches(found: pd.DataFrame, rule: str, severity: Severity, fix: str) -> pd.DataFrame:
    """What one rule found, with the rule's own severity and fix where a row says nothing else.

    `found` may be empty, even without columns; raises ValueError when a row lacks its url or detail, or has a severity that
    is no `Severity`.
    """
    rows = frames.conform(found.reset_index(drop=True), FINDINGS)
    for name in ("url", "detail"):
        if rows[name].isna().any():
            raise ValueError(f"the rule gives no {name} for {int(rows[name].isna().sum())} of {len(rows)} rows")
    rows["rule"] = pd.Series(rule, index=rows.index, dtype=frames.TEXT)
    rows["severity"] = rows["severity"].fillna(severity)
    rows["fix"] = rows["fix"].fillna(fix)
    if unknown := set(rows["severity"]) - set(SEVERITIES):
        raise ValueError(f"the rule gives a severity that is none: {', '.join(sorted(unknown))}")
    return rows


def complete(
    found: Sequence[pd.DataFrame],
    facts: Facts,
    first_seen: Mapping[tuple[str, str], datetime],
    own_groups: Collection[str] = (),
) -> pd.DataFrame:
    """All breaches as one frame with the columns of findings.parquet, most urgent first.

    `inlinks`: mentions of the url on pages, missing where `facts.inlinks` does not count them. `first_seen`: as given for
    (rule, url), else the start of the run. `group`: the rule's own, else the cause that the redirecting url shares with
    another finding of the rule, unless `own_groups` names the rule: there the first redirect need not be what is wrong.
    """
    findings = frames.conform(pd.concat([*found, pd.DataFrame()], ignore_index=True), FINDINGS)
    findings["inlinks"] = _inlinks(findings["url"], facts)
    findings["first_seen"] = _first_seen(findings, facts.run.started_at, first_seen)
    by_cause = findings[~findings["rule"].isin([*own_groups])]
    findings["group"] = findings["group"].fillna(_shared_causes(by_cause, facts.redirects))
    return _by_urgency(findings)


def _inlinks(urls: pd.Series[str], facts: Facts) -> pd.Series[int]:
    counted = mentions_of(facts.inlinks)
    known = facts.chains.drop_duplicates("requested_url").set_index("requested_url")["inlinks"]
    return urls.map(known).astype(frames.WHOLE).fillna(urls.map(counted).astype(frames.WHOLE))


def _first_seen(
    findings: pd.DataFrame, started_at: str, first_seen: Mapping[tuple[str, str], datetime]
) -> pd.Series[pd.Timestamp]:
    started = datetime.fromisoformat(started_at)
    start = started if started.tzinfo else started.replace(tzinfo=UTC)
    seen = [first_seen.get(key, start) for key in zip(findings["rule"], findings["url"], strict=True)]
    return pd.Series(seen, index=findings.index, dtype=frames.TIME)


def _shared_causes(findings: pd.DataFrame, redirects: pd.DataFrame) -> pd.Series[str]:
    causes = redirects.drop_duplicates("url").set_index("url")["cause"]
    cause = findings["url"].map(causes).astype(frames.TEXT)
    sharers = findings.groupby(["rule", cause], sort=False)["url"].transform("nunique")
    return cause.where((sharers > 1).fillna(value=False))


def _by_urgency(findings: pd.DataFrame) -> pd.DataFrame:
    size = findings.groupby(["rule", "group"], dropna=False, sort=False)["url"].transform("size")
    keys = findings.assign(rank=_rank(findings["severity"]), size=size)
    order = keys.sort_values(
        ["rank", "size", "rule", "group", "url"], ascending=[True, False, True, True, True], kind="stable"
    )
    return findings.loc[order.index].reset_index(drop=True)


def _rank(severity: pd.Series[str]) -> NDArray[np.int8]:
    return pd.Categorical(severity, categories=list(SEVERITIES)).codes
