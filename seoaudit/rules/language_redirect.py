"""The home page or an x-default version that a permanent redirect sends to one language.

A temporary one does no lasting harm and is silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import mentioned, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

HOME = r"\w+://[^/?#]+/"
LANGUAGE = HOME + r"[A-Za-z]{2}(?:[-_][A-Za-z]{2,4})?/?(?:[?#].*)?"


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL; medium where the answer says that it varies, low where only the target's path tells."""
    moves = moved(facts)
    moves = moves[moves["in_scope"] & (moves["permanence"] == "permanent")]
    versions = mentioned(facts, "hreflang", by_nobody="")
    default = versions.loc[versions["text"].str.lower() == "x-default", "url"]
    entry = moves["url"].str.fullmatch(HOME) | moves["url"].isin(default)
    guessed = entry & moves["location_url"].str.fullmatch(LANGUAGE) & (moves["change"] != "site")
    moves = moves.assign(varies=moves["vary"].str.contains(r"(?i)(?:^|,)\s*accept-language\s*(?:,|$)"))
    rows = moves[guessed | moves["varies"]]
    how = rows["varies"].map({True: "by the language asked for (Vary)", False: "to a language, by its path"})
    return rows[["url"]].assign(
        severity=rows["varies"].map({True: "medium", False: "low"}).astype("str"),
        detail=say(rows, "It is redirected permanently {how}: {location_url}.", how=how),
        fix=say(rows, "Answer {url} with 200 and a choice of languages, or with 302 and Vary: Accept-Language."),
    )


RULE = Rule(
    title="Permanent redirect by guessed language",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="What is right for one visitor is stored as right for all: browsers and caches keep a permanent redirect, "
    "and Google, which asks without a language, gets the one version and may never see the others. Google "
    "advises against redirecting by a guessed language at all. Low where the language is only inferred.",
    fix="Let the entry page answer 200 and link to the versions; if it must redirect, then with 302 and Vary.",
    references=(
        search_central("specialty/international/managing-multi-regional-sites", "Managing multi-regional sites"),
        rfc(9110, "12.5.5"),
        rfc(9110, "15.4.2"),
    ),
    since="0.1",
    find=find,
    inferred="One request without a language was made: that others get another target is inferred, from Vary or the path.",
)
