"""An https page whose form sends to http.

Where the server redirects that to https it is `form-to-http-redirected`; a redirect to http is `https-downgrade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import is_http, is_https, over_https
from seoaudit.classify.evidence import say
from seoaudit.classify.forms import forms, told
from seoaudit.rules import Reference, Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an action; a GET form without a password is high."""
    rows = forms(facts)
    rows = rows[(rows["verdict"] == "sent-in-clear") & is_http(rows["action"]) & rows["https_page"].notna()]
    rows = rows[~is_https(rows["final_url"])].sort_values(
        ["sensitive", "method"], ascending=[True, False], kind="stable"
    )
    rows = rows.drop_duplicates("action")
    mild = (rows["method"] == "GET") & rows["sensitive"].isna()
    return pd.DataFrame(
        {"url": rows["action"], "severity": mild.map({True: "high", False: "critical"}).astype("str")}
    ).assign(
        detail=told(rows, "https_page"),
        fix=say(rows, "In {https_page}, send the form to {secure}.", secure=over_https(rows["action"])),
    )


RULE = Rule(
    title="Form that sends over HTTP",
    family="Forms and methods",
    severity="critical",
    why="The page looks protected, and what is typed into it leaves in plain text: anybody on the way can read "
    "and change it, and browsers warn before they send. HSTS is no substitute: it protects only those who "
    "have been here before.",
    fix="Write https into the action, or a path without scheme and host.",
    references=(
        whatwg("html", "form-control-infrastructure.html#form-submission-algorithm", "form submission"),
        Reference(
            source="W3C, Mixed Content, section 5.3: forms",
            url="https://www.w3.org/TR/mixed-content/",
            date="2023-02-23",
        ),
        rfc(9110, "4.2.2"),
    ),
    since="0.1",
    find=find,
)
