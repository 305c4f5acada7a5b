"""Files that an https page loads over http.

Scripts, styles and frames are blocked by browsers, images and media are upgraded or blocked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority, http_mentions
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule, search_central

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts

BLOCKED = ["script", "stylesheet", "iframe", "frame", "preload"]
UPGRADED = ["img", "source", "video", "icon"]


def find(facts: Facts) -> pd.DataFrame:
    """One row a file, by its gravest use; the files of one host share a group."""
    rows = http_mentions(facts, BLOCKED, UPGRADED)
    host = authority(rows["url"])
    return rows[["url"]].assign(
        severity=rows["grave"].map({True: "high", False: "low"}).astype("str"),
        detail=say(rows, "HTTPS pages that load it over HTTP: {https_sources} as {element}, such as {source}."),
        fix=say(rows, "In {source}, load {secure} in place of {url}."),
        group=say(rows, "http files of {host} on https pages", host=host),
    )


RULE = Rule(
    title="File loaded over HTTP on an HTTPS page",
    family="HTTPS and hosts",
    severity="high",
    why="Browsers block scripts, styles and frames that an https page loads over http: the page looks or works "
    "wrongly (high). Images, audio and video they ask over https instead, and show nothing where that fails "
    "(low). Google counts insecure dependencies against the https page when it chooses the canonical.",
    fix="Load every file over https; a file that has no https address has to move to a host that has.",
    references=(
        Reference(
            source="W3C, Mixed Content: upgradeable and blockable content",
            url="https://www.w3.org/TR/mixed-content/",
            date="2023-02-23",
        ),
        search_central(
            "crawling-indexing/consolidate-duplicate-urls", "Consolidate duplicate URLs: insecure dependencies"
        ),
    ),
    since="0.1",
    find=find,
    inferred="That browsers block it is inferred: a policy of the page (upgrade-insecure-requests) may have them ask "
    "over https.",
)
