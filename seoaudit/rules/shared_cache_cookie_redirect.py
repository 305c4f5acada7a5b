"""A redirect that sets a cookie and that shared caches may store by an explicit lifetime or `public`.

Vary: Cookie does not help those who come without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.caching import with_freshness
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    moves = facts.redirects[facts.redirects["in_scope"] & (facts.redirects["mechanism"] == "location")]
    rows = with_freshness(moves[moves["set_cookie_names"].notna()])
    public = rows["storable"] & ~rows["private"] & rows["cache_control"].str.contains(r"(?i)(?:^|,)\s*public\s*(?:,|$)")
    shared = (rows["shared_lifetime_s"] > 0).fillna(value=False) & rows["explicit"]
    rows = rows[shared | (public & rows["shared_lifetime_s"].isna())]
    return rows[["url"]].assign(
        detail=say(rows, "It sets cookies ({set_cookie_names}) and lets shared caches store the answer ({says})."),
        fix=say(rows, "Send Cache-Control: private on {url}, or set no cookie there."),
    )


RULE = Rule(
    title="Stored redirect that sets a cookie",
    family="Caching",
    severity="high",
    why="Storing an answer stores its cookies too: a proxy or CDN may hand the cookie of one visitor to the next "
    "ones, and with it a session, a basket or a language. A Set-Cookie does not keep a cache from storing. "
    "Many caches refuse all the same, but the header invites them: high.",
    fix="Send Cache-Control: private with answers that set cookies, or set the cookie later.",
    references=(
        rfc(9111, "7.3"),
        rfc(9111, "3"),
    ),
    since="0.1",
    find=find,
    inferred="What the cookie holds is not known, only its name; one request without cookies was made.",
)
