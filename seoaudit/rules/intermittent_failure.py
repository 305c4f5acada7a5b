"""A redirect that failed or looped at first and ended well when it was walked a second time.

A loop that cookies open is `cookie-dependent-loop`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.entries import entries, loops, recovered
from seoaudit.classify.evidence import drawn, say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a chain, where it is met."""
    chains = entries(facts)
    failed = chains[chains["outcome"] != "loop"].merge(recovered(facts), on="final_url")
    circles = loops(facts)
    opened = circles[(circles["second_walk"] == "ok") & circles["cookie_names"].isna()]
    rows = pd.concat([failed, opened], ignore_index=True)
    cookies = say(rows, ", with the cookies it was given ({cookie_names})").where(rows["cookie_names"].notna(), "")
    return rows[["url"]].assign(
        detail=say(
            rows,
            "At first: {chain}; minutes later it ended at {walked_to}{cookies}.",
            chain=drawn(rows),
            cookies=cookies,
        ),
        fix=say(
            rows,
            "Find out why {final_url} answers differently each time (load, several servers, cookies), and make {url} lead to one answer.",
        ),
        group=say(rows, "answers that change at {final_url}"),
    )


RULE = Rule(
    title="Redirect that works only at times",
    family="Targets",
    severity="medium",
    why="Whether a visitor or a search engine arrives is luck. It may have been one bad moment, hence medium; where it repeats, "
    "look for two servers with different rules, or for a limit that the server sets.",
    fix="Compare the servers behind the load balancer, and look at the error log of the time of the audit.",
    references=(rfc(9110, "15.6.4"), rfc(9110, "15.4")),
    since="0.1",
    find=find,
    always_counts=True,
    inferred="Two answers minutes apart differed; which of them is the usual one is not known.",
)
