"""A redirect to a page of the site that robots.txt forbids; login pages have a rule of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed, mend
from seoaudit.classify.entries import LOGIN_URL, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


CHANGE = "Allow {final_url} in robots.txt, or point {wrong_url} at a page that may be read."
KEEP = "The redirect is right: allow {final_url} in robots.txt if it should be found, or take away {links}."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    rows = blamed(facts, chains[(chains["outcome"] == "robots") & ~chains["final_url"].str.contains(LOGIN_URL)])
    return rows[["url"]].assign(
        detail=say(rows, "robots.txt forbids its end: {chain}.", chain=drawn(rows)),
        fix=mend(rows, CHANGE, KEEP),
        group=blame_group(rows, say(rows, "redirects to {final_url}, which robots.txt forbids")),
    )


RULE = Rule(
    title="Redirect to a page that robots.txt forbids",
    family="Targets",
    severity="medium",
    why="Search engines may not follow the redirect to its end: they cannot read the page, and what the old URL had earned goes to an "
    "address of which only links are known. The audit kept to robots.txt too, so it does not know whether the page works.",
    fix="Allow the target in robots.txt, or redirect to a page that is allowed.",
    references=(
        rfc(9309, "2.2.2"),
        search_central(
            "crawling-indexing/robots/robots_txt", "How Google interprets robots.txt: a disallowed URL is not crawled"
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
