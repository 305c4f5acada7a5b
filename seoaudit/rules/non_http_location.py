"""A Location whose scheme no client follows from a redirect (javascript:, data:, ftp:, an app's own)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    rows = faulty_locations(facts, "not-http")
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} with Location: {location}."),
        fix=say(
            rows,
            "Send an https address as the Location of {url}; to open an app or a mail program, answer with a page "
            "that links to it.",
        ),
    )


RULE = Rule(
    title="Redirect to something that is not a web address",
    family="Location syntax",
    severity="high",
    why="A redirect that leaves http and https is a network error by the standard: search engines, scripts and "
    "most browsers stop here. A javascript: or data: target also hints at a parameter that anybody may fill.",
    fix="Redirect to an https address only.",
    references=(
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch: a target that is not HTTP(S) is a network error"),
        rfc(9110, "10.2.2"),
    ),
    since="0.1",
    find=find,
)
