"""A redirect from https to http.

Chains that only pass through it later are `chain-through-http`, in the same group; in a circle it is `redirect-loop`, and
towards a host or port of the inner network `redirect-to-internal-host` or `redirect-to-odd-port`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, is_https, over_https
from seoaudit.classify.evidence import say
from seoaudit.classify.internal_hosts import misdirected
from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirect; towards another site it is medium, for that site may have no https."""
    rows = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["outcome"] != "loop")]
    rows = rows[is_https(rows["url"]) & is_http(rows["location_url"]) & ~rows["url"].isin(misdirected(facts)["url"])]
    return rows[["url"]].assign(
        severity=(rows["change"] == "site").map({True: "medium", False: "critical"}).astype("str"),
        detail=say(rows, "It redirects from HTTPS to {location_url}, which is plain HTTP."),
        fix=say(
            rows,
            "Redirect {url} to {over_https}, or wherever that page lies on https.",
            over_https=over_https(rows["location_url"]),
        ),
    )


RULE = Rule(
    title="Redirect from HTTPS to HTTP",
    family="HTTPS and hosts",
    severity="critical",
    why="The visitor asked for a protected page and is sent to an unprotected one that anybody on the way can "
    "read and change. Google prefers the https page as canonical unless it redirects to or through http, so "
    "the secure address can lose its place. Usual cause: a proxy ends TLS and the application behind it "
    "writes http into its redirects. Critical on the site itself; medium towards another site.",
    fix="Write https into the target; behind a proxy, pass X-Forwarded-Proto on and let the application trust it.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"),
        rfc(6797, "7.2"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
