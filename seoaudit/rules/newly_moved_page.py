"""A page that answered 200 in an earlier run and redirects permanently now, while pages or sitemaps still name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS
from seoaudit.classify.standing import PERMANENT, day, lately, redirects_now
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

NAMING = LINK_ELEMENTS | {"sitemap", "canonical", "hreflang"}


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL that moved in the last weeks (`changed_days`) and is still mentioned."""
    moves = redirects_now(facts)
    page = moves["before_mechanism"].isna() & (moves["before_status"] == 200).fillna(value=False)
    moves = moves[page & moves["status"].isin(PERMANENT) & lately(facts, moves["since"])]
    naming = facts.inlinks[facts.inlinks["element"].isin(NAMING) & facts.inlinks["source"].notna()]
    by = naming.sort_values("sources", ascending=False, kind="stable").groupby("target", sort=False)
    mentions = by.agg(named=("mentions", "sum"), example=("source", "first"), how=("element", "first")).reset_index()
    rows = moves.merge(mentions, left_on="url", right_on="target")
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It was a page (200), and redirects to {location_url} with {status} since the run of {since}; {named} still name it, for example {how} in {example}.",
            since=day(rows["since"]),
            named=count_of(rows["named"], "mention"),
        ),
        fix=say(rows, "Write {final_url} in place of {url} wherever links, sitemaps, canonicals and hreflang name it."),
    )


RULE = Rule(
    title="Page that moved while links and sitemaps still name it",
    family="Links to redirects",
    severity="medium",
    why="The page was moved, and nobody told the pages, sitemaps and canonicals that name it. Search engines get two answers at "
    "the moment when they should learn the new address, and everybody waits for one more hop.",
    fix="Update links, sitemaps, canonicals and hreflang together with the move.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes", "Site moves with URL changes: update links and sitemaps"
        ),
    ),
    since="0.1",
    find=find,
)
