"""Answers of one host that disagree about HSTS, or hosts of the site whose max-age differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.hsts import own_hosts
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host: several values before answers without one, and those before another host's policy."""
    rows = own_hosts(facts)
    rows = rows[rows["hsts"].notna()]
    main = rows.sort_values(["https_pages", "host"], ascending=[False, True], kind="stable").head(1)
    usual = main["max_age"].iloc[0] if len(main) and main["max_age"].notna().all() else pd.NA
    where = main["host"].iloc[0] if len(main) else ""
    several = rows[rows["hsts_values"] > 1]
    gaps = rows[(rows["answers_without"] > 0) & ~rows.index.isin(several.index)]
    told = [*several.index, *gaps.index]
    apart = rows[((rows["max_age"] > 0) & (rows["max_age"] != usual)).fillna(value=False) & ~rows.index.isin(told)]
    values = say(
        several,
        "{host} sends “{hsts}”, such as on {hsts_url}, and “{other_hsts}” on {url}.",
        url=several["other_hsts_url"],
    )
    count = count_of(gaps["answers_without"], "https answer")
    missing = say(gaps, "{host} sends “{hsts}”, but not in {count}.", count=count)
    unlike = say(apart, "{host} sends “{hsts}”, and {where} max-age={usual}.", where=where, usual=str(usual))
    return pd.concat(
        [
            several[["other_hsts_url"]].set_axis(["url"], axis=1).assign(detail=values),
            gaps[["answers_without_url"]].set_axis(["url"], axis=1).assign(detail=missing),
            apart[["hsts_url"]].set_axis(["url"], axis=1).assign(detail=unlike),
        ]
    )


RULE = Rule(
    title="HSTS differs between answers",
    family="HSTS policy",
    severity="low",
    why="A browser keeps what the last answer said, so the protection depends on which page came last, and a page without the field gives "
    "none to whoever sees only that. Low: as long as one valid policy is met on the way, it works.",
    fix="Send the same field on every https answer of every host of the site, error pages and files included, from one place.",
    references=(rfc(6797, "7.1"), rfc(6797, "8.1.1")),
    since="0.1",
    find=find,
)
