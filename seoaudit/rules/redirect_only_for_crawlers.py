"""A URL that sends Googlebot elsewhere and shows people a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import say
from seoaudit.classify.variance import by_user_agent
from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL, in the group of its host."""
    rows = by_user_agent(facts)
    rows = rows[rows["only_bot"]]
    return rows[["url"]].assign(
        detail=say(rows, "Googlebot is answered {answer_bot}, a browser {answer_browser}."),
        fix=say(rows, "Find what tests the User-Agent on {url} (server rules, plugins, the CDN), and remove it."),
        group=say(rows, "redirects of {host} for search engines only", host=authority(rows["url"])),
    )


RULE = Rule(
    title="Redirect only for search engines",
    family="Security and variance",
    severity="high",
    why="This is how a hacked site looks: search engines are led to somebody else's pages, and the owner, who "
    "comes with a browser, sees nothing. Google treats it as a sneaky redirect and may remove the page.",
    fix="Look for changed files and foreign rules first; then answer everybody alike.",
    references=(
        search_central("essentials/spam-policies", "Spam policies: sneaky redirects, cloaking"),
        search_central("monitor-debug/security/hacked", "Hacked sites"),
    ),
    since="0.1",
    find=find,
    inferred="The audit said in its User-Agent that it was Googlebot, from an address that is not Google's; servers "
    "that check the address treat it as somebody else.",
)
