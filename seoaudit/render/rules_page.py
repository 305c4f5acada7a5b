"""docs/rules.md: the catalogue as a page, written from the rules themselves."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from seoaudit.config import CONFIG_FILE, Thresholds
from seoaudit.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seoaudit.rules import Rule

THRESHOLDS = {
    "chain_low": "Redirects in a row that are low. A move needs one; the second is the first that can be saved.",
    "chain_medium": "Redirects in a row that are medium. Google asks for ideally no more than 3 (Search Central, Site moves "
    "with URL changes, read 2026-07-08).",
    "chain_high": "Redirects in a row that are high. Google asks for fewer than 5 (same page).",
    "chain_critical": "Redirects in a row that are critical. Google follows up to 10 (same page); browsers stop after 20 "
    "(WHATWG Fetch, HTTP-redirect fetch, read 2026-07), whatever is set here.",
    "slow_hop_ms": "Milliseconds from which one redirect is slow. Ours: web.dev calls 800 ms good for the whole time to the "
    "first byte, redirects included (read 2026-07), so half a second leaves too little for the page.",
    "slow_chain_ms": "Milliseconds from which the redirects of a chain are slow together. Ours: more than those 800 ms.",
    "chain_hosts": "Hosts on one way from which a chain is reported. Ours: a move from one host to another needs two.",
    "funnel_sources": "URLs sent to one target from which it is a funnel. Ours: Google speaks of many and names no number.",
    "funnel_share": "Share of all moved URLs that a funnel has at least. Ours: a fifth, so that a large site may merge ten pages.",
    "sitewide_share": "Share of the pages that link one URL, from which a template is taken to hold the link. Ours: half.",
    "temporary_max_age_s": "Seconds for which a temporary redirect may be stored. Ours: one day, after which the end of a "
    "detour should have reached everybody.",
    "temporary_low_days": "Days for which a temporary redirect has stood unchanged from which that is low. Ours, as all ages here: "
    "no search engine names a period.",
    "temporary_medium_days": "The same, medium.",
    "temporary_high_days": "The same, high.",
    "temporary_low_sightings": "Different weeks in which it must have been seen to be low, so that two runs far apart prove nothing.",
    "temporary_medium_sightings": "The same, medium.",
    "temporary_high_sightings": "The same, high.",
    "changed_days": "Days for which a change of a redirect is reported. Ours: four weekly reports.",
    "redirect_min_days": "Days that a permanent redirect should stand. Google asks for at least one year (Search Central, Site moves "
    "with URL changes, read 2026-07-08).",
    "allowed_domains": "Domains, with their subdomains, that redirects may lead to. None: you name those that are meant.",
}
"""What each threshold means and where its default comes from."""

_INTRODUCTION = """\
# Rules

What `seoaudit` judges, and why. This page is written from the rules themselves (`seoaudit rules --markdown`); do not edit it.
A rule may give a finding another severity than its own; its text says when. `seoaudit rules ID` shows one rule in the terminal.
"""


def rules_page(rules: Mapping[str, Rule]) -> str:
    """The whole page as Markdown: families in alphabetical order, in each the severest rules first, then the thresholds."""
    ordered = sorted(rules.values(), key=lambda rule: (rule.family, SEVERITIES.index(rule.severity), rule.id))
    families = [
        f"## {_text(family)}\n\n" + "\n".join(_section(rule) for rule in members)
        for family, members in groupby(ordered, key=lambda rule: rule.family)
    ]
    return "\n".join([_INTRODUCTION, *families, _thresholds()])


def _section(rule: Rule) -> str:
    inferred = f"\nInferred: {_text(rule.inferred)}\n" if rule.inferred else ""
    sources = "\n".join(f"- [{_text(ref.source)}]({ref.url}), {ref.date}" for ref in rule.references)
    return f"""\
### {rule.id}

**{_text(rule.title)}** ({rule.severity}, since {rule.since})

Why: {_text(rule.why)}

Fix: {_text(rule.fix)}
{inferred}
{sources}
"""


def _thresholds() -> str:
    defaults = Thresholds()
    rows = "\n".join(f"| `{name}` | {_default(getattr(defaults, name))} | {why} |" for name, why in THRESHOLDS.items())
    return f"""\
## Thresholds

Set under `[thresholds]` in `{CONFIG_FILE}`.

| name | default | what it means, and why |
|---|---|---|
{rows}
"""


def _default(value: object) -> str:
    return "none" if value == () else str(value)


def _text(words: str) -> str:
    """Plain words as Markdown."""
    return re.sub(r"([\\`*<>\[\]])", r"\\\1", words)
