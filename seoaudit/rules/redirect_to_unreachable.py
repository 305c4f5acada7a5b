"""A redirect whose end gave no answer at all, twice.

Hosts that only their own network reaches are `redirect-to-internal-host`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import bare, entries, recovered
from seoaudit.classify.evidence import drawn, say, shared_group
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


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    silent = chains["final_error"].isin([*HAPPENED]) & chains["final_status"].isna()
    silent &= ~chains["outcome"].isin(["loop", "too-many"])
    rows = chains[silent & ~chains["final_url"].isin(recovered(facts)["final_url"])]
    rows = rows[~rows["final_url"].isin(bare(misdirected(facts)["location_url"]))]
    happened = rows["final_error"].map(HAPPENED)
    return rows[["url"]].assign(
        detail=say(rows, "It leads nowhere, {happened}: {chain}.", happened=happened, chain=drawn(rows)),
        fix=say(rows, "Point {url} at a page that answers; at {final_url}, {happened}.", happened=happened),
        group=shared_group(rows["cause"], say(rows, "redirects that end at {final_url} ({final_error})")),
    )


RULE = Rule(
    title="Redirect to a server that does not answer",
    family="Targets",
    severity="high",
    why="The visitor sees the browser's own error page. A name that no longer resolves may also be bought by somebody else, who "
    "then receives your visitors.",
    fix="Redirect to a page that answers; mend name, certificate or server if it is your own.",
    references=(rfc(9110, "15.4"), rfc(9110, "4.3.4")),
    since="0.1",
    find=find,
)
