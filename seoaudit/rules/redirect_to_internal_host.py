"""A redirect to a host that only its own network reaches: a private address, localhost, or a name that no public DNS has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.internal_hosts import misdirected
from seoaudit.rules import Reference, Rule

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a redirecting URL, in the group of the host; the audited site's own hosts never count."""
    rows = misdirected(facts)
    rows = rows[rows["fault"] == "internal"]
    return rows[["url"]].assign(
        detail=say(rows, "It answers {status} and sends to {location_url}, which the public cannot reach."),
        fix=say(
            rows,
            "Set the public host in the answer of {url} (the application takes {host} for its name; pass it X-Forwarded-Host and X-Forwarded-Proto).",
        ),
        group=say(rows, "redirects to {host}"),
    )


RULE = Rule(
    title="Redirect to an internal host",
    family="Targets",
    severity="high",
    why="Nobody outside arrives, and everybody learns the name or address of a machine inside. It is mostly an application behind a "
    "proxy that does not know its public name.",
    fix="Tell the application its public name, or let it redirect without a host.",
    references=(
        Reference(
            source="IANA IPv4 Special-Purpose Address Registry",
            url="https://www.iana.org/assignments/iana-ipv4-special-registry/",
            date="2026-07",
        ),
        Reference(
            source="RFC 6761, section 6.3", url="https://www.rfc-editor.org/rfc/rfc6761#section-6.3", date="2013-02"
        ),
        Reference(source="RFC 6762, section 3", url="https://www.rfc-editor.org/rfc/rfc6762#section-3", date="2013-02"),
    ),
    since="0.1",
    find=find,
)
