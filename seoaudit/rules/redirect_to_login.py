"""A page that sends whoever is not signed in to a login page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.blame import blame_group, blamed
from seoaudit.classify.entries import LOGIN_URL, entries
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.probes import mentioned_by_site
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met; medium if permanent, else low."""
    chains = entries(facts)
    chains = chains[mentioned_by_site(chains)]
    login = chains["final_url"].str.contains(LOGIN_URL) & chains["outcome"].isin(["ok", "robots", "external"])
    rows = chains[login & ~chains["url"].str.contains(LOGIN_URL) & (chains["final_status"].fillna(200) < 400)]
    lasting = rows["permanence"] == "permanent"
    page = rows["final_url"].str.replace(r"(?s)[?#].*", "", regex=True)
    return rows[["url"]].assign(
        severity=lasting.map({True: "medium", False: "low"}).astype("str"),
        detail=say(rows, "It ends on a login page: {chain}.", chain=drawn(rows)),
        fix=say(rows, "Answer {url} with 302 instead of a permanent redirect to {final_url}.").where(
            lasting, say(rows, "Link {url} only where people are signed in; to everybody else it shows {final_url}.")
        ),
        group=blame_group(blamed(facts, rows), say(rows, "redirects to the login page {page}", page=page)),
    )


RULE = Rule(
    title="Redirect to a login page",
    family="Targets",
    severity="medium",
    why="Visitors and search engines from outside see a login form in place of the page, and search engines waste requests on it. As "
    "a permanent redirect it is medium: browsers keep it, and go on asking people to sign in who are signed in already. As a "
    "temporary one it is the usual way to guard a page, and only the public links to it are worth a look: low.",
    fix="Guard pages with 302 or 303, and keep guarded pages out of public links and sitemaps.",
    references=(
        rfc(9110, "15.1"),
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: the source of a permanent redirect is replaced by its target",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the target is a login page is inferred from its address.",
)
