"""A status from 300 to 399 that no browser follows; a redirect status without a target is `missing-location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.records import REDIRECT_STATUSES
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


MEANING = {
    300: "a choice of several pages",
    304: "unchanged, though nothing was stored",
    305: "use a proxy",
    306: "no longer used",
}


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    answers = facts.responses
    status = answers["status"].fillna(0)
    rows = answers[answers["in_scope"] & status.between(300, 399) & ~status.isin(REDIRECT_STATUSES)]
    meaning = rows["status"].map(MEANING).fillna("no status that HTTP knows").astype("str")
    target = say(rows, " and names {location}").where(rows["location"].notna(), " without naming a target")
    return rows[["url"]].assign(
        detail=say(
            rows, "It answers {status} ({meaning}){target}; no browser follows that.", meaning=meaning, target=target
        ),
        fix=say(rows, "Answer {url} with 301 to {location}, or with 200 and a page.").where(
            rows["location"].notna(),
            say(rows, "Answer {url} with 200 and a page, or with 301 and the address it moved to."),
        ),
    )


RULE = Rule(
    title="3xx status that no browser follows",
    family="Type and permanence",
    severity="low",
    why="Only 301, 302, 303, 307 and 308 are redirects for a browser. Behind any other 3xx the visitor stays on an empty page, "
    "even if a target is named. Low because such answers are rare and seldom linked.",
    fix="Use 301, 302, 307 or 308 with a Location, or answer 200.",
    references=(whatwg("fetch", "#redirect-status", "redirect status"), rfc(9110, "15.4")),
    since="0.1",
    find=find,
)
