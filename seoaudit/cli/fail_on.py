"""`--fail-on`: which findings make the exit code 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from seoaudit.config import ConfigError
from seoaudit.records import SEVERITIES, Severity

if TYPE_CHECKING:
    from seoaudit.render.view import ReportView

METAVAR = "SEVERITY|new|new:SEVERITY"
HELP = "Exit 1 on findings of this severity or worse; with new, only on those that the run before did not have."


@dataclass(frozen=True, slots=True)
class FailOn:
    """Findings of `least` or worse; with `new` only those that are new, or back, since the run before."""

    least: Severity
    new: bool = False

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """What --fail-on says; raises ConfigError."""
        if text is None:
            return None
        word, colon, rest = text.lower().partition(":")
        new = word == "new"
        name = (rest if colon else SEVERITIES[-1]) if new else text.lower()
        for severity in SEVERITIES:
            if name == severity:
                return cls(severity, new)
        raise ConfigError(
            f"--fail-on: {text!r} is no severity; write one of {', '.join(SEVERITIES)}, or new, or such as new:high"
        )

    def met(self, view: ReportView) -> bool:
        """Whether the run has such findings; none is new where there was nothing to compare with."""
        counted = SEVERITIES[: SEVERITIES.index(self.least) + 1]
        return any(view.changes.news(name) if self.new else view.counts.get(name) for name in counted)

    def blind(self, view: ReportView) -> bool:
        """Whether it asks for what is new, and nothing could be compared."""
        return self.new and view.info.compared_with is None
