"""A redirect that ends on 401, 403 or 407; a login page that answers 200 is `redirect-to-login`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed, mend
from seoaudit.classify.entries import entries, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


CHANGE = "Point {wrong_url} at a page that everybody may see, or take away {links}; {final_url} answers {final_status}."
KEEP = "The redirect is right: open {final_url}, which answers {final_status}, to everybody, or take away {links}."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; low where the end lies outside the site."""
    chains = entries(facts)
    closed = chains["final_status"].isin([401, 403, 407]) & chains["outcome"].isin(["client-error", "external"])
    rows = blamed(facts, chains[closed & ~chains["final_url"].isin(recovered(facts)["final_url"])])
    return rows[["url"]].assign(
        severity=(rows["outcome"] == "external").map({True: "low", False: "medium"}).astype("str"),
        detail=say(rows, "It ends on {final_status} for a visitor who is not signed in: {chain}.", chain=drawn(rows)),
        fix=mend(rows, CHANGE, KEEP),
        group=blame_group(rows, say(rows, "redirects that end at {final_url} ({final_status})")),
    )


RULE = Rule(
    title="Redirect to a page that is closed to the public",
    family="Targets",
    severity="medium",
    why="Visitors who followed a link and search engines find a closed door, so nothing of the page is ever found. Outside the site "
    "it is low: many servers refuse programs and let people in.",
    fix="Redirect to a public page, or link the closed area only where people are signed in.",
    references=(rfc(9110, "15.5.2"), rfc(9110, "15.5.4")),
    since="0.1",
    find=find,
    always_counts=True,
)
