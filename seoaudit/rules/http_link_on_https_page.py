"""An https page that links to an http address of its own site which does not redirect, or only for now.

A link to one that redirects permanently is `link-to-redirect`, http files inside pages are `mixed-content`, and a form is
`form-to-http`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import http_mentions, moved, on_site
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.classify.linked import LINK_ELEMENTS
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

LINKS = LINK_ELEMENTS - {"iframe", "frame"}


def find(facts: Facts) -> pd.DataFrame:
    """One row an http target."""
    moves = moved(facts)
    told = moves.loc[(moves["permanence"] == "permanent") | (moves["outcome"] != "ok"), "url"]
    rows = http_mentions(facts, [], LINKS)
    rows = rows[on_site(facts, rows["url"]) & ~among(rows["url"], told)]
    return rows[["url"]].assign(
        detail=say(rows, "HTTPS pages that link here over HTTP: {https_sources}, such as {source}."),
        fix=say(rows, "In {source}, write {secure} in place of {url}."),
    )


RULE = Rule(
    title="HTTP link on an HTTPS page",
    family="HTTPS and hosts",
    severity="medium",
    why="The page itself sends its visitors out of HTTPS: the next page travels in plain text, browsers warn, and "
    "the site tells search engines that its http address is in use.",
    fix="Write https into the links, or a path without scheme and host.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        rfc(9110, "4.2.2"),
    ),
    since="0.1",
    find=find,
)
