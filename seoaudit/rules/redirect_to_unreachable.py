"""A redirect whose end gave no answer at all, twice.

Hosts that only their own network reaches are `redirect-to-internal-host`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import another_site, no_outside_name
from seoaudit.classify.blame import SAME_HOST, blame_group, blamed, mend
from seoaudit.classify.entries import bare, entries, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.internal_hosts import misdirected
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


HAPPENED = {
    "dns": "the host has no address",
    "connect": "nobody answers at that host and port",
    "tls": "no secure connection comes about (certificate or handshake)",
    "timeout": "no answer came in time",
    "reset": "the connection broke off",
    "malformed": "what came is no HTTP answer",
    "invalid-url": "the address cannot be asked",
}
SOLD = " If nobody holds the name, it could be registered by somebody else, who would then receive the visitors."
OFFLINE = (
    " No name outside the site resolved in this audit: the likely reason is the network it ran in, not the redirect."
)


CHANGE = "Point {wrong_url} at a page that answers; at {final_url}, {happened}."
KEEP = "The redirect is right: mend the server of {final_url}, where {happened}."
ELSEWHERE = "Audit again where names outside the site resolve, and see whether {final_url} answers."


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    silent = chains["final_error"].isin([*HAPPENED]) & chains["final_status"].isna()
    silent &= ~chains["outcome"].isin(["loop", "too-many"])
    rows = chains[silent & ~chains["final_url"].isin(recovered(facts)["final_url"])]
    rows = rows[~rows["final_url"].isin(bare(misdirected(facts)["location_url"]))]
    rows = blamed(facts, rows.assign(happened=rows["final_error"].map(HAPPENED)), SAME_HOST)
    outside = rows["outcome"] == "external"
    offline = outside & no_outside_name(facts)
    could_be_sold = outside & (rows["final_error"] == "dns") & another_site(rows["url"], rows["final_url"]) & ~offline
    return rows[["url"]].assign(
        severity=offline.map({True: "info", False: "high"}).astype("str"),
        detail=say(rows, "It leads nowhere, {happened}: {chain}.", chain=drawn(rows))
        + could_be_sold.map({True: SOLD, False: ""}).astype("str")
        + offline.map({True: OFFLINE, False: ""}).astype("str"),
        fix=mend(rows, CHANGE, KEEP).mask(offline, say(rows, ELSEWHERE)),
        group=blame_group(rows, say(rows, "redirects that end at {final_url} ({final_error})")),
    )


RULE = Rule(
    title="Redirect to a server that does not answer",
    family="Targets",
    severity="high",
    why="The visitor sees the browser's own error page. Where no outside name at all resolved, the auditor's own network is the "
    "likely reason, and nothing is said against the site: info.",
    fix="Redirect to a page that answers; mend name, certificate or server if it is your own.",
    references=(rfc(9110, "15.4"), rfc(9110, "4.3.4")),
    since="0.1",
    find=find,
    always_counts=True,
)
