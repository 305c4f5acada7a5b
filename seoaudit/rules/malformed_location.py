"""A Location that is no URI reference; raw non-ASCII characters alone are `non-ascii-location`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

FAULTS = {
    "control-character": "with a control character in it",
    "brackets": "in brackets or quotes",
    "space": "with a space in it",
    "placeholder": "with a placeholder that a template left unfilled",
    "bad-percent": "with a percent sign that no two hex digits follow",
    "unparsable": "which is no address to any client",
}


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL, its strongest fault named."""
    rows = faulty_locations(facts, *FAULTS)
    repaired = say(rows, "Send Location: {location_url} on {url}, if that is the page you mean.")
    by_hand = say(
        rows, "Mend the rule or template that writes the Location of {url}: it must send a plain absolute address."
    )
    return rows[["url"]].assign(
        detail=say(rows, "It answers with Location: {location} ({fault}).", fault=rows["fault"].map(FAULTS)),
        fix=repaired.where(rows["fault"].isin(["space", "control-character"]) & rows["location_url"].notna(), by_hand),
    )


RULE = Rule(
    title="Malformed redirect target",
    family="Location syntax",
    severity="high",
    why="The value is not an address as the standard writes them. Browsers repair some of it, other clients and "
    "crawlers do not, so some visitors arrive, some get an error, and some a page that nobody meant.",
    fix="Percent-encode the value once, without brackets, quotes or spaces, and fill every variable of the template.",
    references=(
        rfc(9110, "10.2.2"),
        rfc(3986, "4.1"),
        whatwg("url", "#url-parsing", "URL parsing: what browsers repair, and where they fail"),
    ),
    since="0.1",
    find=find,
)
