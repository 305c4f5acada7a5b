"""HSTS by host: the policy that browsers learn, where it is missing, and what they do with http URLs because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seoaudit.classify import frames, url_columns
from seoaudit.classify.once import once
from seoaudit.classify.preloading import unmet_requirements
from seoaudit.http.hsts import Policy, ancestors, is_address, parse_hsts
from seoaudit.store.schema import HOSTS
from seoaudit.store.tables import write_table

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts
    from seoaudit.store.folder import RunFolder

_HTML = ("text/html", "application/xhtml+xml")


@once
def hosts(facts: Facts) -> pd.DataFrame:
    """The columns of hosts.parquet, one row a host name of the site, or one that a chain meets over plain HTTP."""
    rows = _answers(facts)
    names = _names(facts, rows)
    own = rows["host"].isin(names.loc[names["in_scope"], "host"])
    rows = rows[rows["in_scope"].fillna(value=False) | ~own]  # another port of an own host is another's affair
    frame = names.set_index("host", drop=False)
    secure = rows[rows["https"] & rows["status"].notna() & rows["certificate_error"].isna()]
    columns: dict[str, pd.Series[Any]] = {
        "https_answers": secure.groupby("host").size(),
        "https_pages": secure[secure["page"]].groupby("host").size(),
        "https_error": _https_errors(rows, secure),
        **_policies(secure),
        **_without(secure),
        **_counted(rows[~rows["https"] & rows["hsts"].notna()], "sent_over_http"),
    }
    for column, values in columns.items():
        frame[column] = values.reindex(frame.index)
    counts = [name for name in HOSTS.names if pa.types.is_integer(HOSTS.field(name).type) and name != "max_age"]
    frame = frame.fillna(dict.fromkeys(counts, 0))
    frame["inherited_from"] = _inherited(frame)
    frame["preloaded_by"] = _texts([facts.preload_list.covering(host) for host in frame.index], frame.index)
    frame["preload_list_date"] = facts.preload_list.date
    frame["preload_requirement_failed"] = unmet_requirements(facts, frame)
    frame["browser"] = _browser(frame)
    return frames.conform(frame.reset_index(drop=True), HOSTS)


def own_hosts(facts: Facts) -> pd.DataFrame:
    """`hosts` of the site that answered over HTTPS: those that HSTS can be expected of."""
    rows = hosts(facts)
    return rows[rows["in_scope"].fillna(value=False) & (rows["https_answers"] > 0)]


@once
def browser_view(facts: Facts) -> pd.DataFrame:
    """What a browser does in place of an http hop of a chain whose host has a known policy: an internal 307, nothing on the wire.

    Columns: `requested_url`, `position`, `url` as in `Facts.hops`; `visitor` (`any`: the host is preloaded; `returning`: who
    was there before has learned the policy); `internal_url`, the https URL that is asked instead (RFC 6797, 8.3).
    """
    hops = facts.hops.loc[facts.hops["url"].str.startswith("http://"), ["requested_url", "position", "url"]]
    visitors = hosts(facts).set_index("host")["browser"]
    hops = hops.assign(visitor=host_of(hops["url"]).map(visitors).astype(frames.TEXT))
    hops = hops[hops["visitor"].notna()].reset_index(drop=True)
    return hops.assign(internal_url=_upgraded(hops["url"]))


def write_hosts(folder: RunFolder, facts: Facts) -> None:
    """Write hosts.parquet in one step; raises OSError."""
    write_table(folder.table("hosts"), pa.Table.from_pandas(hosts(facts), schema=HOSTS, preserve_index=False))


def host_of(urls: pd.Series[str]) -> pd.Series[str]:
    """The hosts of serialised URLs, without port and trailing dot; missing where there is none."""
    netlocs = url_columns.parts(frames.as_arrow(urls))["netloc"]
    texts: Any = pc.utf8_rtrim(url_columns.hosts(netlocs), characters=".")
    return pd.Series(pd.array(texts, dtype=frames.TEXT), index=urls.index)


def _upgraded(urls: pd.Series[str]) -> pd.Series[str]:
    """`http.hsts.upgraded` by the column, of http URLs whose hosts are names."""
    secure: Any = pc.replace_substring_regex(
        frames.as_arrow("https" + urls.str.slice(4)), r"^(https://[^/?#]*):443([/?#])", r"\1\2"
    )
    return pd.Series(pd.array(secure, dtype=frames.TEXT), index=urls.index)


def _answers(facts: Facts) -> pd.DataFrame:
    """Responses of web URLs on named hosts, with `host`, `https`, `page`, `redirect`, and `rank`: the least makes the best example."""
    names = [
        *("url", "status", "error", "mechanism", "media_type", "in_scope"),
        *("certificate_error", "hsts", "hsts_count"),
    ]
    rows = facts.responses[names]
    rows = rows.assign(host=host_of(rows["url"]).astype("category"), https=rows["url"].str.startswith("https://"))
    known = [host for host in rows["host"].cat.categories if host and not is_address(host)]
    rows = rows[rows["host"].isin(known) & (rows["https"] | rows["url"].str.startswith("http://"))]
    page = ((rows["status"] == 200) & rows["media_type"].isin(_HTML)).fillna(value=False).astype(bool)
    rows = rows.assign(page=page, redirect=(rows["mechanism"] == "location").fillna(value=False).astype(bool))
    kind = np.select([rows["url"].str.fullmatch(r"\w+://[^/]*/"), page], [0, 1], 2)
    return rows.assign(
        host=rows["host"].astype(frames.TEXT),
        hsts_count=rows["hsts_count"].fillna(1).clip(lower=1),
        rank=rows["url"].str.len().astype("int64") + kind * 2**32,
    )


def _names(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    own = rows.loc[rows["in_scope"].fillna(value=False), "host"].unique()
    met = pd.concat([facts.hops["url"], facts.chains["final_url"]]).dropna().drop_duplicates()
    plain = host_of(met[met.str.startswith("http://")]).dropna().unique()
    others = sorted({host for host in plain if host and not is_address(host)} - set(own))
    flags = [True] * len(own) + [False] * len(others)
    return pd.DataFrame(
        {"host": pd.Series([*sorted(own), *others], dtype=frames.TEXT), "in_scope": pd.Series(flags, dtype=frames.FLAG)}
    )


def _https_errors(rows: pd.DataFrame, secure: pd.DataFrame) -> pd.Series[str]:
    """By host that never answered well over https: why."""
    failed = rows[rows["https"] & ~rows["host"].isin(secure["host"].unique()) & (rows["error"] != "robots")]
    why = failed["certificate_error"].astype(frames.TEXT).fillna(failed["error"])
    return why[why.notna()].groupby(failed["host"]).min()


def _policies(secure: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """By host: the value that most https answers sent, read, and another one if there is."""
    sent = secure[secure["hsts"].notna()].astype({"hsts": frames.TEXT})
    groups = _examples(sent, ["host", "hsts", "hsts_count"]).reset_index()
    groups = groups.sort_values(["size", "hsts"], ascending=[False, True], kind="stable")
    chosen = groups.drop_duplicates("host").set_index("host")
    others = groups[groups.duplicated("host")].drop_duplicates("host").set_index("host")
    read = [parse_hsts(text, int(count)) for text, count in zip(chosen["hsts"], chosen["hsts_count"], strict=True)]
    return {
        "hsts": chosen["hsts"],
        "hsts_url": chosen["url"],
        "max_age": pd.Series([policy.max_age for policy in read], chosen.index, dtype=frames.WHOLE),
        "include_subdomains": pd.Series([policy.include_subdomains for policy in read], chosen.index, frames.FLAG),
        "preload": pd.Series([policy.preload for policy in read], chosen.index, frames.FLAG),
        "problem": _texts([_problem(policy) for policy in read], chosen.index),
        "hsts_values": groups.groupby("host").size(),
        "other_hsts": others["hsts"],
        "other_hsts_url": others["url"],
    }


def _problem(policy: Policy) -> str | None:
    return "; ".join([*policy.problems, *policy.remarks]) or None


def _without(secure: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    bare = secure[secure["hsts"].isna()]
    answers = bare[~bare["redirect"] & (bare["status"] < 400).fillna(value=False) & bare["error"].isna()]
    return {**_counted(answers, "answers_without"), **_counted(bare[bare["redirect"]], "redirects_without")}


def _counted(rows: pd.DataFrame, name: str) -> dict[str, pd.Series[Any]]:
    found = _examples(rows, ["host"])
    return {name: found["size"], f"{name}_url": found["url"]}


def _examples(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """By these columns: `size`, and as `url` the home page, else the shortest page, whatever the order of the crawl."""
    groups = rows.groupby(keys, sort=False)
    best = rows[rows["rank"] == groups["rank"].transform("min")]
    urls = best.sort_values("url").drop_duplicates(keys).set_index(keys)["url"]
    return groups.size().rename("size").to_frame().join(urls)


def _inherited(frame: pd.DataFrame) -> pd.Series[str]:
    wide = frame.index[((frame["max_age"] > 0) & frame["include_subdomains"]).fillna(value=False)]
    covering = set(wide)
    return _texts(
        [next((above for above in ancestors(host) if above in covering), None) for host in frame.index], frame.index
    )


def _browser(frame: pd.DataFrame) -> pd.Series[str]:
    learned = (frame["max_age"] > 0).fillna(value=False) | frame["inherited_from"].notna()
    words = pd.Series("returning", frame.index, frames.TEXT).where(learned)
    return words.mask(frame["preloaded_by"].notna(), "any")


def _texts(values: list[str | None], index: pd.Index[str]) -> pd.Series[str]:
    return pd.Series(values, index, dtype=frames.TEXT)
