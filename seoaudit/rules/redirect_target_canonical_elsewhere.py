"""A redirect to a page whose canonical names another page.

A canonical that redirects itself is `canonical-to-redirect` or a circle of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed
from seoaudit.classify.entries import among, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    pages = facts.responses.loc[facts.responses["canonical"].notna(), ["url", "canonical"]].drop_duplicates("url")
    chains = entries(facts)
    chains = chains[mentioned_by_site(chains)]
    known = chains[chains["outcome"] == "ok"].merge(pages.rename(columns={"url": "final_url"}), on="final_url")
    canonical = known["canonical"].str.replace(r"(?s)#.*", "", regex=True)
    rows = known[(canonical != known["final_url"]) & ~among(canonical, facts.redirects["url"])]
    return rows[["url"]].assign(
        detail=say(
            rows, "It leads to {final_url}, which names {canonical} as its canonical: {chain}.", chain=drawn(rows)
        ),
        fix=say(rows, "Point {url} straight at {canonical}, or let {final_url} name itself as canonical."),
        group=blame_group(blamed(facts, rows), say(rows, "the canonical of {final_url} names another page")),
    )


RULE = Rule(
    title="Redirect to a page with another canonical",
    family="Targets",
    severity="medium",
    why="The redirect says that this page is the one to show, the page itself says that another is. Both are strong signals for a "
    "search engine, and they contradict each other: which page it shows is left to it.",
    fix="Redirect to the canonical page, or correct the canonical of the target.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: redirects and rel=canonical are both strong signals; do not contradict them",
        ),
    ),
    since="0.1",
    find=find,
)
