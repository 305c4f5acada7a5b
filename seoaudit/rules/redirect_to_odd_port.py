"""A redirect to another port of the same host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.internal_hosts import misdirected
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL, in the group of the port."""
    rows = misdirected(facts)
    rows = rows[rows["fault"] == "port"]
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} and sends to port {port}: {location_url}."),
        fix=say(
            rows, "Leave :{port} out of the Location of {url} (nginx port_in_redirect off; pass X-Forwarded-Port)."
        ),
        group=say(rows, "redirects to {host}:{port}"),
    )


RULE = Rule(
    title="Redirect to another port",
    family="Targets",
    severity="high",
    why="The port behind the proxy shows through. Firewalls seldom let the public in there, so visitors wait in vain; where they do, "
    "search engines see a second site.",
    fix="Let the server redirect without host and port, or tell it its public port.",
    references=(
        rfc(9110, "4.2"),
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: one page under several addresses",
        ),
    ),
    since="0.1",
    find=find,
)
