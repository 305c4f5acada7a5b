"""Root causes: redirects that one rule of the server makes share one sentence, and one mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from seoaudit.classify import frames, url_columns
from seoaudit.classify.coverage import matching
from seoaudit.classify.moves import Address, Move, any_number, compare, is_its_own_target
from seoaudit.classify.prefixes import name_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MIN_SHARED = 3
"""Fewer pages than this whose redirects replace the same part of the path are no rule, but single redirects."""

MIN_FUNNEL = 10
"""From so many pages on, redirects to one target that nothing else explains are one cause."""

BATCH_ROWS = 20_000
"""Redirects compared at a time; as Python's objects they take much more room than as columns."""

_CAUSES: dict[str, pa.DataType] = {"change": pa.string(), "cause": pa.string(), "cause_fix": pa.string()}
CAUSES = pa.schema(_CAUSES)

_INVALID = Move("invalid", "", "", "", "", "", part=False, whole=True, canonical=True)
_BY = {"refresh-header": ", by Refresh header", "meta-refresh": ", by meta refresh", "javascript": ", by JavaScript"}


def infer_causes(
    redirects: pd.DataFrame, living: pd.Series[str], failing: pd.Series[str] | None = None
) -> pd.DataFrame:
    """`change`, `cause` and `cause_fix` (see `Facts.redirects`) of each redirect, by the same index.

    Reads `url`, `location_url` and `mechanism`; `living` are the URLs of pages that answer and do not redirect, so that no
    fix names a rule that would move them; `failing` those that answered an error, which no rule moved either. Inferred from
    the URLs alone; nobody looked at the server's configuration.
    """
    found = pd.concat([redirects[["url", "location_url"]], _compared(redirects)], axis=1)
    found["host"] = url_columns.parts(frames.as_arrow(redirects["url"]))["netloc"].to_pandas().to_numpy()
    found["path"] = found["url"].str.replace(r"[?#].*", "", regex=True).str.replace(r"^\w+:", "", regex=True)
    kind = _kinds(found)
    _take_any_number(found, kind == "numbered")
    _take_folders(found, kind == "part", [living] if failing is None else [living, failing])
    found["reach"] = ""
    found.loc[np.isin(kind, _RULES), "reach"] = _reach(found[np.isin(kind, _RULES)], living)
    found["cause"], found["cause_fix"] = "", ""
    for name, sentences in _SENTENCES.items():
        rows = found[kind == name]
        found.loc[rows.index, "cause"], found.loc[rows.index, "cause_fix"] = sentences(rows)
    found["cause"] += redirects["mechanism"].map(_BY).fillna("")
    found["cause_fix"] = found.groupby("cause", sort=False)["cause_fix"].transform("first")
    return frames.conform(found, CAUSES)


def _compared(redirects: pd.DataFrame) -> pd.DataFrame:
    """Each redirect by itself: the columns of `Move`."""
    batches = [redirects.iloc[start : start + BATCH_ROWS] for start in range(0, max(len(redirects), 1), BATCH_ROWS)]
    return pd.concat(
        [pd.DataFrame(list(_moves(rows)), columns=list(Move._fields), index=rows.index) for rows in batches]
    )


def _moves(redirects: pd.DataFrame) -> Iterator[Move]:
    sources, targets = (
        zip(*(part.to_pylist() for part in url_columns.parts(frames.as_arrow(redirects[name])).values()), strict=True)
        for name in ("url", "location_url")
    )
    for source, target in zip(sources, targets, strict=True):
        yield _INVALID if target[0] is None else compare(Address(*source), Address(*target))


def _kinds(found: pd.DataFrame) -> NDArray[np.object_]:
    """Which sentence fits: the first of these that holds."""
    ends = found["location_url"].where(found["part"])
    tests = {
        "invalid": found["change"] == "invalid",
        "itself": found["change"].isin(["same", "fragment"]),
        "rule": ~found["part"],
        "part": ~found["whole"] & (_pages(found, found["words"]) >= MIN_SHARED),
        "numbered": ~found["whole"] & (_pages(found, found["numbered"]) >= MIN_SHARED),
        "funnel": _pages(found, ends) >= MIN_FUNNEL,
    }
    return np.select([test.to_numpy(np.bool_) for test in tests.values()], list(tests), "single").astype(np.object_)


def _pages(found: pd.DataFrame, by: pd.Series[str]) -> pd.Series[int]:
    """How many paths share this; http and https of one page count once."""
    return found["path"].groupby(by, sort=False).transform("nunique").fillna(0)


def _take_any_number(found: pd.DataFrame, numbered: NDArray[np.bool_]) -> None:
    found.loc[numbered, "words"] = found["numbered"]
    for name in ("source", "target"):
        found.loc[numbered, name] = found.loc[numbered, name].map(_any_number)


def _take_folders(found: pd.DataFrame, part: NDArray[np.bool_], others: list[pd.Series[str]]) -> None:
    found["exact"] = False
    if part.any():
        answered = pd.concat([found["url"], *others], ignore_index=True)
        named = name_folders(found[part], answered[~answered.str.contains("?", regex=False)])
        found.loc[part, list(named.columns)] = named


def _any_number(pattern: str) -> str:
    *origin, path = pattern.split("/", 3)
    return "/".join([*origin, any_number(path)])


def _reach(rules: pd.DataFrame, living: pd.Series[str]) -> list[str]:
    """Which pages each fix is for: a pattern may match its own target, or pages that should stay."""
    asked = rules.loc[~rules["canonical"], "source"].value_counts().index
    plain = {pattern: pattern.replace("<number>", "*") for pattern in asked if " (" not in pattern}
    taken = matching(plain.values(), frames.as_arrow(living))
    return [
        ", for these pages and no others: redirect "
        if exact or is_its_own_target(source, target) or plain.get(source) in taken
        else ", one rule: redirect "
        for exact, source, target in zip(rules["exact"], rules["source"], rules["target"], strict=True)
    ]


def _rule(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    change = rows["reach"] + rows["source"] + " to " + rows["target"] + " with 301, " + rows["kept"] + "."
    only_http = (rows["source"] == rows["target"]) & rows["location_url"].str.startswith("http:")
    downgrade = ", remove the rule that redirects " + rows["source"] + " to http."
    return rows["words"], "On " + rows["host"] + downgrade.where(only_http, change)


def _funnel(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    start = (
        ", redirect each page to its nearest equivalent, or answer 410 where there is none, instead of sending all to "
    )
    many = "many URLs of " + rows["host"] + " to " + rows["location_url"]
    return many, "On " + rows["host"] + start + rows["location_url"] + "."


def _single(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    secure = rows["location_url"].str.replace("http:", "https:", n=1)
    target = secure.where(
        rows["url"].str.startswith("https:") & rows["location_url"].str.startswith("http:"), rows["location_url"]
    )
    fix = "On " + rows["host"] + ", redirect " + rows["url"] + " to " + target + " with 301."
    return rows["url"] + " to " + rows["location_url"], fix


def _itself(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    fix = (
        ", take the target out of the rule that redirects a URL to itself; behind a proxy that ends TLS, the rule must "
        "test X-Forwarded-Proto instead of the connection."
    )
    return "redirect to itself on " + rows["host"], "On " + rows["host"] + fix


def _invalid(rows: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[str]]:
    fix = ", name one absolute http or https URL as the target."
    return "no usable target on " + rows["host"], "On " + rows["host"] + fix


_RULES = ["rule", "part", "numbered"]
_SENTENCES = {
    "invalid": _invalid,
    "itself": _itself,
    "rule": _rule,
    "part": _rule,
    "numbered": _rule,
    "funnel": _funnel,
    "single": _single,
}
