"""A form whose POST is sent again more than once on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.forms import forms, told
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an action."""
    rows = forms(facts)
    rows = rows[(rows["verdict"] == "resent") & (rows["redirect_count"] > 1)].drop_duplicates("action")
    return pd.DataFrame({"url": rows["action"]}).assign(
        detail=say(
            rows,
            "{told} That is {count}: {chain}.",
            told=told(rows),
            count=count_of(rows["redirect_count"], "redirect"),
        ),
        fix=say(rows, "In {page}, send the form to {final_url}."),
    )


RULE = Rule(
    title="Form that is sent on more than once",
    family="Forms and methods",
    severity="medium",
    why="Each hop sends the whole body again: an upload crosses the network several times, and each hop is one "
    "more place where it can be lost. It works, hence medium.",
    fix="Write the final address into the form's action.",
    references=(whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"), rfc(9110, "15.4.9")),
    since="0.1",
    find=find,
    inferred="What a POST would meet is inferred from the answer to HEAD or GET, unless the finding says that a POST was sent.",
)
