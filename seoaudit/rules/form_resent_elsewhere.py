"""A form whose POST a 307 or 308 sends again to another site, with everything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.classify.answers import authority
from seoaudit.classify.evidence import say
from seoaudit.classify.forms import forms, told
from seoaudit.rules import Rule, rfc, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row an action, in the group of the host that gets the data; `allowed_domains` are meant."""
    rows = forms(facts)
    rows = rows[rows["verdict"] == "resent-elsewhere"].sort_values("sensitive", kind="stable").drop_duplicates("action")
    host = authority(rows["resent_to"]).str.replace(r":\d+$", "", regex=True)
    allowed = tuple(f".{domain.lower().lstrip('.')}" for domain in facts.thresholds.allowed_domains)
    rows = rows[~("." + host).str.endswith(allowed)] if allowed else rows
    return pd.DataFrame({"url": rows["action"]}).assign(
        detail=told(rows),
        fix=say(
            rows,
            "If {host} may have the data, say so in allowed_domains of seoaudit.toml and send the form there directly; "
            "if not, remove the redirect of {action}.",
            host=host,
        ),
        group=say(rows, "forms sent again to {host}", host=host),
    )


RULE = Rule(
    title="Form whose data a redirect hands to another site",
    family="Forms and methods",
    severity="high",
    why="307 and 308 repeat the request with its body, wherever they lead, and browsers do not ask. Passwords and "
    "addresses then lie with somebody whom the visitor never chose. A payment gateway may be meant; an old "
    "service or a domain that was sold is not.",
    fix="Send forms to the address that is meant; let no redirect carry a POST off the site.",
    references=(
        whatwg("fetch", "#http-redirect-fetch", "HTTP-redirect fetch"),
        rfc(9110, "15.4.8"),
        rfc(9110, "15.4.9"),
    ),
    since="0.1",
    find=find,
    inferred="What a POST would meet is inferred from the answer to HEAD or GET, unless the finding says that a POST was sent.",
)
