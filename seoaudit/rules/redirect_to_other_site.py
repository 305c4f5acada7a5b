"""A redirect that leaves the site for a domain that `allowed_domains` does not name.

Ends that fail and internal hosts have rules of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.internal_hosts import misdirected
from seoaudit.classify.probes import met
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirect that leaves, in the group of the host it leads to."""
    moves = facts.redirects
    leaves = (moves["change"] == "site") & (moves["outcome"] == "external") & (moves["final_status"].fillna(200) < 400)
    rows = moves[moves["in_scope"] & met(moves) & leaves & (moves["target_error"].fillna("robots") == "robots")]
    rows = rows[~rows["url"].isin(misdirected(facts)["url"])]
    host = rows["location_url"].str.extract(r"^\w+://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)", expand=False)
    allowed = tuple(f".{domain.lower().lstrip('.')}" for domain in facts.thresholds.allowed_domains)
    rows = rows[~("." + host).str.endswith(allowed)] if allowed else rows
    return rows[["url"]].assign(
        detail=say(rows, "It leaves the site: {url} answers {status} and sends to {location_url}."),
        fix=say(
            rows,
            "If {host} is meant, add it to allowed_domains in seoaudit.toml; if not, remove the redirect of {url}.",
            host=host,
        ),
        group=say(rows, "redirects to {host}", host=host),
    )


RULE = Rule(
    title="Redirect to another site",
    family="Targets",
    severity="medium",
    why="Your visitors, and what your page had earned, go to somebody else. That may be meant; it may also be a partner that is gone, a "
    "domain that was sold, or a hacked server. Only you can tell, hence medium until the domain is named as allowed.",
    fix="Check that the domain is meant and yours or trusted, then list it under allowed_domains; else remove the redirect.",
    references=(rfc(9110, "15.4"), rfc(9110, "17.11")),
    since="0.1",
    find=find,
)
