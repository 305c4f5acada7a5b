"""The words that open every output: what was found, what to fix first, what limited the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seoaudit.records import Limit, Severity
    from seoaudit.render.findings import FixGroup
    from seoaudit.render.numbers import Numbers
    from seoaudit.store.folder import RunInfo


_LONGEST_NAME = 80
_NAMED_LIMITS = 3
_NAMES = {"robots": "robots.txt"}
_SETTINGS = {"insecure", "adopted host"}
"""Limits that kept no URL from being asked."""


def verdict(info: RunInfo, counts: dict[Severity, int], groups: tuple[FixGroup, ...], numbers: Numbers) -> str:
    """Say what the audit found, what to fix first and what limited it; a failed or unfinished audit says so before anything else."""
    if info.state == "failed":
        first = f" First: {_first(groups[0])}." if groups else ""
        return f"{info.site} could not be audited: {failure(info)[0].rstrip('.')}.{first}"
    # Forms of the site that nobody asked are news only where nothing else was found; the limits name them always.
    limited = _limited(info, leave_out={"entry points"} if groups else set())
    whole = not limited and info.state == "finished"
    found = _found(counts, numbers, whole=whole) + _failed_rules(info)
    if info.state != "finished":
        left = f" ({plural(info.urls_left, 'known URL')} not asked)" if info.urls_left else ""
        found = f"This audit of {info.site} is unfinished{left}; so far, {found}"
    else:
        found = f"{info.site}: {found}"
    if not groups:
        return f"{found}; {limited}." if limited else f"{found}."
    parts = (found, f"First: {_first(groups[0])}", limited[:1].upper() + limited[1:])
    return " ".join(f"{part}." for part in parts if part)


def failure(info: RunInfo) -> tuple[str, str]:
    """Split why an audit failed from what to try, which stands after the last semicolon; the second may be empty."""
    reason, mark, hint = (info.failure or "nothing answered").rpartition("; ")
    return (reason, hint) if mark else (hint, "")


def _found(counts: dict[Severity, int], numbers: Numbers, *, whole: bool) -> str:
    asked = f"{plural(numbers.urls, 'URL')} that {'was' if numbers.urls == 1 else 'were'} asked"
    worst = [f"{counts[severity]:,} {severity}" for severity in counts if severity != "info" and counts[severity]]
    if worst:
        total = sum(count for severity, count in counts.items() if severity != "info")
        return f"{_listing(worst)} {'problem' if total == 1 else 'problems'} in {plural(numbers.urls, 'URL')}"
    if whole:
        return f"nothing to fix in {plural(numbers.urls, 'URL')}, {plural(numbers.redirects, 'redirect')} among them"
    return f"nothing found in the {asked}"


def _failed_rules(info: RunInfo) -> str:
    return f" ({plural(len(info.failed_rules), 'rule')} could not be applied)" if info.failed_rules else ""


def _first(group: FixGroup) -> str:
    title = group.rule.title
    title = title if title[:2].isupper() or title[:1].isdigit() else title[:1].lower() + title[1:]
    name = f" ({group.text})" if group.text and len(group.text) <= _LONGEST_NAME else ""
    return f"{title}, {plural(group.count, 'URL')}{name}"


def _limited(info: RunInfo, leave_out: set[str]) -> str:
    """Name what kept known URLs from being asked, such as "limited by max_urls: 1,204 known URLs were not asked"."""
    kept = [limit for limit in info.limits if limit.count and limit.name not in _SETTINGS | leave_out]
    if not kept:
        return ""
    words = [f"{_NAMES.get(limit.name, limit.name)}: {_unasked(limit)}" for limit in kept[:_NAMED_LIMITS]]
    more = f" and {plural(len(kept) - _NAMED_LIMITS, 'more limit')}" if len(kept) > _NAMED_LIMITS else ""
    return f"limited by {', by '.join(words)}{more}"


def _unasked(limit: Limit) -> str:
    entries = limit.name == "entry points"
    what = plural(limit.count, "form of the site", "forms of the site") if entries else plural(limit.count, "known URL")
    return f"{what} {'was' if limit.count == 1 else 'were'} not asked"


def _listing(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """Write a count with its noun, such as "1 URL" or "1,204 URLs"; `nouns` is a plural that is no mere s."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"
