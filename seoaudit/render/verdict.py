"""The one sentence that opens every output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seoaudit.records import Severity
    from seoaudit.render.findings import FixGroup
    from seoaudit.render.numbers import Numbers
    from seoaudit.store.folder import RunInfo


_LONGEST_NAME = 80


def verdict(info: RunInfo, counts: dict[Severity, int], groups: tuple[FixGroup, ...], numbers: Numbers) -> str:
    """Say what the audit found in one sentence; a failed or unfinished audit says so before anything else."""
    if info.state == "failed":
        return f"The audit of {info.site} failed: {(info.failure or 'nothing answered').rstrip('.')}."
    found = _found(counts, numbers) + _failed_rules(info)
    if info.state != "finished":
        left = f" ({plural(info.urls_left, 'known URL')} not asked)" if info.urls_left else ""
        return f"This audit of {info.site} is unfinished{left}; so far, {found}."
    return f"{info.site}: {found}{_first_change(groups)}."


def _found(counts: dict[Severity, int], numbers: Numbers) -> str:
    asked = plural(numbers.urls, "URL")
    worst = [f"{counts[severity]:,} {severity}" for severity in counts if severity != "info" and counts[severity]]
    if not worst:
        return f"nothing to mend in {asked}, {plural(numbers.redirects, 'redirect')} among them"
    total = sum(count for severity, count in counts.items() if severity != "info")
    return f"{_listing(worst)} {'problem' if total == 1 else 'problems'} in {asked}"


def _failed_rules(info: RunInfo) -> str:
    return f" ({plural(len(info.failed_rules), 'rule')} could not be applied)" if info.failed_rules else ""


def _first_change(groups: tuple[FixGroup, ...]) -> str:
    shared = [group for group in groups if group.named and group.count > 1]
    if not shared:
        return ""
    widest = max(shared, key=lambda group: group.count)
    name = f", “{widest.text}”," if len(widest.text) <= _LONGEST_NAME else ""
    return f"; one cause{name} is behind {widest.count:,} of those URLs"


def _listing(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def plural(count: int, noun: str) -> str:
    """Write a count with its noun, such as "1 URL" or "1,204 URLs"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
