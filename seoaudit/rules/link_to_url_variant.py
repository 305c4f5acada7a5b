"""A link of the site to another spelling (host, slash, letter case) of one of its pages.

On most pages it is `sitewide-link-to-redirect`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS, linked, sitewide
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


DIFFERS = {"slash": "the slash at the end", "case": "upper and lower case", "host": "the host name"}


def find(facts: Facts) -> pd.DataFrame:
    """One row a linked URL."""
    rows = linked(facts, LINK_ELEMENTS)
    rows = rows[rows["in_scope"] & rows["change"].isin([*DIFFERS]) & (rows["outcome"] == "ok")]
    rows = rows[rows["replace_with"].notna() & ~sitewide(facts, rows)]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "{mentions} on {sources} to this URL, {example}, but the page lives at {location_url}; {part} differs.",
            mentions=count_of(rows["mentions"], "link"),
            sources=count_of(rows["sources"], "page"),
            part=rows["change"].map(DIFFERS),
        ),
        fix=say(rows, "Link to {replace_with} instead of {url}."),
    )


RULE = Rule(
    title="Link to another spelling of a page",
    family="Links to redirects",
    severity="low",
    why="The site makes redirects for itself: each such link costs one more request, and says to search engines that the other "
    "spelling is in use. Low, because everybody arrives.",
    fix="Link one spelling everywhere: the one that answers 200.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: link to the canonical URL within the site",
        ),
    ),
    since="0.1",
    find=find,
)
