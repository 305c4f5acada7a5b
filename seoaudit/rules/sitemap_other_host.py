"""A URL in a sitemap on a host that is not the audited site's; silent where it redirects or fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.classify.answers import authority, mentioned, on_site, unsettled
from seoaudit.classify.entries import among
from seoaudit.classify.evidence import say
from seoaudit.rules import Reference, Rule

if TYPE_CHECKING:
    import pandas as pd

    from seoaudit.classify.facts import Facts


def find(facts: Facts) -> pd.DataFrame:
    """One row a listed URL; the URLs of one host share a group."""
    rows = mentioned(facts, "sitemap", by_nobody="the sitemap")
    rows = rows[~on_site(facts, rows["url"]) & ~among(rows["url"], unsettled(facts))]
    host = authority(rows["url"])
    return rows[["url"]].assign(
        detail=say(rows, "It is listed in {source} and lies on another host, {host}.", host=host),
        fix=say(
            rows,
            "Move {url} to a sitemap of {host}, or name {source} in the robots.txt of {host}.",
            host=host,
        ),
        group=say(rows, "addresses of {host} in {source}", host=host),
    )


RULE = Rule(
    title="Sitemap lists another host",
    family="Canonical, sitemap and hreflang",
    severity="medium",
    why="A sitemap speaks for its own host; entries of another host do not count unless that host's robots.txt "
    "names this sitemap. If the host is an old one or a staging server, the list sends crawlers to the wrong place. "
    "Medium, because one owner may well list several hosts in one sitemap on purpose.",
    fix="List each host's addresses in a sitemap of its own.",
    references=(
        Reference(
            source="sitemaps.org, protocol: sitemap file location, cross submits",
            url="https://www.sitemaps.org/protocol.html",
            date="2016-11-21",
        ),
    ),
    since="0.1",
    find=find,
    always_counts=True,
    inferred="The robots.txt of the other host was not read: whether it names this sitemap is not known.",
)
