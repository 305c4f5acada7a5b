"""A host that answers over https and not at all over http."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.entry_points import entry_points
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

SILENT = ["connect", "timeout", "reset"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a host."""
    entries = entry_points(facts)
    answering = entries.loc[(entries["scheme"] == "https") & entries["status"].notna(), "host"]
    silent = (entries["scheme"] == "http") & entries["error"].isin(SILENT) & entries["status"].isna()
    rows = entries[silent & entries["host"].isin(answering)]
    return rows[["url"]].assign(
        detail=say(rows, "{host} answers over https, but over http there is no answer ({error})."),
        fix=say(rows, "Open port 80 on {host} and answer every request there with 301 to the same path on https."),
    )


RULE = Rule(
    title="No answer over plain HTTP",
    family="HTTPS and hosts",
    severity="low",
    why="Whoever types the name without https, or follows an old http link, may wait for an answer that never "
    "comes; browsers that try https first hide it for most. Low, because nothing travels in clear, and the "
    "HSTS preload list puts up with it.",
    fix="Let port 80 redirect to https and do nothing else, or leave it closed knowingly.",
    references=(
        rfc(6797, "7.2"),
        Reference(
            source="HSTS preload list, submission requirements (redirect from HTTP if port 80 is open)",
            url="https://hstspreload.org/#submission-requirements",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
)
