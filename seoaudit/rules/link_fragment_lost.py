"""A link to a place on a page whose redirect names another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.linked import LINK_ELEMENTS, linked
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


FRAGMENT = r"(?s)#(.*)$"


def find(facts: Facts) -> pd.DataFrame:
    """One row a linked URL; the last fragment that the chain's redirects name is the one that holds."""
    named = facts.hops[facts.hops["location_url"].str.contains("#.", regex=True).fillna(value=False)]
    held = named.sort_values("position").groupby("requested_url")["location_url"].last()
    rows = linked(facts, LINK_ELEMENTS)
    rows = rows.assign(place=rows["url"].map(held).astype(rows["url"].dtype).str.extract(FRAGMENT, expand=False))
    wanted = rows["href"].str.extract(FRAGMENT, expand=False).fillna("")
    rows = rows[rows["in_scope"] & rows["place"].notna() & (rows["fragments"] > 0) & (wanted != rows["place"])]
    return rows[["url"]].assign(
        detail=say(
            rows,
            "{fragments} to a place on this page, {example}, but its redirect names #{place} instead.",
            fragments=count_of(rows["fragments"], "link"),
        ),
        fix=say(rows, "Leave #{place} out of the Location of {url}, or link to {final_url} and the place there."),
    )


RULE = Rule(
    title="Place on the page lost on the way",
    family="Links to redirects",
    severity="low",
    why="A browser carries the link's fragment over to the target only if the redirect has none of its own. Here it has one, so readers "
    "land at another place than the link names.",
    fix="Leave the fragment out of the Location, or link to the final URL directly.",
    references=(
        rfc(9110, "10.2.2"),
        whatwg("fetch", "#concept-response-location-url", "location URL: the request's fragment is inherited"),
    ),
    since="0.1",
    find=find,
)
