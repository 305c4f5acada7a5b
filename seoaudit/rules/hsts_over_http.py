"""Strict-Transport-Security in answers over plain HTTP, where browsers ignore it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.hsts import hosts
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host."""
    rows = hosts(facts)
    rows = rows[rows["in_scope"].fillna(value=False) & (rows["sent_over_http"] > 0)]
    count = count_of(rows["sent_over_http"], "answer")
    only = (rows["https_answers"] > 0) & rows["hsts"].isna()
    said = say(rows, "{host} sends Strict-Transport-Security over plain HTTP, in {count}", count=count)
    return rows.assign(
        url=rows["sent_over_http_url"], detail=said + only.map({True: ", and never over https.", False: "."})
    )[["url", "detail"]]


RULE = Rule(
    title="HSTS sent over plain HTTP",
    family="HSTS policy",
    severity="low",
    why="Anybody on the way could have written it, so a host must not send it there and browsers must ignore it. It does no harm, hence "
    "low, but it often shows that the header stands in the wrong part of the configuration.",
    fix="Send the header from the part of the configuration that answers https only.",
    references=(rfc(6797, "7.2"), rfc(6797, "8.1")),
    since="0.1",
    find=find,
)
