"""A Strict-Transport-Security field that browsers ignore, that switches HSTS off, or that comes more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.hsts import own_hosts
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host; low where the policy works all the same."""
    rows = own_hosts(facts)
    off = (rows["max_age"] == 0).fillna(value=False)
    rows = rows[off | rows["problem"].notna()]
    works = (rows["max_age"] > 0).fillna(value=False)
    ignored = rows["max_age"].isna()
    said = say(rows, "{host} sends “{hsts}”: ")
    what = rows["problem"].fillna("").mask(ignored, rows["problem"] + ", so browsers ignore it")
    zero = "max-age=0 tells browsers to forget the policy"
    what = what.mask((rows["max_age"] == 0).fillna(value=False), zero)
    return rows.assign(
        url=rows["hsts_url"], severity=works.map({True: "low", False: "medium"}), detail=said + what + "."
    )[["url", "severity", "detail"]]


RULE = Rule(
    title="HSTS policy off or ignored",
    family="HSTS policy",
    severity="medium",
    why="A browser ignores the whole field where one directive is malformed, missing or doubled, and max-age=0 removes the policy it had. "
    "Somebody meant visitors to be protected, and they are not: medium. Of several fields the first counts, often not the one that was "
    "meant; where it works, that is low. max-age=0 is right for a while where a site gives HSTS up.",
    fix="Send one field with one max-age, such as Strict-Transport-Security: max-age=31536000, from one place of the configuration.",
    references=(rfc(6797, "6.1"), rfc(6797, "6.1.1"), rfc(6797, "8.1")),
    since="0.1",
    find=find,
)
