"""URLs by what became of them: pages, redirects that lead elsewhere, failures; and the parts of a URL that a rule compares."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

HTML = ("text/html", "application/xhtml+xml")


def pages(facts: Facts) -> pd.DataFrame:
    """HTML pages of the site that answered 200 and lead nowhere else; the columns of `Facts.responses`."""
    rows = facts.responses
    rows = rows[rows["in_scope"] & (rows["status"] == 200) & rows["media_type"].isin(HTML)]
    return rows[rows["mechanism"].isna() | ~rows["url"].isin(facts.chains["requested_url"])]


def moved(facts: Facts) -> pd.DataFrame:
    """Redirects that lead to another URL, or should: `Facts.redirects` without the pages that only reload themselves."""
    return facts.redirects[facts.redirects["outcome"].notna()]


def failed(facts: Facts) -> pd.DataFrame:
    """URLs that answered 4xx or 5xx, or not at all, and do not redirect: `url`, `answer` (words that follow "it").

    What robots.txt forbids was not asked, and has not failed.
    """
    rows = facts.responses
    silent = rows["status"].isna() & rows["error"].notna() & (rows["error"] != "robots")
    rows = rows[(rows["status"] >= 400).fillna(value=False) | silent]
    rows = rows[rows["mechanism"].isna() | ~rows["url"].isin(facts.chains["requested_url"])]
    words = ("answers " + rows["status"].astype("str")).where(
        rows["status"].notna(), "does not answer (" + rows["error"] + ")"
    )
    return rows[["url"]].assign(answer=words)


def unsettled(facts: Facts) -> pd.Series[str]:
    """URLs that redirect or fail."""
    found: pd.Series[str] = pd.concat([moved(facts)["url"], failed(facts)["url"]])
    return found


def mentioned(facts: Facts, element: str) -> pd.DataFrame:
    """What `Facts.inlinks` says of one element, with the target as `url`."""
    return facts.inlinks[facts.inlinks["element"] == element].rename(columns={"target": "url"})


def is_http(urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs are plain HTTP."""
    return urls.str.startswith("http://")


def is_https(urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether serialised URLs are HTTPS."""
    return urls.str.startswith("https://")


def over_https(urls: pd.Series[str]) -> pd.Series[str]:
    """The https forms of http URLs."""
    return "https://" + urls.str.slice(len("http://"))


def authority(urls: pd.Series[str]) -> pd.Series[str]:
    """Host and port of serialised URLs."""
    return urls.str.extract(r"^\w+://(?:[^/?#@]*@)?([^/?#]*)", expand=False)


def hosts_on_https(facts: Facts) -> pd.Series[str]:
    """Hosts of the site that answered over HTTPS with a certificate in order."""
    rows = facts.responses
    answered = rows["in_scope"] & rows["status"].notna() & rows["certificate_error"].isna()
    return authority(rows.loc[answered & is_https(rows["url"]), "url"]).drop_duplicates()


def on_site(facts: Facts, urls: pd.Series[str]) -> pd.Series[bool]:
    """Whether the hosts of serialised URLs belong to the audited site."""
    hosts = authority(urls)
    known = authority(facts.responses.loc[facts.responses["in_scope"], "url"])
    return hosts.isin(known) | hosts.isin(facts.run.hosts)


def form_change(before: pd.Series[str], after: pd.Series[str]) -> pd.Series[str]:
    """Say in what form two URLs differ, origin or final slash; missing where they are equal or differ in anything else."""
    here, there = (column.str.extract(r"^(\w+://[^/?#]*)(.*)") for column in (before, after))
    same_origin = here[0] == there[0]
    words = (here[0] + " to " + there[0]).where(~same_origin & (here[1] == there[1]))
    words = words.where(~same_origin | (here[1] + "/" != there[1]), "final slash added")
    return words.where(~same_origin | (here[1] != there[1] + "/"), "final slash removed")


def sentences(template: str, rows: pd.DataFrame, **more: pd.Series[str]) -> pd.Series[str]:
    """Write the template once a row, its `{names}` taken from the row's columns and from `more`; a missing value is `unknown`."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    columns = [(more[name] if name in more else rows[name]).astype(object).fillna("unknown") for name in names]
    texts = [template.format(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]
    return pd.Series(texts, index=rows.index, dtype=frames.TEXT)
