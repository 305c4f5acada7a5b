"""A host that answers over http and not over https.

Where something redirects there it is `redirect-to-unreachable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import among
from seoaudit.classify.entry_points import entry_points
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host; a name that does not exist at all is no fault."""
    entries = entry_points(facts)
    answering = entries.loc[(entries["scheme"] == "http") & entries["status"].notna(), "host"]
    failing = entries["status"].isna() & entries["error"].notna() & ~entries["error"].isin(["robots", "dns"])
    rows = entries[failing & (entries["scheme"] == "https") & entries["host"].isin(answering)]
    rows = rows[~among(rows["url"], facts.chains["final_url"])]
    return rows[["url"]].assign(
        detail=say(rows, "{host} answers over http, but not over https ({error})."),
        fix=say(rows, "Give {host} a certificate of its own and redirect every path of it to the site's main host."),
    )


RULE = Rule(
    title="Name of the site that fails over HTTPS",
    family="HTTPS and hosts",
    severity="medium",
    why="Browsers ask https first, and a link written with this name stops at a warning or at no page at all. The "
    "redirect that the http side has does not help those visitors: they never come to it. Usual cause: the "
    "certificate does not name this host.",
    fix="Put every name of the site into the certificate, also those that only redirect.",
    references=(rfc(9110, "4.3.4"), rfc(9110, "4.2.2")),
    since="0.1",
    find=find,
)
