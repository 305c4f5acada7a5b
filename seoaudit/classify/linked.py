"""Redirects that pages link to or load: how often, from where, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify import frames
from seoaudit.classify.fixes import replacements

if TYPE_CHECKING:
    from collections.abc import Collection

    from seoaudit.classify.facts import Facts

LINK_ELEMENTS = frozenset({"a", "area", "iframe", "frame", "next", "prev", "amphtml"})
"""Mentions that somebody edits as a link to a page; canonical, hreflang and sitemap say something else."""

MIN_SITEWIDE = 5
"""On fewer pages than this a link proves no template."""

_OWN = ["url", "in_scope", "status", "mechanism", "location_url", "change", "final_url", "final_status", "outcome"]


def linked(facts: Facts, elements: Collection[str]) -> pd.DataFrame:
    """Redirects that these elements mention, with the sums of `Facts.inlinks` over the elements.

    Of the redirect: `url`, `in_scope`, `status`, `mechanism`, `location_url`, `change`, `final_url`, `final_status`,
    `outcome`; `replace_with` as the list of links to edit has it (missing where the link is right as it is, or nothing
    living is known). Of the mentions: `mentions`, `fragments`, `sources` (of the element on the most pages), one example
    (`source`, `text`, `href`), and the same in words: `example`.
    """
    rows = facts.inlinks[facts.inlinks["element"].isin(elements)].sort_values("sources", ascending=False, kind="stable")
    sums = {
        "mentions": "sum",
        "sources": "max",
        "fragments": "sum",
        "source": "first",
        "text": "first",
        "href": "first",
    }
    targets = rows.groupby("target", sort=False).agg(sums).reset_index()
    redirects = facts.redirects[_OWN].drop_duplicates("url").merge(targets, left_on="url", right_on="target")
    found = redirects.merge(replacements(facts)[["target", "replace_with"]], on="target", how="left")
    examples = [_example(*row) for row in zip(found["source"], found["text"], strict=True)]
    return found.assign(example=pd.Series(examples, dtype=frames.TEXT))


def _example(source: str, text: str) -> str:
    words = f" (“{text}”)" if isinstance(text, str) and text else ""
    return f"for example on {source}{words}" if isinstance(source, str) else "named by no page of the site"


def sitewide(facts: Facts, links: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `linked` stand on so many pages that one template must hold them."""
    return links["sources"] >= max(MIN_SITEWIDE, facts.thresholds.sitewide_share * facts.page_count)
