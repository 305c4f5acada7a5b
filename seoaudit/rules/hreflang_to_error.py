"""A URL named as a language version (hreflang) that answers 4xx or 5xx, or not at all.

What robots.txt forbids is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import failed, mentioned
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    rows = mentioned(facts, "hreflang", by_nobody="a page")[["url", "sources", "source"]].merge(failed(facts), on="url")
    pages = "Pages that name it as a language version: {sources}, such as {source}. "
    return rows[["url"]].assign(
        detail=say(rows, pages + "It {answer}."),
        fix=say(rows, "Remove {url} from the hreflang of {source}, or let it answer 200."),
    )


RULE = Rule(
    title="Language version that fails",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The pages promise searchers a version in their language, and it is not there: the version is ignored, "
    "and people are left with the wrong language. The other versions stay as they are: medium.",
    fix="Name only versions that exist, and drop a version from all others when it goes.",
    references=(search_central("specialty/international/localized-versions", "Localized versions"),),
    since="0.1",
    find=find,
    always_counts=True,
)
