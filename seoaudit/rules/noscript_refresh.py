"""A refresh inside <noscript>.

It moves only clients without scripts; silent where the page moves on for everybody, which has a finding of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import pages
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a page."""
    rows = pages(facts)
    rows = rows[rows["noscript_refresh_url"].notna() & (rows["noscript_refresh_url"] != rows["url"])]
    return rows[["url"]].assign(
        detail=say(rows, "Clients without scripts are sent to {noscript_refresh_url} by a refresh inside noscript."),
        fix=say(
            rows,
            "Check that search engines may index {noscript_refresh_url} only if you want them to; a page that "
            "works without scripts needs no refresh in {url}.",
        ),
        group="refresh inside noscript",
    )


RULE = Rule(
    title="Refresh for visitors without scripts",
    family="Client-side redirects",
    severity="info",
    why="Browsers with scripts stay on the page; crawlers and browsers without them go elsewhere. That is often "
    "meant (a notice to turn scripts on), so it is information and not a fault; but a crawler that does not "
    "run scripts sees the notice in place of every page.",
    fix="Show the notice inside the page, or serve a page that works without scripts.",
    references=(
        whatwg("html", "semantics.html#shared-declarative-refresh-steps", "shared declarative refresh steps"),
        whatwg("html", "scripting.html#the-noscript-element", "the noscript element"),
    ),
    since="0.1",
    find=find,
    inferred="What a search engine does with it is inferred: Google renders with scripts, others may not.",
)
