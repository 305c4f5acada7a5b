"""Several Location fields, or several addresses in one field; this outranks every fault of how a value is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL; high where the values differ, for then browsers follow none."""
    rows = faulty_locations(facts, "several", "comma-joined")
    values = rows["location"].str.replace("\n", " and ", regex=False)
    fields = say(rows, "{location_count} Location fields").where(
        rows["fault"] == "several", "several addresses in one Location field"
    )
    return rows[["url"]].assign(
        severity=rows["location_url"].isna().map({True: "high", False: "medium"}).astype("str"),
        detail=say(rows, "It answers with {fields}: {values}.", fields=fields, values=values),
        fix=say(
            rows,
            "Send one Location field with one address on {url}: find the two layers (application, server, proxy) "
            "that each add one.",
        ),
    )


RULE = Rule(
    title="Redirect with several targets",
    family="Location syntax",
    severity="medium",
    why="A redirect has one target. With two, clients choose differently or refuse: browsers stop with an error "
    "where the values differ, because it may be an attack on the header (high). Where they agree, browsers "
    "follow and other clients may not (medium).",
    fix="Let one layer write the Location field, once.",
    references=(
        rfc(9110, "5.3"),
        rfc(9110, "10.2.2"),
        Reference(
            source="Chromium, net_error_list.h: RESPONSE_HEADERS_MULTIPLE_LOCATION",
            url="https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
)
