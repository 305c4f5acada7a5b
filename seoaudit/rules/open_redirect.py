"""A parameter of the URL names the address on another site to which the server sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.parameters import reflected
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a path and parameter; silent where a marker in its place was refused, low where only a marker was followed."""
    rows = reflected(facts)
    rows = rows[
        (rows["outside"] & (rows["marker"] != "refused").fillna(value=True))
        | (rows["marker"] == "followed").fillna(value=False)
    ]
    rows = rows.sort_values(["outside", "url"], ascending=[False, True], kind="stable").drop_duplicates(
        ["path", "parameter"]
    )
    tried = (rows["marker"] == "followed").fillna(value=False)
    proven = tried.map({True: " Another address in its place was followed too.", False: ""}).astype("str")
    return rows[["url"]].assign(
        severity=rows["outside"].map({True: "high", False: "low"}).astype("str"),
        detail=say(
            rows,
            "It answers {status} and sends to {location_url}, which its parameter {parameter} names.{proven}",
            proven=proven,
        ),
        fix=say(rows, "Let {path} follow {parameter} only to addresses on a list, or to paths of the site itself."),
        group=say(rows, "{path} sends where {parameter} says"),
    )


RULE = Rule(
    title="Open redirect",
    family="Security and variance",
    severity="high",
    why="Whoever writes the link decides where it leads, under the name of this site: for phishing, and to get "
    "past filters that trust it. Low where the audit saw only addresses of the site itself followed; that "
    "others are refused was not tried.",
    fix="Keep the targets in a list, or take a path of the site itself and nothing with a host.",
    references=(
        Reference(
            source="OWASP, Unvalidated Redirects and Forwards Cheat Sheet",
            url="https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html",
            date="2026-07",
        ),
        Reference(
            source="CWE-601, URL Redirection to Untrusted Site",
            url="https://cwe.mitre.org/data/definitions/601.html",
            date="2026-07",
        ),
        rfc(9110, "17.9"),
    ),
    since="0.1",
    find=find,
    inferred="That any address would be followed is inferred from one link of the site, or from a marker with an "
    "address of the site itself.",
)
