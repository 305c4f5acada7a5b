"""What changed between two runs of a site: findings that are new, gone or different, and redirects that moved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from seoaudit.classify import frames
from seoaudit.classify.evidence import say
from seoaudit.records import CHANGE_KINDS, SEVERITIES
from seoaudit.store.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from seoaudit.records import ChangeKind

GONE = ("fixed", "not-seen-again")
REDIRECT_KINDS = ("new", "gone", "changed", "not-seen-again")

_TYPES: dict[str, pa.DataType] = {
    "kind": pa.string(),
    "url": pa.string(),
    "status_before": pa.int16(),
    "target_before": pa.string(),
    "status": pa.int16(),
    "target": pa.string(),
}
REDIRECT_CHANGES = pa.schema(_TYPES)

_URL = re.compile(r"https?://[^\s,;\"'“”)]+[^\s,;\"'“”).:!?]")
_KEY = ["rule", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run saw.

    `findings`: at least rule, severity, url, detail, group; `redirects`: url, status, mechanism, location_url; `ends`:
    requested_url, final_url of its chains; `answered`: the URLs that answered. `whole`: the run is finished, and of
    `unjudged` rules and `excused` URLs the absence of a finding says nothing.
    """

    findings: pd.DataFrame
    redirects: pd.DataFrame
    ends: pd.DataFrame
    answered: pd.Series[str]
    whole: bool = True
    unjudged: Collection[str] = ()
    excused: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed: `changes` has the columns of changes.parquet, one row a (rule, url); `redirects` those of `REDIRECT_CHANGES`."""

    changes: pd.DataFrame
    redirects: pd.DataFrame

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """Findings by what became of them, a zero for each kind without any."""
        found = self.changes["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in CHANGE_KINDS}

    @property
    def redirect_counts(self) -> dict[str, int]:
        """Redirects by what became of them, a zero for each kind without any."""
        found = self.redirects["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in REDIRECT_KINDS}

    def by_rule(self) -> pd.DataFrame:
        """One row a rule: `rule` and a column a kind, most changes first."""
        return self._counted("rule")

    def by_group(self) -> pd.DataFrame:
        """One row a rule and group that has a name: `rule`, `group` and a column a kind, most changes first."""
        return self._counted("rule", "group")

    def _counted(self, *names: str) -> pd.DataFrame:
        rows = self.changes.dropna(subset=[*names])
        table = pd.crosstab([rows[name].astype(object) for name in names], rows["kind"].astype(object))
        table = table.reindex(columns=list(CHANGE_KINDS), fill_value=0)
        order = table.sum(axis=1).sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index().rename_axis(columns=None)


def compare(
    older: Seen,
    newer: Seen,
    was: pd.DataFrame | None = None,
    rewrite: Callable[[pd.Series[str]], pd.Series[str]] | None = None,
) -> Comparison:
    """Compare two runs; a finding is known by its rule and URL.

    `changed` has another severity, or leads elsewhere. What is gone counts as `fixed` only where its URL answered in a
    newer run that is whole. `was` tells what earlier runs knew (rule, url, kind: the last of `fixed` or `not-seen-again`):
    what was fixed then and is here is `regressed`, what was merely out of sight is no news. `rewrite` makes URLs and texts
    of the older run those of the newer.
    """
    if rewrite is not None:
        older = _rewritten(older, rewrite)
    return Comparison(changes=_findings(older, newer, was), redirects=_redirects(older, newer))


def rewriter(maps: Sequence[tuple[re.Pattern[str], str]]) -> Callable[[pd.Series[str]], pd.Series[str]]:
    """Replace every match of each expression, one after the other, in a column of text."""

    def rewrite(column: pd.Series[str]) -> pd.Series[str]:
        known: dict[str, str] = {}
        for text in column.dropna().unique():
            new = text
            for pattern, replacement in maps:
                new = pattern.sub(replacement, new)
            known[text] = new
        return column.map(known).astype(frames.TEXT)

    return rewrite


def _rewritten(seen: Seen, rewrite: Callable[[pd.Series[str]], pd.Series[str]]) -> Seen:
    def each(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
        return frame.assign(**{name: rewrite(frame[name]) for name in names})

    return Seen(
        findings=each(seen.findings, "url", "detail", "group"),
        redirects=each(seen.redirects, "url", "location_url"),
        ends=each(seen.ends, "requested_url", "final_url"),
        answered=seen.answered,
        unjudged=seen.unjudged,
    )


def _findings(older: Seen, newer: Seen, was: pd.DataFrame | None) -> pd.DataFrame:
    both = _keyed(_one_each(older), *_KEY).merge(
        _keyed(_one_each(newer), *_KEY), on=_KEY, how="outer", suffixes=("_before", "")
    )
    before, now = both["severity_before"].notna(), both["severity"].notna()
    kind = pd.Series(pd.NA, index=both.index, dtype=frames.TEXT)
    kind[now & ~before] = "new"
    kind[before & ~now] = _gone(both, newer)[before & ~now]
    moved = both["target_before"].fillna("").ne(both["target"].fillna(""))
    kind[before & now & (both["severity_before"].ne(both["severity"]) | moved)] = "changed"
    rows = both.assign(kind=kind, moved=moved & before & now)
    rows = rows[kind.notna() & ~((kind == "new") & rows["rule"].isin([*older.unjudged]))]
    rows = _with_history(rows, was)
    gone = rows["kind"].isin(GONE)
    rows["severity"] = rows["severity"].fillna(rows["severity_before"])
    rows["group"] = rows["group"].mask(gone, rows["group_before"])
    rows["detail"] = _told(rows, gone)
    return _in_order(frames.conform(rows, CHANGES))


def _one_each(seen: Seen) -> pd.DataFrame:
    """One row a (rule, url), with its worst severity, and `target`: where it leads, else the URLs that its details name."""
    found = seen.findings[["rule", "severity", "url", "detail", "group"]]
    rank = pd.Series(pd.Categorical(found["severity"], categories=list(SEVERITIES)).codes, index=found.index)
    found = found.assign(rank=rank).sort_values([*_KEY, "rank", "detail"], kind="stable")
    first = found.drop_duplicates(_KEY).drop(columns="rank")
    several = found[found.duplicated(_KEY, keep=False)]
    details = first["detail"]
    if len(several):
        joined = several.groupby(_KEY)["detail"].agg("\n".join).rename("joined").reset_index()
        details = (
            _keyed(first, *_KEY)
            .merge(_keyed(joined, *_KEY), on=_KEY, how="left")
            .set_index(first.index)["joined"]
            .fillna(details)
        )
    return first.assign(target=_target(first["url"], details, seen))


def _keyed(frame: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """The frame with plain objects as keys: pandas 3.1 cannot merge Arrow columns without a chunk, as an empty table has."""
    return frame.astype(dict.fromkeys(keys, object))


def _target(url: pd.Series[str], details: pd.Series[str], seen: Seen) -> pd.Series[str]:
    leads = seen.redirects.drop_duplicates("url").set_index("url")["location_url"]
    ends = seen.ends.drop_duplicates("requested_url").set_index("requested_url")["final_url"]
    first, last = url.map(leads).astype(frames.TEXT), url.map(ends).astype(frames.TEXT)
    way = first + " " + last.fillna("")
    named = [" ".join(sorted(set(_URL.findall(text)))) for text in details[way.isna()]]
    return way.fillna(pd.Series(named, index=details.index[way.isna()], dtype=frames.TEXT))


def _gone(rows: pd.DataFrame, newer: Seen) -> pd.Series[str]:
    """Whether what is gone was fixed; where nobody looked, it was merely not seen again."""
    unknown = ~rows["url"].isin(newer.answered) | rows["rule"].isin([*newer.unjudged])
    unknown |= rows["url"].isin([*newer.excused]) | (not newer.whole)
    return pd.Series("fixed", index=rows.index, dtype=frames.TEXT).mask(unknown, "not-seen-again")


def _with_history(rows: pd.DataFrame, was: pd.DataFrame | None) -> pd.DataFrame:
    if was is None or was.empty:
        return rows
    last = was.drop_duplicates(_KEY, keep="last").rename(columns={"kind": "last"})
    rows = rows.merge(_keyed(last[[*_KEY, "last"]], *_KEY), on=_KEY, how="left")
    new = rows["kind"] == "new"
    rows.loc[new & (rows["last"] == "fixed"), "kind"] = "regressed"
    return rows[~(new & (rows["last"] == "not-seen-again"))]


def _told(rows: pd.DataFrame, gone: pd.Series[bool]) -> pd.Series[str]:
    """The detail that holds now, or held; where it changed, also what it was."""
    told = rows["detail"].mask(gone, rows["detail_before"])
    changed = rows["kind"] == "changed"
    severity = changed & rows["severity_before"].ne(rows["severity"])
    told = told.mask(severity, told + say(rows, " (was {severity_before})"))
    return told.mask(changed & rows["moved"], told + say(rows, " Before: {detail_before}"))


def _in_order(changes: pd.DataFrame) -> pd.DataFrame:
    ranks: dict[str, Any] = {"k": CHANGE_KINDS, "s": SEVERITIES}
    keys = changes.assign(
        k=pd.Categorical(changes["kind"], categories=list(ranks["k"])).codes,
        s=pd.Categorical(changes["severity"], categories=list(ranks["s"])).codes,
    )
    return changes.loc[keys.sort_values(["k", "s", "rule", "group", "url"], kind="stable").index].reset_index(drop=True)


def _redirects(older: Seen, newer: Seen) -> pd.DataFrame:
    """One row a URL that began, ceased or continues to redirect, but otherwise."""
    then, today = (
        _keyed(seen.redirects.rename(columns={"location_url": "target"}).drop_duplicates("url"), "url")
        for seen in (older, newer)
    )
    both = then.merge(today, on="url", how="outer", suffixes=("_before", ""))
    before, now = both["mechanism_before"].notna(), both["mechanism"].notna()
    kind = pd.Series(pd.NA, index=both.index, dtype=frames.TEXT)
    kind[now & ~before] = "new"
    kind[before & ~now] = "not-seen-again"
    kind[before & ~now & both["url"].isin(newer.answered)] = "gone"
    differs = both["status_before"].fillna(0).ne(both["status"].fillna(0))
    differs |= both["target_before"].fillna("").ne(both["target"].fillna(""))
    kind[before & now & (differs | both["mechanism_before"].ne(both["mechanism"]))] = "changed"
    rows = frames.conform(both.assign(kind=kind)[kind.notna()], REDIRECT_CHANGES)
    order = pd.Categorical(rows["kind"], categories=list(REDIRECT_KINDS)).codes
    return rows.assign(k=order).sort_values(["k", "url"], ignore_index=True).drop(columns="k")
