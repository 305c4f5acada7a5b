"""A redirect that no page of the site links to any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import among, bare, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.linked import LINK_ELEMENTS
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.records import ASSET_ELEMENTS, FILE_ELEMENTS, FORM_ELEMENTS
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


KNOWN_BY = LINK_ELEMENTS | ASSET_ELEMENTS | FORM_ELEMENTS | FILE_ELEMENTS | {"start", "list", "probe"}


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain that begins here; silent in list mode, where no page was read for links."""
    mentioned = facts.inlinks.loc[facts.inlinks["element"].isin(KNOWN_BY), "target"]
    chains = entries(facts)
    good = chains["outcome"].isin(["ok", "external"]) & (chains["final_status"].fillna(200) < 400)
    rows = chains[
        good & mentioned_by_site(chains) & ~among(chains["url"], mentioned) & (chains["url"] != facts.run.start)
    ]
    rows = rows[~among(rows["url"], bare(facts.redirects["location_url"]))]
    rows = rows.iloc[:0] if facts.run.listed_urls else rows
    return rows[["url"]].assign(
        detail=say(rows, "No page of the site links to it: {chain}.", chain=drawn(rows)),
        fix=say(
            rows,
            "Keep the redirect of {url} to {final_url} for at least a year after the move, longer if it is still used.",
        ),
    )


RULE = Rule(
    title="Redirect without links from the site",
    family="Links to redirects",
    severity="info",
    why="That is how it should be after a move: only bookmarks, search engines and other sites use the old URL. It is told so that "
    "nobody removes the redirect too early.",
    fix="Keep it as long as it is used: Google asks for at least one year.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: keep redirects generally at least 1 year",
        ),
    ),
    since="0.1",
    find=find,
)
