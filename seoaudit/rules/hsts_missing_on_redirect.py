"""A host that only redirects over https, and does so without Strict-Transport-Security, while its target has a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import count_of, say
from seoaudit.classify.hsts import own_hosts
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a host, at one of its redirects."""
    rows = own_hosts(facts)
    sent_elsewhere = bool(rows["hsts"].notna().any())
    silent = rows["hsts"].isna() & (rows["redirects_without"] > 0) & (rows["answers_without"] == 0)
    rows = rows[silent & rows["preloaded_by"].isna() & rows["inherited_from"].isna() & sent_elsewhere]
    count = count_of(rows["redirects_without"], "https redirect")
    return rows.assign(
        url=rows["redirects_without_url"],
        detail=say(rows, "{host} sends no Strict-Transport-Security with its {count}.", count=count),
        fix=say(rows, "Send Strict-Transport-Security with the redirects of {host}, too (nginx: add_header … always)."),
    )[["url", "detail", "fix"]]


RULE = Rule(
    title="HTTPS redirect without HSTS",
    family="HSTS policy",
    severity="medium",
    why="A policy counts for the host that sent it. Whoever types the name without www, or follows an old link, meets this host first "
    "over http, and a browser never learns not to, because its https answer says nothing before it sends the visitor on.",
    fix="Send the header with the redirect as with the pages.",
    references=(
        rfc(6797, "7.1"),
        rfc(6797, "8.1"),
        Reference(
            source="HSTS preload list, submission requirements (the header also where the domain redirects)",
            url="https://hstspreload.org/#submission-requirements",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
)
