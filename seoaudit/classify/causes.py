"""Root causes: redirects that one rule on the server makes share one sentence, and one mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from publicsuffixlist import PublicSuffixList

from seoaudit.classify import frames
from seoaudit.classify import url_columns
from seoaudit.classify.moves import path_move

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PSL = PublicSuffixList()

MIN_SHARED = 3
"""Fewer redirects than this that replace the same part of a path are no rule, but single redirects."""

MIN_FUNNEL = 10
"""From so many URLs on, redirects to one target that nothing else explains are one cause."""

CAUSES = pa.schema({"change": pa.string(), "cause": pa.string(), "cause_fix": pa.string()})

_URL = r"(?s)^(?P<scheme>[^:]*)://(?:[^/?#@]*@)?(?P<host>[^/?#]*)(?P<path>[^?#]*)(?P<query>\??[^#]*)(?P<fragment>#?.*)$"
_MECHANISM = {"refresh-header": "Refresh header", "meta-refresh": "meta refresh", "javascript": "JavaScript"}


def infer_causes(moves: pd.DataFrame) -> pd.DataFrame:
    """`change`, `cause` and `cause_fix` of each redirect; needs `url`, `location_url` and `mechanism`, keeps the index.

    Inferred from the URLs alone: what the server's configuration says is not known.
    """
    if moves.empty:
        return frames.conform(pd.DataFrame(index=moves.index), CAUSES)
    found = _compare(_parts(moves["url"]), _parts(moves["location_url"]))
    found["url"], found["location_url"] = moves["url"].to_numpy(), moves["location_url"].to_numpy()
    found["mechanism"] = moves["mechanism"].map(_MECHANISM).fillna("").to_numpy()
    _name_causes(found)
    by = np.where(found["mechanism"] == "", "", ", by " + found["mechanism"])
    found["cause"] = found["cause"] + by
    found["cause_fix"] = found.groupby("cause", sort=False)["cause_fix"].transform("first")
    return frames.conform(found.set_axis(moves.index), CAUSES)


def _parts(urls: pd.Series[str]) -> pd.DataFrame:
    parts = url_columns.parts(url_columns.as_arrow(urls))
    columns = {name: column.to_numpy(zero_copy_only=False) for name, column in parts.items()}
    return pd.DataFrame(columns, dtype=object).rename(columns={"netloc": "host"})


def _compare(source: pd.DataFrame, target: pd.DataFrame) -> pd.DataFrame:
    """One row a redirect: the word for its change, and the words and patterns that its rule would have."""
    valid = target["host"].notna().to_numpy() & source["host"].notna().to_numpy()
    differs = {name: (source[name] != target[name]).to_numpy() & valid for name in source.columns}
    paths = [
        path_move(before, after) if different else None
        for before, after, different in zip(source["path"], target["path"], differs["path"], strict=True)
    ]
    found = pd.DataFrame(
        {
            "source_host": source["host"],
            "target_host": target["host"],
            "scheme_words": _words(differs["scheme"], source["scheme"], target["scheme"]),
            "host_words": _words(differs["host"], source["host"], target["host"]),
            "path_words": [move.words if move else "" for move in paths],
            "query_words": _query_words(source["query"], target["query"], differs["query"]),
            "source_path": source["path"],
            "prefix": [bool(move and move.prefix) for move in paths],
            "from": source["scheme"] + "://" + source["host"] + [move.source if move else "/*" for move in paths],
            "to": target["scheme"] + "://" + target["host"] + [move.target if move else "/*" for move in paths],
        }
    )
    found["change"] = _changes(differs, paths, valid, _same_site(source["host"], target["host"]))
    return found


def _words(differs: NDArray[np.bool_], before: pd.Series[str], after: pd.Series[str]) -> NDArray[np.object_]:
    return np.where(differs, before + " to " + after, "")


def _query_words(before: pd.Series[str], after: pd.Series[str], differs: NDArray[np.bool_]) -> NDArray[np.object_]:
    words = np.select([before.isin(["", "?"]), after.isin(["", "?"])], ["query added", "query dropped"], "query changed")
    return np.where(differs, words, "").astype(np.object_)


def _changes(differs: dict[str, NDArray[np.bool_]], paths: list, valid: NDArray[np.bool_], same_site: NDArray[np.bool_]) -> NDArray[np.object_]:
    path = np.array([move.change if move else "" for move in paths], dtype=np.object_)
    tests = [~valid, ~same_site, path != "", differs["query"], differs["scheme"] & differs["host"], differs["scheme"], differs["host"], differs["fragment"]]
    words = ["invalid", "site", path, "query", "scheme-host", "scheme", "host", "fragment"]
    return np.select(tests, [np.asarray(word, dtype=np.object_) for word in words], np.array("same", dtype=np.object_))


def _same_site(source: pd.Series[str], target: pd.Series[str]) -> NDArray[np.bool_]:
    sites = {host: _site(host) for host in pd.concat([source, target]).dropna().unique()}
    return (source.map(sites) == target.map(sites)).to_numpy()


def _site(host: str) -> str:
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    return _PSL.privatesuffix(name) or name


def _name_causes(found: pd.DataFrame) -> None:
    """Add `cause` and `cause_fix`; which of the three it is: a rule, a funnel or a single redirect."""
    key = ["source_host", "target_host", "path_words"]
    shared = found.groupby(key, sort=False, dropna=False)["source_path"].transform("nunique")
    rule = ~found["prefix"] | ((found["path_words"] != "") & (shared >= MIN_SHARED))
    rest = found["location_url"].where(~rule)
    funnel = found.groupby(rest)["url"].transform("nunique").fillna(0) >= MIN_FUNNEL
    found["cause"], found["cause_fix"] = _rule_words(found)
    single = ~rule & ~funnel
    found.loc[single, "cause"] = found["url"] + " to " + found["location_url"]
    found.loc[single, "cause_fix"] = "On " + found["source_host"] + ", redirect " + found["url"] + " to " + found["location_url"] + " with 301."
    found.loc[funnel, "cause"] = "many URLs of " + found["source_host"] + " to " + found["location_url"]
    found.loc[funnel, "cause_fix"] = (
        "On " + found["source_host"] + ", redirect each of these URLs to its nearest equivalent, or answer 410, instead of sending all to "
        + found["location_url"] + "."
    )
    same = found["change"].isin(["same", "fragment"])
    found.loc[same, "cause"] = "redirect to itself on " + found["source_host"]
    found.loc[same, "cause_fix"] = "On " + found["source_host"] + ", remove the rule that redirects a URL to itself, or exclude the target from it."
    invalid = found["change"] == "invalid"
    found.loc[invalid, "cause"] = "no usable target on " + found["source_host"]
    found.loc[invalid, "cause_fix"] = "On " + found["source_host"] + ", name one absolute http or https URL as the target."


def _rule_words(found: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    columns = ["scheme_words", "host_words", "path_words", "query_words"]
    joined = found[columns[0]].astype(object)
    for name in columns[1:]:
        joined = joined + np.where((joined != "") & (found[name] != ""), " and ", "") + found[name]
    cause = joined + np.where(found["host_words"] == "", " on " + found["source_host"], "")
    kept = np.select(
        [found["query_words"] == "query dropped", found["query_words"] != "", found["path_words"] == ""],
        ["without the query", "with the new query", "path and query kept"], "query kept",
    )
    fix = "On " + found["source_host"] + ", one rule: redirect " + found["from"] + " to " + found["to"] + " with 301, " + kept + "."
    return cause, fix
