"""A canonical whose form (host, scheme or final slash) is the one that the site's own redirects leave; silent where the canonical redirects or fails, and for https to http, which have rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.rules import Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

def find(facts: Facts) -> pd.DataFrame:
    """One row a page; a form counts only if the site's redirects never move towards it."""
    answers = facts.responses[facts.responses["in_scope"]]
    moves = facts.redirects[facts.redirects["in_scope"] & facts.redirects["change"].isin(["host", "scheme", "scheme-host", "slash"])]
    left, taken = set(_step(moves["url"], moves["location_url"])), set(_step(moves["location_url"], moves["url"]))
    told = answers.loc[answers["mechanism"].notna() | answers["error"].notna() | (answers["status"] >= 400).fillna(value=False), "url"]
    pages = answers[(answers["status"] == 200) & answers["mechanism"].isna() & answers["canonical"].notna()]
    pages = pages[(pages["canonical"] != pages["url"]) & ~pages["canonical"].isin(told)]
    pages = pages[~(pages["url"].str.startswith("https://") & pages["canonical"].str.startswith("http://"))]
    step = _step(pages["canonical"], pages["url"])
    rows, step = pages[step.isin(left - taken)], step[step.isin(left - taken)]
    return rows[["url"]].assign(
        detail="Its canonical is " + rows["canonical"] + ", but the site redirects the other way: " + step + ".",
        fix="On " + rows["url"] + ", write the page's own address as the canonical.",
        group="canonicals against the redirects, " + step,
    )


def _step(before: pd.Series[str], after: pd.Series[str]) -> pd.Series[str]:
    """Say in what form two URLs differ; missing where they differ in more than origin or final slash."""
    origin = r"^(\w+://[^/?#]*)"
    here, there = before.str.extract(origin, expand=False), after.str.extract(origin, expand=False)
    before, after = before.str.slice_replace(0, 0, " "), after.str.slice_replace(0, 0, " ")
    rest, other = before.str.replace(r"^ \w+://[^/?#]*", "", regex=True), after.str.replace(r"^ \w+://[^/?#]*", "", regex=True)
    words = (here + " to " + there).where((rest == other) & (here != there))
    words = words.where((here != there) | (rest + "/" != other), "without to with a final slash")
    return words.where((here != there) | (rest != other + "/"), "with to without a final slash")


RULE = Rule(
    title="Canonical against the site's redirects",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="The site's redirects say that one form of its addresses is right, and this canonical names the other. "
    "Search engines weigh the two against each other, page by page. The canonical does answer, so nothing is "
    "lost yet: medium.",
    fix="Write canonicals in the form to which the site redirects.",
    references=(
        search_central("crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: redirects and rel=canonical are strong signals"),
    ),
    since="0.1",
    find=find,
    inferred="That the site means the form its redirects lead to is inferred from its other URLs.",
)
