"""An https page that links to an http address of its own site which does not redirect, or only for now.

A link to one that redirects permanently is `link-to-redirect`, and http files inside pages are `mixed-content`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import http_mentions, moved, on_site
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.classify.linked import LINK_ELEMENTS
from seoaudit.records import FORM_ELEMENTS
from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

LINKS = LINK_ELEMENTS - {"iframe", "frame"}


def find(facts: Facts) -> pd.DataFrame:
    """One row an http target; a form that sends data there is high."""
    moves = moved(facts)
    told = moves.loc[(moves["permanence"] == "permanent") | (moves["outcome"] != "ok"), "url"]
    rows = http_mentions(facts, FORM_ELEMENTS, LINKS)
    rows = rows[on_site(facts, rows["url"]) & ~among(rows["url"], told)]
    kind = rows["grave"].map({True: "a form", False: "a link"})
    return rows[["url"]].assign(
        severity=rows["grave"].map({True: "high", False: "medium"}).astype("str"),
        detail=say(
            rows, "HTTPS pages that lead here over HTTP: {https_sources}, by {kind}, such as {source}.", kind=kind
        ),
        fix=say(rows, "In {source}, write {secure} in place of {url}."),
    )


RULE = Rule(
    title="HTTP link on an HTTPS page",
    family="HTTPS and hosts",
    severity="medium",
    why="The page itself sends its visitors out of HTTPS: the next page travels in plain text, browsers warn, and "
    "the site tells search engines that its http address is in use. A form that does so sends what was typed "
    "in plain text (high).",
    fix="Write https into the links, or a path without scheme and host.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        rfc(9110, "4.2.2"),
        whatwg("html", "form-control-infrastructure.html#attr-fs-action", "the action of a form"),
    ),
    since="0.1",
    find=find,
)
