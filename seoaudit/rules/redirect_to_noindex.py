"""A redirect to a page of the site that tells search engines to leave it out; login pages have a rule of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed, mend
from seoaudit.classify.entries import LOGIN_URL, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


NOINDEX = r"(?i)(?:^|,)\s*(?:(?:googlebot|bingbot|robots)\s*:\s*)?(?:noindex|none)\s*(?:$|,)"
VALUED = r"(?i)(?:max-[a-z-]+|unavailable_after)\s*:[^,]*"


CHANGE = "Take noindex off {final_url}, or point {wrong_url} at a page that may be found."
KEEP = "The redirect is right: take noindex off {final_url} if it should be found."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    pages = facts.responses[facts.responses["in_scope"]].drop_duplicates("url")
    said = pages.set_index("url")[["robots_meta", "x_robots_tag"]].apply(
        lambda column: column.str.replace(VALUED, "", regex=True)
    )
    kept_out = said.apply(lambda column: column.str.contains(NOINDEX).fillna(value=False))
    chains = entries(facts)
    chains = chains[mentioned_by_site(chains)]
    good = (chains["outcome"] == "ok") & ~chains["final_url"].str.contains(LOGIN_URL)
    rows = blamed(facts, chains[good & chains["final_url"].isin(kept_out.index[kept_out.any(axis=1)])])
    return rows[["url"]].assign(
        detail=say(rows, "It ends on a page that says noindex: {chain}.", chain=drawn(rows)),
        fix=mend(rows, CHANGE, KEEP),
        group=blame_group(rows, say(rows, "redirects to {final_url}, which says noindex")),
    )


RULE = Rule(
    title="Redirect to a page that says noindex",
    family="Targets",
    severity="medium",
    why="A permanent redirect asks search engines to show the target instead, and the target asks to be left out: in the end neither "
    "is found, and links to the old URL count for nothing. Medium, because it may be meant.",
    fix="Remove noindex from the target if it should be found, or redirect to a page that should.",
    references=(
        Reference(
            source="Google Search Central, Block Search indexing with noindex: the page is dropped whoever links to it",
            url="https://developers.google.com/search/docs/crawling-indexing/block-indexing",
            date="2023-11",
        ),
        search_central(
            "crawling-indexing/301-redirects", "Redirects and Google Search: the target is taken for the canonical page"
        ),
    ),
    since="0.1",
    find=find,
)
