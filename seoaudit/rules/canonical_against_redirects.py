"""A canonical whose form (host, scheme or final slash) is the one that the site's own redirects leave.

Silent where the canonical redirects or fails, and for https to http, which have rules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import form_change, is_http, is_https, pages, unsettled
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page; a form counts only if the site's redirects never move towards it."""
    moves = facts.redirects[
        facts.redirects["in_scope"] & facts.redirects["change"].isin(["host", "scheme", "scheme-host", "slash"])
    ]
    there, back = form_change(moves["url"], moves["location_url"]), form_change(moves["location_url"], moves["url"])
    rows = pages(facts)
    rows = rows[rows["canonical"].notna() & (rows["canonical"] != rows["url"])]
    rows = rows[~among(rows["canonical"], unsettled(facts))]
    rows = rows[~(is_https(rows["url"]) & is_http(rows["canonical"]))]
    change = form_change(rows["canonical"], rows["url"])
    against = change.notna() & change.isin(there) & ~change.isin(back)
    rows, change = rows[against], change[against]
    return rows[["url"]].assign(
        detail=say(
            rows, "Its canonical is {canonical}, but the site's redirects go the other way: {change}.", change=change
        ),
        fix=say(rows, "On {url}, write the page's own address as the canonical."),
        group=say(rows, "canonicals against the redirects: {change}", change=change),
    )


RULE = Rule(
    title="Canonical against the site's redirects",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The site's redirects say that one form of its addresses is right, and this canonical names the other. "
    "Search engines weigh the two against each other, page by page. The canonical does answer, so nothing is "
    "lost yet: medium.",
    fix="Write canonicals in the form to which the site redirects.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: redirects and rel=canonical are strong signals",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the site means the form its redirects lead to is inferred from its other URLs.",
)
