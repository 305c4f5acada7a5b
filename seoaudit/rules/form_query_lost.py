"""A GET form whose action redirects, so that what was asked for may be forgotten on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.evidence import say
from seoaudit.classify.forms import forms, told
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an action."""
    rows = forms(facts)
    rows = rows[rows["verdict"] == "query-dropped"].drop_duplicates("action")
    return pd.DataFrame({"url": rows["action"]}).assign(
        detail=told(rows),
        fix=say(rows, "In {page}, send the form to {final_url}; let the redirect of {action} append the query."),
    )


RULE = Rule(
    title="Search form whose action redirects",
    family="Forms and methods",
    severity="low",
    why="What a GET form asks for stands in the query, and a redirect keeps a query only if its rule says so: a "
    "search then finds nothing, and nobody sees why. Even where it is kept, every search pays for one more "
    "request.",
    fix="Write the final address into the form's action.",
    references=(
        whatwg("html", "form-control-infrastructure.html#form-submission-algorithm", "form submission"),
        rfc(3986, "3.4"),
    ),
    since="0.1",
    find=find,
    inferred="Whether the query goes along is inferred where the action was asked without one.",
)
