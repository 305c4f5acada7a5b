"""A redirect answered over plain http that sets a cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import is_http, moved
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an http URL; only the cookies' names are known."""
    moves = moved(facts)
    rows = moves[moves["in_scope"] & is_http(moves["url"]) & moves["set_cookie_names"].notna()]
    return rows[["url"]].assign(
        detail=say(rows, "Its redirect sets cookies over plain HTTP: {set_cookie_names}."),
        fix=say(rows, "Set no cookie on {url}; set it on the https answer, marked Secure."),
    )


RULE = Rule(
    title="Cookie set by an HTTP redirect",
    family="HTTPS and hosts",
    severity="low",
    why="The cookie crosses the network in plain text, to be read or replaced on the way, and browsers refuse one "
    "marked Secure here. It gives nothing: the redirect's target can set it safely. Low, because a single "
    "cookie name does not say that it guards anything.",
    fix="Set cookies only on https answers, marked Secure; let the http host do nothing but redirect.",
    references=(
        Reference(
            source="RFC 6265, section 8.3", url="https://www.rfc-editor.org/rfc/rfc6265#section-8.3", date="2011-04"
        ),
        rfc(6797, "7.2"),
    ),
    since="0.1",
    find=find,
    always_counts=True,
)
