"""A policy with includeSubDomains while a subdomain of the run answers http and has no working https."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.hsts import hosts
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


SAYS_NOTHING = ("dns", "robots", "invalid-url", "too-large")
"""Errors that are no word about the host's HTTPS."""


def find(facts: Facts) -> pd.DataFrame:
    """One row a subdomain."""
    rows = hosts(facts)
    broken = rows["https_error"].notna() & ~rows["https_error"].isin(SAYS_NOTHING)
    rows = rows[rows["in_scope"].fillna(value=False) & rows["inherited_from"].notna() & broken]
    return rows.assign(
        url="https://" + rows["host"] + "/",
        detail=say(rows, "{inherited_from} says includeSubDomains, and {host} has no working HTTPS ({https_error})."),
        fix=say(rows, "Make {host} answer https with a valid certificate; until then drop includeSubDomains."),
    )[["url", "detail", "fix"]]


RULE = Rule(
    title="HSTS shuts out a subdomain without HTTPS",
    family="HSTS policy",
    severity="high",
    why="Whoever has visited the superdomain can no longer reach the subdomain: the browser asks https only, and lets nobody click a "
    "certificate error away. High, because to those visitors the host is gone, and neither http nor a redirect can help.",
    fix="Serve HTTPS on every subdomain before the policy includes them; max-age=0 on the superdomain undoes it for those who come back.",
    references=(rfc(6797, "8.3"), rfc(6797, "11.4.1"), rfc(6797, "8.4")),
    since="0.1",
    find=find,
)
