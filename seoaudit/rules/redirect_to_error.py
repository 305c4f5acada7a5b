"""A redirect that ends on 404, 410 or another 4xx.

401, 403, 407: `redirect-to-forbidden`; 429: `redirect-to-server-error`; an end that came back: `intermittent-failure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed, mend
from seoaudit.classify.entries import entries, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


TOLD_ELSEWHERE = [401, 403, 407, 429]
CHANGE = "Change the redirect of {wrong_url}: point it at a page that replaces {final_url}, which answers {final_status}, or answer 410 there; and mend {links}."
GONE = " The redirect is right, but the page it leads to is gone."
KEEP = "Leave the redirect as it is: mend {links}, or bring back {final_url}, which answers {final_status}, or answer 410 there."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; also for ends outside the site."""
    chains = entries(facts)
    status = chains["final_status"].fillna(0)
    dead = (
        status.between(400, 499) & ~status.isin(TOLD_ELSEWHERE) & chains["outcome"].isin(["client-error", "external"])
    )
    rows = blamed(facts, chains[dead & ~chains["final_url"].isin(recovered(facts)["final_url"])])
    return rows[["url"]].assign(
        detail=say(rows, "It ends on {final_status}: {chain}.", chain=drawn(rows)) + mend(rows, "", GONE),
        fix=mend(rows, CHANGE, KEEP),
        group=blame_group(rows, say(rows, "redirects that end at {final_url} ({final_status})")),
    )


RULE = Rule(
    title="Redirect to a page that does not exist",
    family="Targets",
    severity="high",
    why="The redirect promises a replacement and leads to an error page. Whoever had the old URL in a link, a bookmark or a search "
    "result is lost, and what the old page had earned is passed on to nothing.",
    fix="Redirect to the page that replaces it; if there is none, answer 410 and mend the links. A redirect to https, to the right host or spelling is right and stays: there the page is what is missing.",
    references=(
        rfc(9110, "15.5.5"),
        rfc(9110, "15.5.11"),
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: old URLs lead to their replacement",
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
