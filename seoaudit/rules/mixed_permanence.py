"""A chain that is permanent at one hop and temporary at another.

A temporary hop that only respells the URL has a rule of its own and does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import LOGIN_URL, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


RESPELLED = ["scheme", "scheme-host", "host", "slash", "case"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain; the first temporary hop is the one that decides."""
    own = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["permanence"] == "temporary")]
    own = own.loc[~own["change"].isin(RESPELLED), ["url"]]
    weak = facts.hops.merge(own, on="url").sort_values("position").drop_duplicates("requested_url")
    weak = weak[["requested_url", "url", "status"]].rename(columns={"url": "weak_url", "status": "weak_status"})
    chains = entries(facts)
    mixed = (chains["permanence"] == "mixed") & ~chains["outcome"].isin(["loop", "invalid-location"]) & ~chains["dead"]
    rows = chains[mixed & ~chains["final_url"].str.contains(LOGIN_URL)].merge(weak, on="requested_url")
    return rows[["url"]].assign(
        detail=say(rows, "Permanent and temporary redirects in one chain: {chain}.", chain=drawn(rows)),
        fix=say(
            rows,
            "If the move is for good, answer {weak_url} with 301 too and point {url} straight at {final_url}; if not, answer {url} with 302.",
        ),
        group=say(rows, "temporary redirect at {weak_url}"),
    )


RULE = Rule(
    title="Permanent and temporary redirects in one chain",
    family="Type and permanence",
    severity="medium",
    why="The weakest hop decides: browsers and search engines keep the permanent part and ask the temporary one again, so the "
    "signal that the first hop gives ends in the middle of the chain.",
    fix="Give all hops the same permanence, then make one redirect of them.",
    references=(
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: only permanent redirects are a canonical signal",
        ),
        rfc(9111, "4.2.2"),
    ),
    since="0.1",
    find=find,
    inferred="Which hop a search engine stops trusting is inferred: the sources speak of single redirects, not of chains.",
)
