"""What becomes of a run: clean only where the audit was whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seoaudit.schedule.state import Verdict  # noqa: TC001 - read by whoever resolves the annotations

if TYPE_CHECKING:
    from seoaudit.store.folder import RunInfo

WHOLE: tuple[Verdict, ...] = ("clean", "findings")


def verdict_of(code: int, info: RunInfo | None, before: RunInfo | None, far_fewer: float) -> tuple[Verdict, str]:
    """The verdict and one line of why.

    `code` is the audit's exit code; `info` the run's, None where none was made; `before` the last whole run of the site with the
    same arguments; `far_fewer` the share of its URLs that a whole run has at least.
    """
    if info is None:
        return "failed", "no run was made; what the audit printed says why"
    if info.state != "finished":
        return _not_whole(info)
    if before is not None and info.urls_requested < before.urls_requested * far_fewer:
        return "far fewer URLs", f"{info.urls_requested:,} URLs asked, {before.urls_requested:,} last time"
    if code not in (0, 1):
        failed = ", ".join(info.failed_rules)
        return "failed", f"rules that failed: {failed}" if failed else "what the audit printed says why"
    return ("findings", "findings at or above fail_on") if code else ("clean", "")


def _not_whole(info: RunInfo) -> tuple[Verdict, str]:
    if info.state == "failed":
        return "failed", info.failure or "nothing of the site was seen"
    if info.state == "running":
        return "died", "it was ended before its time"
    return "unfinished", f"{info.finish_reason or 'stopped'}, {info.urls_left:,} known URLs were not asked"
