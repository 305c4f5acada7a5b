"""A link of the site to a page of another site that redirects permanently and still works.

Known only where the audit asks outside links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS, linked
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a linked URL."""
    rows = linked(facts, LINK_ELEMENTS)
    good = rows["final_status"].between(200, 299) & rows["outcome"].isin(["ok", "external"])
    rows = rows[~rows["in_scope"].fillna(value=True) & rows["replace_with"].notna() & good]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "{mentions} on {sources} to this page of another site, {example}, which moved to {replace_with}.",
            mentions=count_of(rows["mentions"], "link"),
            sources=count_of(rows["sources"], "page"),
        ),
        fix=say(rows, "Link to {replace_with} instead of {url}."),
    )


RULE = Rule(
    title="Link to another site's redirect",
    family="Links to redirects",
    severity="low",
    why="It works today. Old addresses are what a site gives up first, so these are the links that break next.",
    fix="Write the new address into the link.",
    references=(rfc(9110, "15.4.2"),),
    since="0.1",
    find=find,
)
