"""An image, script, stylesheet or other part of a page that is loaded by way of a redirect.

Ends that fail have rules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import linked
from seoaudit.records import ASSET_ELEMENTS
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an address, of the site or of another."""
    rows = linked(facts, ASSET_ELEMENTS)
    good = rows["outcome"].isin(["ok", "external"]) & (rows["final_status"].fillna(200) < 400)
    rows = rows[good & (rows["mechanism"] == "location")]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "It is part of {sources}, {example}, but answers {status} and moves on to {final_url}.",
            sources=count_of(rows["sources"], "page"),
        ),
        fix=say(rows, "Load {final_url} instead of {url}."),
    )


RULE = Rule(
    title="Part of a page loaded by way of a redirect",
    family="Links to redirects",
    severity="medium",
    why="Every page view asks twice for it. A stylesheet or a script holds the page back until the second answer is there, so the reader "
    "sees it later.",
    fix="Write the final address into the page or template.",
    references=(
        Reference(
            source="Chrome for Developers, Lighthouse: avoid multiple page redirects",
            url="https://developer.chrome.com/docs/lighthouse/performance/redirects",
            date="2026-07",
        ),
        rfc(9110, "15.4"),
    ),
    since="0.1",
    find=find,
)
