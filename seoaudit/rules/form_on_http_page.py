"""A form on a page that was read over plain HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.forms import forms
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host: the first page with a form; high with a password or payment."""
    rows = forms(facts)
    rows = rows[rows["http_page"].notna()].sort_values("sensitive", kind="stable")
    host = authority(rows["http_page"])
    by = rows.groupby(host, sort=False)
    count = by["action"].transform("nunique").astype("Int64")
    rows = rows.assign(host=host, forms=count_of(count, "form")).drop_duplicates("host")
    return pd.DataFrame({"url": rows["http_page"]}).assign(
        severity=rows["sensitive"].notna().map({True: "high", False: "medium"}).astype("str"),
        detail=say(rows, "Pages of {host} hold forms over plain HTTP ({forms}); this one sends to {action}."),
        fix=say(rows, "Answer {http_page} over https only, and every http URL of {host} alike."),
    )


RULE = Rule(
    title="Form on an HTTP page",
    family="Forms and methods",
    severity="medium",
    why="Wherever the form sends, the page that holds it came in plain text: somebody on the way can change the "
    "action, or add a field, and the visitor cannot see it. Browsers mark such fields as not secure. High for "
    "passwords and payments.",
    fix="Serve every page with a form over https, and redirect its http address.",
    references=(
        Reference(source="W3C, Secure Contexts", url="https://www.w3.org/TR/secure-contexts/", date="2023-11-10"),
        rfc(9110, "4.2.2"),
    ),
    since="0.1",
    find=find,
)
