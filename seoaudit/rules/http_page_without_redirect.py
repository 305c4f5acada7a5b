"""An http page that answers 200 although its host answers https.

A page that moves on by refresh or script is told under client-side redirects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import answers_on_https, authority, is_http, over_https, pages
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an http page; the pages of one host share a group."""
    rows = pages(facts)
    rows = rows[is_http(rows["url"])]
    rows = rows[answers_on_https(facts, rows["url"])]
    host = authority(rows["url"])
    return rows[["url"]].assign(
        detail=say(rows, "It answers 200 over plain HTTP, although {host} answers over HTTPS.", host=host),
        fix=say(
            rows,
            "Answer {url} with 301 and Location: {over_https}, and every http URL of {host} alike.",
            over_https=over_https(rows["url"]),
            host=host,
        ),
        group=say(rows, "http pages on {host} without a redirect to https", host=host),
    )


RULE = Rule(
    title="HTTP page without redirect to HTTPS",
    family="HTTPS and hosts",
    severity="critical",
    why="Anybody between visitor and server can read and change the page, browsers mark it as not secure, and it "
    "exists a second time under https, so links and search signals are split. Critical, because it "
    "is the visitors' protection that is missing, and one rule on the server brings it for every page.",
    fix="Redirect every http URL to the same path on https with 301, or 308 where forms or APIs are posted to.",
    references=(
        rfc(6797, "7.2"),
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        rfc(9110, "4.2.2"),
    ),
    since="0.1",
    find=find,
)
