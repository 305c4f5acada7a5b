"""A Location with `//` in its path, or with a piece of the path twice; what grows hop by hop is `growing-path`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.evidence import say
from seoaudit.classify.locations import faulty_locations
from seoaudit.rules import Reference, Rule, rfc

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

FAULTS = {
    "repeated-prefix": "a piece of the path stands in it twice",
    "double-slash": "two slashes follow each other in its path",
}


def find(facts: Facts) -> pd.DataFrame:
    """One row a URL."""
    rows = faulty_locations(facts, *FAULTS)
    return rows[["url"]].assign(
        detail=say(rows, "It answers with Location: {location} ({fault}).", fault=rows["fault"].map(FAULTS)),
        fix=say(rows, "In the rule that moves {url}, append only what follows the matched prefix."),
    )


RULE = Rule(
    title="Doubled slash or path in the redirect target",
    family="Location syntax",
    severity="medium",
    why="The rule joins a target that ends in a slash, or in a path, with a request path that brings its own. "
    "Servers may treat `//` as another address: the page is missing there, or exists a second time and "
    "competes with the right one. Many servers forgive it, hence medium.",
    fix="Join with exactly one slash: drop it from the target, or append a captured group and not the whole "
    "request path.",
    references=(
        rfc(3986, "3.3"),
        Reference(
            source="nginx, ngx_http_rewrite_module: return",
            url="https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return",
            date="2026-07",
        ),
        Reference(
            source="Apache HTTP Server 2.4, mod_alias: Redirect",
            url="https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirect",
            date="2026-07",
        ),
    ),
    since="0.1",
    find=find,
    inferred="That the doubled piece is a mistake is inferred from its form.",
)
