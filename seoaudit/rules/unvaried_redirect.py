"""A redirect that depends on language or user agent and does not say so in Vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.variance import unvaried
from seoaudit.rules import Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL and kind of difference; low where no cache may keep the answer."""
    rows = unvaried(facts)
    field = rows["kind"].map({"language": "Accept-Language", "user agent": "User-Agent"}).astype("str")
    kept = (
        rows["stored"]
        .map({True: "shared caches may keep it", False: "no shared cache keeps it as it is"})
        .astype("str")
    )
    return rows[["url"]].assign(
        severity=rows["stored"].map({True: "high", False: "low"}).astype("str"),
        detail=say(
            rows,
            "Depending on the {kind} it answers {example} or {other}, without Vary: {field}; {kept} ({says}).",
            field=field,
            kept=kept,
        ),
        fix=say(rows, "Send Vary: {field} on {url}, or Cache-Control: private.", field=field),
    )


RULE = Rule(
    title="Redirect that varies without Vary",
    family="Caching",
    severity="high",
    why="A cache that was not told hands the answer for one visitor to the next: Germans come to the French page, "
    "or people to what was meant for a crawler. High where shared caches may keep the answer; else low, for "
    "it needs one header more to become so.",
    fix="Send Vary with the name of the request field that decides, or Cache-Control: private.",
    references=(rfc(9111, "4.1"), rfc(9110, "12.5.5"), rfc(9110, "15.1")),
    since="0.1",
    find=find,
)
