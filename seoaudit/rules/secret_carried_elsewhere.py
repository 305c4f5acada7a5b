"""A redirect to another site whose target carries a token, key or password.

Session ids and user names in a target are `secret-in-location`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import say
from seoaudit.classify.parameters import carried_secrets
from seoaudit.rules import Reference, Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL, in the group of the host that gets it; the value is left out of the sentence."""
    rows = carried_secrets(facts)
    host = authority(rows["location_url"])
    return rows[["url"]].assign(
        detail=say(rows, "It sends to {host} with a value for the parameter {parameter}.", host=host),
        fix=say(
            rows,
            "Take {parameter} out of the target of {url}; hand it over in the body of a request between servers.",
            host=host,
        ),
        group=say(rows, "{parameter} handed to {host}", host=host),
    )


RULE = Rule(
    title="Token or key handed to another site",
    family="Security and variance",
    severity="medium",
    why="What stands in an address lies in histories, logs and the Referer of the next page, here those of "
    "somebody else. Browsers take the Authorization header away when a redirect changes the origin; a secret "
    "in the address goes along all the same.",
    fix="Give other sites codes that work once and soon end, and hand over the rest between servers.",
    references=(
        rfc(9110, "17.9"),
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"),
        Reference(
            source="RFC 9700, section 4.2: credential leakage by Referer",
            url="https://www.rfc-editor.org/rfc/rfc9700#section-4.2",
            date="2025-01",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the parameter holds a secret is inferred from its name.",
)
