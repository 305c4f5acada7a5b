"""A form whose POST a redirect with 301 or 302 turns into a GET.

303 after a POST is right, and 302 may be meant so: such a form has no finding, or a milder one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.evidence import say
from seoaudit.classify.forms import forms, told
from seoaudit.http.status import STATUSES
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

KEPT = {status: "308" if facts.permanence == "permanent" else "307" for status, facts in STATUSES.items()}


def find(facts: Facts) -> pd.DataFrame:
    """One row an action; critical with a password or payment, and milder where a 302 names another page."""
    rows = forms(facts)
    rows = rows[rows["verdict"] == "body-lost"].sort_values("sensitive", kind="stable").drop_duplicates("action")
    # Many applications answer a POST that they have read with 302: only a rule that respells the URL cannot be meant so.
    sure = rows["respelled"] | (rows["lost_by"] != 302)
    grave = rows["sensitive"].notna()
    severity = sure.map({True: "high", False: "medium"}).astype("str")
    worse = severity.map({"high": "critical", "medium": "high"})
    kept = rows["lost_by"].map(KEPT).astype("str")
    return pd.DataFrame({"url": rows["action"], "severity": severity.where(~grave, worse)}).assign(
        detail=told(rows),
        fix=say(
            rows,
            "In {page}, send the form to {lost_to}; for those who post to {lost_at} all the same, answer {kept} there.",
            kept=kept,
        ),
    )


RULE = Rule(
    title="Form whose data a redirect throws away",
    family="Forms and methods",
    severity="high",
    why="After 301 and 302 browsers ask the target by GET and leave the body behind: what was typed is gone, and "
    "the visitor sees an empty form or an error. Critical where it is a password or a payment. Where a 302 "
    "names another page it may be the answer to a POST that was read, so it is one step milder.",
    fix="Write the final address into the form's action; where others post to the old one, answer 308, or 307 for "
    "a while.",
    references=(
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"),
        rfc(9110, "15.4.2"),
        rfc(9110, "15.4.9"),
    ),
    since="0.1",
    find=find,
    inferred="What a POST would meet is inferred from the answer to HEAD or GET, unless the finding says that a POST was sent.",
)
