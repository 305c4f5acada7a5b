"""A redirect whose end answered in the last finished run and fails now; an end that came back is `intermittent-failure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entries import among, entries, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.classify.standing import earlier_answers
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    answers = earlier_answers(facts)
    good = answers[answers["mechanism"].isna() & (answers["status"] < 300)].set_index("url")["status"]
    chains = entries(facts)
    chains = chains[chains["dead"] & ~among(chains["final_url"], recovered(facts)["final_url"])]
    rows = chains.assign(was=chains["final_url"].map(good))
    rows = rows[rows["was"].notna()]
    if rows.empty or facts.earlier_at is None:
        return rows[["url"]].assign(detail="")
    now = say(rows, "answers {final_status}").where(
        rows["final_status"].notna(), say(rows, "gives no answer ({final_error})")
    )
    return rows[["url"]].assign(
        detail=say(
            rows,
            "Its target {final_url} answered {was} in the run of {day} and {now} now: {chain}.",
            day=f"{facts.earlier_at:%Y-%m-%d}",
            now=now,
            chain=drawn(rows),
        ),
        fix=say(rows, "Bring back {final_url}, or point {url} at the page that replaces it."),
        group=say(rows, "redirects that end at {final_url}").where(rows["final_url"].duplicated(keep=False)),
    )


RULE = Rule(
    title="Redirect target that broke since the last run",
    family="Targets",
    severity="high",
    why="The redirect led to a page a run ago and leads to an error now: a release or a removed page broke it, and everybody who "
    "follows the old URL is lost. It is freshest, and easiest to mend, right after it happened.",
    fix="Bring the target back, or point the redirect at what replaces it.",
    references=(
        rfc(9110, "15.5.5"),
        search_central(
            "crawling-indexing/site-move-with-url-changes",
            "Site moves with URL changes: old URLs lead to their replacement",
        ),
    ),
    since="0.1",
    find=find,
)
