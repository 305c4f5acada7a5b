"""`[[expected]]` of seoaudit.toml: redirects that are meant, as contracts that each run checks."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from seoaudit import urls

_LITERAL = re.compile(r"\^?((?:\\[^A-Za-z0-9]|[^\\*+?\[\](){}|^$])+)\$?")
"""A source without anything that means more than itself, the dot aside, which in a URL is a dot."""


def _pattern(text: Any) -> Any:
    """Refuse what is no regular expression."""
    if isinstance(text, str):
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(
                f"{text!r} is not a regular expression ({error}); mend it, or escape it with \\"
            ) from error
    return text


def _day(value: Any) -> date | None:
    """A date of TOML, or its text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{str(value)!r} is no date; write such as until = 2027-06-30") from None


class Expected(BaseModel):
    r"""One contract: a URL that `source` matches as a whole answers `code` and leads to `target`, through the day `until`.

    `source` is a regular expression, or a plain URL; `target` a URL or a path, in which `\1` stands for what the first
    group of `source` matched.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, BeforeValidator(_pattern)]
    code: Literal[301, 302, 303, 307, 308]
    target: str
    why: str = ""
    until: Annotated[date | None, BeforeValidator(_day)] = None

    @model_validator(mode="after")
    def _usable(self) -> Self:
        if not self.source.strip() or not self.target.strip():
            raise ValueError(f"{'target' if self.source.strip() else 'source'} is empty; write the URL")
        try:
            self.pattern.sub(self.target, "")
        except (re.error, IndexError) as error:
            raise ValueError(
                f"target: {self.target!r} does not fit its source ({error}); \\1 stands for the first (…) of the source"
            ) from error
        return self

    @cached_property
    def plain_url(self) -> str | None:
        """The one URL that `source` is, serialised; None where it is an expression."""
        literal = _LITERAL.fullmatch(self.source)
        text = re.sub(r"\\(.)", r"\1", literal[1]) if literal else None
        url = urls.parse(text) if text else None
        return urls.without_fragment(url) if url and urls.is_web(url) else None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a URL has to match as a whole."""
        return re.compile(re.escape(self.plain_url) if self.plain_url else self.source)

    def target_of(self, url: str) -> str | None:
        """Where a URL has to lead, serialised; None where `source` does not match it. A target that is no URL stays as written."""
        match = self.pattern.fullmatch(url)
        if match is None:
            return None
        target = match.expand(self.target)
        return urls.parse(target, url) or target
