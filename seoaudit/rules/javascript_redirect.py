"""A page whose inline script assigns `location` when it loads; read from the source, not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import moved
from seoaudit.classify.evidence import say
from seoaudit.classify.probes import met
from seoaudit.rules import Rule, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    moves = moved(facts)
    rows = moves[moves["in_scope"] & met(moves) & (moves["mechanism"] == "javascript")]
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status}, and a script in it sends the browser to {location_url}."),
        fix=say(
            rows,
            "Answer {url} with 301 and Location: {location_url} (302 if the move is temporary), and drop the script.",
        ),
    )


RULE = Rule(
    title="Page that moves on by JavaScript",
    family="Client-side redirects",
    severity="medium",
    why="The move works only where scripts run: not for many crawlers, link previews and feed readers, and later "
    "for everybody else, since the page has to load first. Google follows it when it has rendered the page, "
    "and warns that rendering may fail, in which case the redirect is never seen.",
    fix="Answer with 301 (or 302) and a Location instead of the page.",
    references=(
        search_central(
            "crawling-indexing/301-redirects",
            "Redirects and Google Search: JavaScript redirects only where nothing else is possible",
        ),
        whatwg("html", "nav-history-apis.html#dom-location-href", "Location: href"),
    ),
    since="0.1",
    find=find,
    inferred="The script was read, not run: that it moves every visitor is inferred from an assignment to location "
    "outside any condition.",
)
