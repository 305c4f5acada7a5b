"""A URL in a sitemap that robots.txt forbids to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import mentioned
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL."""
    forbidden = facts.responses.loc[facts.responses["error"] == "robots", "url"]
    rows = mentioned(facts, "sitemap", by_nobody="the sitemap")
    rows = rows[rows["url"].isin(forbidden)]
    return rows[["url"]].assign(
        detail=say(rows, "It is listed in {source}, and robots.txt forbids it."),
        fix=say(rows, "Remove {url} from {source}, or the rule of robots.txt that forbids it."),
        group=say(rows, "addresses that {source} lists and robots.txt forbids"),
    )


RULE = Rule(
    title="Sitemap lists a URL that robots.txt forbids",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="One file asks crawlers to come and the other keeps them out. The page cannot be read, so it is shown "
    "without its text, if at all. Which of the two files is right only the owner knows: medium.",
    fix="Let the two files agree: allow what is listed, or list only what is allowed.",
    references=(
        rfc(9309, "2.2"),
        search_central(
            "crawling-indexing/robots/intro",
            "Introduction to robots.txt: a forbidden page may still be shown, without a description",
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
    inferred="robots.txt was read for this audit's user agent; rules for one search engine alone may differ.",
)
