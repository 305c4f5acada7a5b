"""A URL named as a language version (hreflang) that redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import arrives, end_of, mentioned, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    named = mentioned(facts, "hreflang", by_nobody="a page")[["url", "sources", "source", "text"]]
    rows = named.merge(moved(facts)[["url", "final_url", "final_status", "outcome"]], on="url")
    pages = "Pages that name it as a language version: {sources}, such as {source} ({text}). "
    better = say(rows, "In the hreflang of {source}, write {final_url} in place of {url}.")
    return rows[["url"]].assign(
        detail=say(rows, pages + "It redirects to {end}.", end=end_of(rows)),
        fix=better.where(
            arrives(rows), say(rows, "Remove {url} from the hreflang of {source}, or let it lead to a page.")
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
        search_central(
            "specialty/international/localized-versions", "Localized versions: each version lists itself and all others"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
