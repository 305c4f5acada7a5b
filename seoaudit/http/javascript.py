"""JavaScript redirects, found in a script's text without running it: `location = "..."` and its kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from seoaudit.http.javascript_tokens import Tokens, UnreadableError, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH: Final = 1_000_000
"""A longer script is an application, no redirect, and is not read."""


def script_redirect(source: str) -> str | None:
    """Find the URL, as written, to which a script sends the browser at once; None where it does not, or may not.

    Read are classic scripts and modules; what is no JavaScript (JSON, templates) the caller leaves out. Found are
    assignments to `location` and `location.href` and calls of `location.assign` and `location.replace`, of window,
    document, self, top, parent or globalThis, with string literals only; of several the last, which is where a browser
    arrives. At once means: at the top level, in a block or `try`, in a function called where it stands, or in one handed
    to `setTimeout` without a delay (the browser's next step). What depends on a condition, an event, a call elsewhere or a
    name that the script declares itself is not found: better to miss a redirect than to invent one. A fragment (`#top`) or
    an empty text leads to no other page. Linear in time; never raises.
    """
    if len(source) > MAX_LENGTH or not _CANDIDATE.search(source):
        return None
    try:
        return _Script(tokenize(source)).redirect()
    except UnreadableError:
        return None


_CANDIDATE = re.compile(r"""location["']?\s*+\]?\s*+(?:=(?!=)|\[|\.\s*+(?:href\s*+=(?!=)|replace|assign))""")

_WINDOWS: Final = frozenset({"window", "self", "top", "parent", "globalThis"})
_ROOTS: Final = _WINDOWS | {"document", "location"}
_DECLARERS: Final = frozenset({"var", "let", "const", "class", "function"})
_HEADS: Final = frozenset({"if", "while", "for", "with", "switch"})
# Tokens that carry an expression on over a line end.
_CONTINUING_WORDS: Final = frozenset({"in", "instanceof"})
_STARTING_MARKS: Final = frozenset({"{", "!", "~", "++", "--", "@", "#", "}"})
_UNKNOWN_STATEMENTS: Final = frozenset({"do", "else", "case", "default", "catch", "break", "continue", "throw", "import", "export"})


class _Span(NamedTuple):
    """Tokens that run at once. `body`: a whole function body, which a `return` leaves; `expression`: no statements."""

    start: int
    end: int
    kind: Literal["body", "block", "expression"]


class _Function(NamedTuple):
    """A function expression: its parameters' tokens, its body, and the token behind it."""

    parameters: tuple[int, int]
    body: _Span
    end: int


class _Script:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._declared: set[str] = {
            tokens.text(index + 1) for index in range(len(tokens)) if tokens.text(index) in _DECLARERS
        }
        self._found: list[tuple[str, str]] = []
        self._spans = [_Span(0, len(tokens), "body")]

    def redirect(self) -> str | None:
        """The URL of the last redirect that runs for certain."""
        while self._spans:
            span = self._spans.pop()
            if span.kind == "expression":
                self._expression(span)
            else:
                self._statements(span)
        urls = [url for root, url in self._found if root not in self._declared]
        return next((url for url in reversed(urls) if url and not url.startswith("#")), None)
