"""A URL that does not answer as its entry in `[[expected]]` of seoaudit.toml says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.contracts import in_state
from seoaudit.classify.evidence import say
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    rows = in_state(facts.contracts, "broken")
    return rows[["url", "detail"]].assign(
        fix=say(rows, "Answer {url} with {code} and Location: {target}, or mend its entry in seoaudit.toml."),
        group=say(rows, "the expected redirects of {source}"),
    )


RULE = Rule(
    title="Redirect that is not as expected",
    family="Contracts",
    severity="high",
    why="seoaudit.toml names this redirect as one that is meant, with its code and target. It answers otherwise now: somebody "
    "changed a rule on the server, or a deployment lost it. What relied on it, from printed addresses to campaigns, is served wrongly.",
    fix="Restore the redirect on the server, or change the entry if the new answer is what is meant.",
    references=(rfc(9110, "15.4"),),
    since="0.1",
    find=find,
    always_counts=True,
)
