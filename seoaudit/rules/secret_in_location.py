"""Credentials, a session id or an e-mail address in a Location.

Told beside any fault of syntax, for its mend is another; not where the audit asked a page, secret and all, over http.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

SECRETS = {"credentials": "a user name or password", "session-id": "a session id", "email": "an e-mail address"}


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL; the value itself is left out of the sentence, so that the report does not spread it."""
    rows = faulty_locations(facts, *SECRETS)
    rows = rows[~among(rows["url"], facts.responses.loc[facts.responses["probe"] == "scheme", "url"])]
    kind = rows["fault"].map(SECRETS).astype("str")
    return rows[["url"]].assign(
        severity=rows["fault"].map({"credentials": "high", "session-id": "medium", "email": "medium"}).astype("str"),
        detail=say(rows, "Its Location carries {kind}.", kind=kind),
        fix=say(rows, "Keep {kind} out of the target of {url}: put it into a cookie, or leave it out.", kind=kind),
    )


RULE = Rule(
    title="Secret or personal data in the redirect target",
    family="Location syntax",
    severity="medium",
    why="An address is written into server logs, browser histories, analytics and the Referer sent to other "
    "sites. Whoever reads a password or session id there may use it (high for credentials); and a session id "
    "gives every visitor an address of their own, which search engines take for a new page.",
    fix="Carry sessions in cookies, and leave names, passwords and e-mail addresses out of targets.",
    references=(
        rfc(9110, "17.9"),
        rfc(9110, "4.2.4"),
        search_central("crawling-indexing/url-structure", "URL structure best practices: session ids in URLs"),
    ),
    since="0.1",
    find=find,
    inferred="What a parameter holds is inferred from its name and form.",
)
