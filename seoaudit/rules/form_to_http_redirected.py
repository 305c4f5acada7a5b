"""A form that sends to an http address which redirects to https: too late for what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import is_http, is_https
from seoaudit.classify.evidence import say
from seoaudit.classify.forms import forms, told
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an action; a GET form without a password is medium."""
    rows = forms(facts)
    rows = rows[(rows["verdict"] == "sent-in-clear") & is_http(rows["action"]) & is_https(rows["final_url"])]
    rows = rows.sort_values(["sensitive", "method"], ascending=[True, False], kind="stable").drop_duplicates("action")
    mild = (rows["method"] == "GET") & rows["sensitive"].isna()
    return pd.DataFrame(
        {"url": rows["action"], "severity": mild.map({True: "medium", False: "high"}).astype("str")}
    ).assign(
        detail=told(rows),
        fix=say(rows, "In {page}, send the form to {final_url}."),
    )


RULE = Rule(
    title="Form that sends over HTTP and is redirected to HTTPS",
    family="Forms and methods",
    severity="high",
    why="The redirect protects the next request, not this one: the data has crossed the network in plain text "
    "already, and after a 301 or 302 the server does not even get it. HSTS is no substitute: a first visit "
    "still goes out over http.",
    fix="Write the final https address into the form's action.",
    references=(
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"),
        rfc(6797, "7.2"),
        whatwg("html", "form-control-infrastructure.html#form-submission-algorithm", "form submission"),
    ),
    since="0.1",
    find=find,
    inferred="What a POST would meet is inferred from the answer to HEAD or GET, unless the finding says that a POST was sent.",
)
