"""A link of the site to a URL of its own that redirects permanently.

A link on most pages is `sitewide-link-to-redirect`, another spelling of the same URL `link-to-url-variant`, a link to
a redirect that ends badly is told there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS, linked, sitewide
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


VARIANTS = ["slash", "case", "host"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a linked URL; the list of links to edit has every page."""
    rows = linked(facts, LINK_ELEMENTS)
    rows = rows[rows["in_scope"] & rows["replace_with"].notna() & rows["outcome"].isin(["ok", "external"])]
    rows = rows[~rows["change"].isin(VARIANTS) & ~sitewide(facts, rows)]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "{mentions} on {sources} to this URL, {example}, but it answers {status} and moves on to {replace_with}.",
            mentions=count_of(rows["mentions"], "link"),
            sources=count_of(rows["sources"], "page"),
        ),
        fix=say(rows, "Link to {replace_with} instead of {url}."),
    )


RULE = Rule(
    title="Link to a redirect",
    family="Links to redirects",
    severity="medium",
    why="Everybody who follows the link waits for one more answer, and search engines spend a request on a URL that is no page. The "
    "site itself says that the old URL is still in use. A link to a temporary redirect is right as it is and not told.",
    fix="Write the final URL into the link; the fix list names every page and link.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: update internal links to the new URLs",
        ),
        rfc(9110, "15.4.2"),
    ),
    since="0.1",
    find=find,
)
