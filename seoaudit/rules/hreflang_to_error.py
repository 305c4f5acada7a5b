"""A URL named as a language version (hreflang) that answers 4xx or 5xx, or not at all; what robots.txt forbids is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    named = facts.inlinks.loc[facts.inlinks["element"] == "hreflang", ["target", "sources", "source", "text"]].rename(columns={"target": "url"})
    answers = facts.responses[facts.responses["mechanism"].isna()]
    failed = (answers["status"] >= 400).fillna(value=False) | (answers["error"].notna() & (answers["error"] != "robots"))
    rows = named.merge(answers.loc[failed, ["url", "status", "error"]], on="url")
    page = rows["source"].fillna("a page")
    answer = ("answers " + rows["status"].astype("str")).where(rows["status"].notna(), "does not answer (" + rows["error"] + ")")
    return rows[["url"]].assign(
        detail=rows["sources"].astype("str") + " pages name it as a language version, such as " + page + "; it " + answer + ".",
        fix="Remove " + rows["url"] + " from the hreflang of " + page + ", or let it answer 200.",
    )


RULE = Rule(
    title="Language version that fails",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The pages promise searchers a version in their language, and it is not there: the version is ignored, "
    "and people are left with the wrong language. The other versions stay as they are: medium.",
    fix="Name only versions that exist, and drop a version from all others when it goes.",
    references=(
        search_central("specialty/international/localized-versions", "Localized versions"),
    ),
    since="0.1",
    find=find,
)
