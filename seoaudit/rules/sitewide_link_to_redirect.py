"""A link to a permanent redirect that stands on a large share of all pages, so that one template holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.linked import LINK_ELEMENTS, linked, sitewide
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a linked URL, of any kind of change; the shares are of the pages that the audit read."""
    rows = linked(facts, LINK_ELEMENTS)
    rows = rows[rows["in_scope"] & rows["replace_with"].notna() & rows["outcome"].isin(["ok", "external"])]
    rows = rows[sitewide(facts, rows)]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "{sources} of {all} pages link here, {example}, but it answers {status} and moves on to {replace_with}.",
            all=str(facts.page_count),
        ),
        fix=say(rows, "In the template (menu, header or footer), link to {replace_with} instead of {url}."),
    )


RULE = Rule(
    title="Link to a redirect on most pages",
    family="Links to redirects",
    severity="medium",
    why="Menus and footers are followed most, so the extra request is paid most here; and one edit of a template mends all pages at once.",
    fix="Change the link in the template.",
    references=(
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: update internal links to the new URLs",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the link stands in a template is inferred from the number of pages that have it.",
)
