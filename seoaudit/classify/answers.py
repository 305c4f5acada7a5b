"""URLs by what became of them: pages, redirects that lead elsewhere, failures; and the parts of a URL that a rule compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.entries import among
from seoaudit.classify.moves import site
from seoaudit.classify.probes import met
from seoaudit.classify.url_columns import Scope, outside

if TYPE_CHECKING:
    from collections.abc import Collection

    from seoaudit.classify.facts import Facts

HTML = ("text/html", "application/xhtml+xml")


def pages(facts: Facts) -> pd.DataFrame:
    """HTML pages of the site that answered 200 and lead nowhere else: `url`, `canonical`, `noscript_refresh_url`.

    With the pages that the audit asked for under another scheme or host, without the spellings that it made up.
    """
    rows = facts.responses
    answered = rows["in_scope"] & (rows["status"] == 200) & rows["media_type"].isin(HTML) & met(rows)
    rows = rows.loc[answered, ["url", "mechanism", "canonical", "noscript_refresh_url"]]
    return rows[rows["mechanism"].isna() | ~among(rows["url"], facts.chains["requested_url"])].drop(columns="mechanism")


def moved(facts: Facts) -> pd.DataFrame:
    """Redirects that lead to another URL, or should: `Facts.redirects` without the pages that only reload themselves."""
    return facts.redirects[facts.redirects["outcome"].notna()]


def failed(facts: Facts) -> pd.DataFrame:
    """URLs that answered 4xx or 5xx, or not at all, and do not redirect: `url`, `answer` (words that follow "it").

    What robots.txt forbids was not asked, and has not failed.
    """
    rows = facts.responses
    silent = rows["status"].isna() & rows["error"].notna() & (rows["error"] != "robots")
    rows = rows.loc[(rows["status"] >= 400).fillna(value=False) | silent, ["url", "status", "error", "mechanism"]]
    rows = rows[rows["mechanism"].isna() | ~among(rows["url"], facts.chains["requested_url"])]
    words = ("answers " + rows["status"].astype("str")).where(
        rows["status"].notna(), "does not answer (" + rows["error"] + ")"
    )
    return rows[["url"]].assign(answer=words)


def unsettled(facts: Facts) -> pd.Series[str]:
    """URLs that redirect or fail."""
    found: pd.Series[str] = pd.concat([moved(facts)["url"], failed(facts)["url"]])
    return found


def arrives(moves: pd.DataFrame) -> pd.Series[bool]:
    """Whether the chains of these redirects end at a page, on the site or outside, as far as is known."""
    failed_there = (moves["final_status"] >= 400).fillna(value=False)
    return (moves["outcome"] == "ok") | ((moves["outcome"] == "external") & ~failed_there)


def end_of(moves: pd.DataFrame) -> pd.Series[str]:
    """Where the chains of these redirects end, with the outcome in brackets where it is not a page."""
    return moves["final_url"].where(arrives(moves), moves["final_url"] + " (" + moves["outcome"] + ")")


def mentioned(facts: Facts, element: str, by_nobody: str) -> pd.DataFrame:
    """What `Facts.inlinks` says of one element, with the target as `url`, and `by_nobody` as the `source` that no page is."""
    rows = facts.inlinks[facts.inlinks["element"] == element].rename(columns={"target": "url"})
    return rows.assign(source=rows["source"].fillna(by_nobody))


def is_http(urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs are plain HTTP."""
    return urls.str.startswith("http://")


def is_https(urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs are HTTPS."""
    return urls.str.startswith("https://")


def over_https(urls: pd.Series[str]) -> pd.Series[str]:
    """The https forms of http URLs."""
    return "https://" + urls.str.slice(len("http://"))


def shared(causes: pd.Series[str]) -> pd.Series[str]:
    """Causes as groups: missing where only one row has the cause."""
    return causes.where(causes.groupby(causes).transform("size") > 1)


def http_mentions(facts: Facts, grave: Collection[str], other: Collection[str]) -> pd.DataFrame:
    """What https pages mention over plain HTTP, one row a target, by its gravest use.

    The columns of `Facts.inlinks` with the target as `url`, and `grave`, `secure` (the https form of the target).
    """
    rows = facts.inlinks.rename(columns={"target": "url"})
    rows = rows[is_http(rows["url"]) & rows["element"].isin([*grave, *other]) & (rows["https_sources"] > 0)]
    rows = rows.assign(grave=rows["element"].isin([*grave]), secure=over_https(rows["url"]))
    return rows.sort_values("grave", ascending=False, kind="stable").drop_duplicates("url")


def authority(urls: pd.Series[str]) -> pd.Series[str]:
    """Host and port of serialised URLs."""
    return urls.str.replace(r"(?s)^\w+://(?:[^/?#@]*@)?([^/?#]*).*", r"\1", regex=True)


def answers_on_https(facts: Facts, urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether the hosts of serialised URLs answered over HTTPS, with a certificate in order."""
    hosts = authority(urls)
    if hosts.empty:
        return hosts.notna()
    rows = facts.responses
    answered = rows["in_scope"] & rows["status"].notna() & rows["certificate_error"].isna() & is_https(rows["url"])
    return hosts.isin(authority(rows.loc[answered, "url"]).unique())


def on_site(facts: Facts, urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs lie in the scope that the crawl had."""
    found = ~outside(frames.as_arrow(urls), Scope.of(facts.run))
    return pd.Series(found, index=urls.index)


def form_change(before: pd.Series[str], after: pd.Series[str]) -> pd.Series[str]:
    """Say in what form two URLs differ, origin or final slash; missing where they are equal or differ in anything else."""
    here, there = (column.str.replace(r"(?s)^(\w+://[^/?#]*).*", r"\1", regex=True) for column in (before, after))
    rest, other = (column.str.replace(r"^\w+://[^/?#]*", "", regex=True) for column in (before, after))
    same_origin = here == there
    words = (here + " to " + there).where(~same_origin & (rest == other))
    words = words.where(~same_origin | (rest + "/" != other), "final slash added")
    return words.where(~same_origin | (rest != other + "/"), "final slash removed")


def another_site(urls: pd.Series[str], targets: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs and their targets have different registrable domains."""
    return authority(urls).map(site).astype(frames.TEXT) != authority(targets).map(site).astype(frames.TEXT)


def no_outside_name(facts: Facts) -> bool:
    """Whether two outside hosts or more were asked, and no name of them resolved: the fault of the auditor's network, inferred."""
    asked = facts.responses.loc[~facts.responses["in_scope"].fillna(value=True), ["url", "status", "error"]]
    asked = asked[asked["status"].notna() | (asked["error"].notna() & (asked["error"] != "robots"))]
    several = len(authority(asked["url"]).unique()) > 1
    return several and bool((asked["error"] == "dns").fillna(value=False).all())
