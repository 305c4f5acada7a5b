"""A URL named as a language version (hreflang) that redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    named = facts.inlinks.loc[facts.inlinks["element"] == "hreflang", ["target", "sources", "source", "text"]].rename(columns={"target": "url"})
    rows = named.merge(facts.redirects[["url", "final_url", "outcome"]], on="url")
    page = rows["source"].fillna("a page")
    language = rows["text"].fillna("another language")
    return rows[["url"]].assign(
        detail=rows["sources"].astype("str") + " pages name it as a language version, such as " + page + " (" + language + "); it redirects to "
        + rows["final_url"] + " (" + rows["outcome"] + ").",
        fix=("In the hreflang of " + page + ", write " + rows["final_url"] + " in place of " + rows["url"] + ".").where(
            rows["outcome"] == "ok", "Remove " + rows["url"] + " from the hreflang of " + page + "."
        ),
    )


RULE = Rule(
    title="Language version that redirects",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="Language versions count only if each names the others. The page at the end of the redirect names itself "
    "and not this address, so the pair is broken and searchers may get the wrong language. The pages stay in "
    "the index all the same: medium.",
    fix="Write the final address of each version into hreflang, on every version alike.",
    references=(
        search_central("specialty/international/localized-versions", "Localized versions: each version lists itself and all others"),
    ),
    since="0.1",
    find=find,
)
