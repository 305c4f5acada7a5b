"""A redirect that ends on 5xx or 429 both times it was asked; one that came back is `intermittent-failure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed, mend
from seoaudit.classify.entries import entries, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


CHANGE = "Mend {final_url}, which answers {final_status}, or point {wrong_url} at a page that works."
KEEP = "Mend {final_url}, which answers {final_status}; the redirect is right."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; medium where the end lies outside the site."""
    chains = entries(facts)
    status = chains["final_status"].fillna(0)
    failing = ((status >= 500) | (status == 429)) & ~chains["outcome"].isin(["loop", "too-many"])
    rows = blamed(facts, chains[failing & ~chains["final_url"].isin(recovered(facts)["final_url"])])
    return rows[["url"]].assign(
        severity=(rows["outcome"] == "external").map({True: "medium", False: "high"}).astype("str"),
        detail=say(rows, "It ends on {final_status}: {chain}.", chain=drawn(rows)),
        fix=mend(rows, CHANGE, KEEP),
        group=blame_group(rows, say(rows, "redirects that end at {final_url} ({final_status})")),
    )


RULE = Rule(
    title="Redirect to a server error",
    family="Targets",
    severity="high",
    why="Every visitor of the old URL meets an error, and a search engine that keeps meeting it drops the page and slows its crawl. "
    "Outside the site it is medium: the server may only refuse programs, and it is not yours to mend.",
    fix="Mend the page at the end, or redirect to one that works.",
    references=(
        Reference(
            source="Google Search Central, How HTTP status codes affect Google Search: 5xx and 429 slow crawling, lasting ones drop the URL",
            url="https://developers.google.com/search/docs/crawling-indexing/http-network-errors",
            date="2021-06",
        ),
        rfc(9110, "15.6"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
