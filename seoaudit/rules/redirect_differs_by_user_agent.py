"""A URL that answers Googlebot with another status or target than a browser.

Where only Googlebot is sent elsewhere it is `redirect-only-for-crawlers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import say
from seoaudit.classify.variance import by_user_agent
from seoaudit.rules import Rule, rfc, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL, in the group of its host."""
    rows = by_user_agent(facts)
    rows = rows[~rows["only_bot"]]
    return rows[["url"]].assign(
        detail=say(rows, "Googlebot is answered {answer_bot}, a browser {answer_browser}."),
        fix=say(rows, "Answer both alike on {url}; what tests the User-Agent there is one rule too many."),
        group=say(rows, "redirects of {host} that differ by user agent", host=authority(rows["url"])),
    )


RULE = Rule(
    title="Redirect that differs for Googlebot and browsers",
    family="Security and variance",
    severity="medium",
    why="What search engines index is then not what people come to. Mostly a rule for mobile phones or for "
    "prerendering that nobody remembers; a cache between may hand the one answer to the other.",
    fix="Answer every user agent alike; where it must differ, with the same target and Vary: User-Agent.",
    references=(
        search_central("essentials/spam-policies", "Spam policies: sneaky redirects, cloaking"),
        rfc(9110, "12.5.5"),
    ),
    since="0.1",
    find=find,
    inferred="The audit said in its User-Agent that it was Googlebot, from an address that is not Google's; servers "
    "that check the address treat it as somebody else.",
)
