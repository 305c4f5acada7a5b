"""An https page that links to an http address of its own site which does not redirect; a link to one that redirects is `link-to-redirect`, and http files inside pages are `mixed-content`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from seoaudit.rules import Rule, rfc, search_central, whatwg

if TYPE_CHECKING:
    from seoaudit.classify.facts import Facts

LINKS = ["a", "area", "next", "prev", "amphtml", "form-get", "form-post"]


def find(facts: Facts) -> pd.DataFrame:
    """One row an http target; a form that sends data there is high."""
    links = facts.inlinks
    links = links[
        links["target"].str.startswith("http://") & links["element"].isin(LINKS) & (links["https_sources"] > 0)
    ]
    own = links["target"].str.extract(r"^\w+://([^/?#:]*)", expand=False).isin(facts.run.hosts)
    rows = links[own & ~links["target"].isin(facts.redirects["url"])]
    rows = rows.sort_values(
        "element", key=lambda column: ~column.str.startswith("form"), kind="stable"
    ).drop_duplicates("target")
    form = rows["element"].str.startswith("form")
    secure = "https://" + rows["target"].str.slice(len("http://"))
    kind = form.map({True: "form", False: "link"}).astype("str")
    return pd.DataFrame(
        {
            "url": rows["target"],
            "severity": form.map({True: "high", False: "medium"}).astype("str"),
            "detail": "HTTPS pages lead here over plain HTTP: "
            + rows["https_sources"].astype("str")
            + " of them, by a "
            + kind
            + ", such as "
            + rows["source"].fillna("the start list")
            + ".",
            "fix": "In "
            + rows["source"].fillna("the page")
            + ", write "
            + secure
            + " in place of "
            + rows["target"]
            + ".",
        }
    )


RULE = Rule(
    title="HTTP link on an HTTPS page",
    family="HTTPS and hosts",
    severity="medium",
    why="The page itself sends its visitors out of HTTPS: the next page travels in plain text, browsers warn, and "
    "the site tells search engines that its http address is in use. A form that does so sends what was typed "
    "in plain text (high).",
    fix="Write https into the links, or a path without scheme and host.",
    references=(
        search_central(
            "crawling-indexing/consolidate-duplicate-urls",
            "Consolidate duplicate URLs: HTTPS is preferred unless pages redirect to or through HTTP",
        ),
        rfc(9110, "4.2.2"),
        whatwg("html", "form-control-infrastructure.html#attr-fs-action", "the action of a form"),
    ),
    since="0.1",
    find=find,
)
