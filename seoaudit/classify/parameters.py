"""Query parameters of redirecting URLs: which of them name the target, and which carry what should stay secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pandas as pd

from seoaudit import urls
from seoaudit.classify import frames
from seoaudit.classify.once import once

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

_SECRET = re.compile(
    r"(?:(?:access|id|refresh|auth|api|session|login|reset|bearer)[_-]?)?token|jwt|api[_-]?key|(?:client[_-]?)?secret|"
    r"pass(?:word|wd)?|pwd|auth(?:orization)?|(?:auth|otp|reset)[_-]?code|magic[_-]?link",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 6
_PARAMETER = r"[?&#][^=&#]+=[^&#]"


@once
def reflected(facts: Facts) -> pd.DataFrame:
    """Redirects of the site that take their target from a parameter.

    `url`, `status`, `location_url`, `parameter`; `path`: the URL without its query; `outside`: the target lies on another site;
    `marker`: the answer to the same URL with an address of the same site in that place: `followed`, `refused`, or missing where
    nobody asked.
    """
    moves = facts.redirects[facts.redirects["in_scope"].fillna(value=False) & facts.redirects["location_url"].notna()]
    rows = moves.loc[moves["url"].str.contains("?", regex=False), ["url", "status", "location_url", "change"]]
    names = [_naming(url, target) for url, target in zip(rows["url"], rows["location_url"], strict=True)]
    followed, refused = _markers(facts)
    marker = rows["url"].map(dict.fromkeys(followed, "followed") | dict.fromkeys(refused, "refused"))
    rows = rows.assign(
        parameter=pd.Series(names, index=rows.index, dtype=frames.TEXT).fillna(
            rows["url"].map(followed).astype(frames.TEXT)
        ),
        path=rows["url"].str.replace(r"\?.*", "", regex=True),
        outside=rows["change"] == "site",
        marker=marker.astype(frames.TEXT),
    )
    return rows[rows["parameter"].notna()].drop(columns="change")


def _markers(facts: Facts) -> tuple[dict[str, str], set[str]]:
    """The parameters by URL at which a marker was followed, and the URLs at which none was."""
    rows = facts.variants[(facts.variants["variant"] == "marker") & facts.variants["status"].notna()]
    columns = rows[["of", "url", "location_url"]].itertuples(index=False)
    named = [(of, _followed(url, target) if isinstance(target, str) else None) for of, url, target in columns]
    followed = {of: name for of, name in named if name}
    return followed, {of for of, _ in named} - followed.keys()


def _naming(url: str, target: str) -> str | None:
    """The parameter whose value is the target, or its host: an address of its own, not a word that happens to stand in both."""
    netloc = target.split("/", 3)[2] if target.count("/") >= 2 else ""
    for name, value in _parameters(url.partition("?")[2].partition("#")[0]):
        address = urls.parse(value, "https://nowhere.invalid/") if "//" in value or "\\" in value else None
        named = address.split("/", 3)[2] if address and urls.is_web(address) else value
        if netloc and named.lower() == netloc and "." in netloc:
            return name
    return None


def _followed(url: str, target: str) -> str | None:
    """The parameter whose value, an address with a path, is the target: its host alone would be that of the site anyway."""
    for name, value in _parameters(url.partition("?")[2].partition("#")[0]):
        address = urls.parse(value)
        if address and urls.is_web(address) and urls.split(address).path != "/" and target.startswith(address):
            return name
    return None


@once
def carried_secrets(facts: Facts) -> pd.DataFrame:
    """Redirects of the site to another one whose target has a secret among its parameters: `url`, `location_url`, `parameter`."""
    moves = facts.redirects[facts.redirects["in_scope"].fillna(value=False) & (facts.redirects["change"] == "site")]
    rows = moves.loc[moves["location_url"].str.contains(_PARAMETER), ["url", "location_url"]]
    names = [_secret(target) for target in rows["location_url"]]
    rows = rows.assign(parameter=pd.Series(names, index=rows.index, dtype=frames.TEXT))
    return rows[rows["parameter"].notna()]


def _secret(target: str) -> str | None:
    _, _, rest = target.partition("?") if "?" in target else target.partition("#")
    pairs = _parameters(rest.replace("#", "&"))
    return next((name for name, value in pairs if _SECRET.fullmatch(name) and len(value) >= _SHORTEST_SECRET), None)


def _parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, max_num_fields=None)
