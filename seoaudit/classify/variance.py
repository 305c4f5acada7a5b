"""URLs that answer one client otherwise than another: by user agent, and by language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.answers import another_site
from seoaudit.classify.entries import among, bare
from seoaudit.classify.once import once
from seoaudit.http.caching import freshness
from seoaudit.http.status import HEURISTICALLY_CACHEABLE
from seoaudit.records import REDIRECT_STATUSES

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

REFUSED = frozenset({401, 403, 407, 408, 421, 429, 503})
"""Answers that turn a client away, as servers do with a Googlebot that does not come from Google: they say nothing of others."""

_ANSWER = ["status", "location_url", "answer", "vary", "cache_control"]


@once
def by_user_agent(facts: Facts) -> pd.DataFrame:
    """URLs asked as Googlebot and as a browser that answered the two otherwise.

    `url`; of each answer `answer_bot` ("302 to https://…", or "200"), `status_bot`, `location_url_bot`, and the same with
    `_browser`; `only_bot`: only Googlebot is redirected, or it alone is sent to another site; `kind`: "user agent".
    """
    told = _told(facts)
    bot, browser = (told[told["variant"] == name].drop_duplicates("url") for name in ("googlebot", "browser"))
    pairs = bot[["url", *_ANSWER]].merge(browser[["url", *_ANSWER]], on="url", suffixes=("_bot", "_browser"))
    pairs = pairs[pairs["answer_bot"] != pairs["answer_browser"]]
    redirected = pairs["status_bot"].isin(REDIRECT_STATUSES)
    stays = ~pairs["status_browser"].isin(REDIRECT_STATUSES)
    home = pairs["location_url_browser"].fillna(pairs["url"])
    away = redirected & another_site(pairs["url"], pairs["location_url_bot"].fillna(pairs["url"]))
    return pairs.assign(only_bot=(redirected & stays) | (away & ~another_site(pairs["url"], home)), kind="user agent")


@once
def unvaried(facts: Facts) -> pd.DataFrame:
    """URLs of which one redirect at least depends on the language or user agent, without a word of it in Vary.

    `url`; `kind`: "language" or "user agent"; `answers`: how many differ; `example` and `other`: two of them, `example` being
    a redirect; `says`: its Cache-Control; `stored`: whether shared caches may keep it.
    """
    told = _told(facts)
    agents = told[told["variant"].isin(["googlebot", "browser"])].assign(kind="user agent", field="user-agent")
    spoken = told[told["variant"].str.startswith("language-")]
    spoken = pd.concat([spoken, _without_language(facts, spoken["url"])], ignore_index=True)
    rows = pd.concat([agents, spoken.assign(kind="language", field="accept-language")], ignore_index=True)
    by = rows.groupby(["url", "kind"], sort=False)["answer"]
    rows = rows.assign(answers=by.transform("nunique"), other=by.transform("last"), first=by.transform("first"))
    rows["other"] = rows["other"].where(rows["other"] != rows["answer"], rows["first"])
    rows = rows[(rows["answers"] > 1) & rows["status"].isin(REDIRECT_STATUSES) & (rows["other"] != rows["answer"])]
    silent = [field not in _fields(vary) for field, vary in zip(rows["field"], rows["vary"], strict=True)]
    rows = rows[pd.Series(silent, index=rows.index, dtype=bool)].rename(columns={"answer": "example"})
    stored = [_stored(*row) for row in zip(rows["status"], rows["cache_control"], strict=True)]
    rows["stored"] = pd.Series(stored, index=rows.index, dtype=bool)
    rows["says"] = ("Cache-Control: " + rows["cache_control"]).fillna("no Cache-Control")
    return rows.sort_values("stored", ascending=False, kind="stable").drop_duplicates(["url", "kind"])


def _told(facts: Facts) -> pd.DataFrame:
    """The answers to variants that say something, with `answer` in words; fragments do not count."""
    rows = facts.variants[facts.variants["status"].notna() & ~facts.variants["status"].isin(REFUSED)]
    return _worded(rows.drop(columns="url").rename(columns={"of": "url"}))


def _without_language(facts: Facts, asked: pd.Series[str]) -> pd.DataFrame:
    rows = facts.responses.loc[among(facts.responses["url"], asked)]
    rows = rows[rows["status"].notna() & ~rows["status"].isin(REFUSED)]
    texts = rows[["vary", "cache_control"]].astype(frames.TEXT)
    return _worded(rows.assign(variant="no language", vary=texts["vary"], cache_control=texts["cache_control"]))


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    moved = rows["status"].isin(REDIRECT_STATUSES) & rows["location_url"].notna()
    status = rows["status"].astype("str")
    words = status.where(~moved, status + " to " + bare(rows["location_url"]).fillna(""))
    return rows.assign(answer=words.astype(frames.TEXT))[["url", "variant", *_ANSWER]]


def _fields(vary: str) -> frozenset[str]:
    """The fields that a Vary names; `*` stands for all."""
    names = {name.strip().lower() for name in vary.split(",")} if isinstance(vary, str) else set()
    return frozenset({"accept-language", "user-agent"} if "*" in names else names)


def _stored(status: int, cache_control: str) -> bool:
    """Whether shared caches may keep the answer (RFC 9111, 3 and 4.2)."""
    known = freshness(status, cache_control if isinstance(cache_control, str) else None, None, None, None, None)
    if not known.storable or known.private or known.no_store:
        return False
    return (known.shared_lifetime_s or 0) > 0 or (not known.explicit and status in HEURISTICALLY_CACHEABLE)
