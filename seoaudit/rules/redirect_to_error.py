"""A redirect that ends on 404, 410 or another 4xx.

401, 403 and 407 are `redirect-to-forbidden`, 429 is `redirect-to-server-error`, an end that came back is
`intermittent-failure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import entries, recovered
from seoaudit.classify.evidence import drawn, say, shared_group
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


TOLD_ELSEWHERE = [401, 403, 407, 429]


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; also for ends outside the site."""
    chains = entries(facts)
    status = chains["final_status"].fillna(0)
    dead = (
        status.between(400, 499) & ~status.isin(TOLD_ELSEWHERE) & chains["outcome"].isin(["client-error", "external"])
    )
    rows = chains[dead & ~chains["final_url"].isin(recovered(facts)["final_url"])]
    return rows[["url"]].assign(
        detail=say(rows, "It ends on {final_status}: {chain}.", chain=drawn(rows)),
        fix=say(
            rows,
            "Point {url} at a page that replaces it with 301, or answer 410 there; {final_url} answers {final_status}.",
        ),
        group=shared_group(rows["cause"], say(rows, "redirects that end at {final_url} ({final_status})")),
    )


RULE = Rule(
    title="Redirect to a page that does not exist",
    family="Targets",
    severity="high",
    why="The redirect promises a replacement and leads to an error page. Whoever had the old URL in a link, a bookmark or a search "
    "result is lost, and what the old page had earned is passed on to nothing.",
    fix="Redirect to the page that replaces it; if there is none, remove the redirect and answer 404 or 410 at once.",
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
)
