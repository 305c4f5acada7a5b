"""JavaScript redirects, found in a script's text without running it: `location = "..."` and its kin."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING, Final

from seoaudit.http.javascript_operands import OPENERS, Operands, Span
from seoaudit.http.javascript_tokens import UnreadableError, tokenize

if TYPE_CHECKING:
    from seoaudit.http.javascript_tokens import Tokens

MAX_LENGTH: Final = 250_000
"""A script of more characters is an application rather than a redirect, and is not read."""


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


_CANDIDATE = re.compile(r"""location["']?\s*+\]?\s*+(?:=(?!=)|\[|/[*/]|\??\.\s*+(?:href\s*+=(?!=)|replace|assign))""")

_DECLARERS: Final = frozenset({"var", "let", "const", "class", "function"})
_VARIABLES: Final = frozenset({"var", "let", "const"})
_CONDITIONS: Final = frozenset({"if", "while", "for", "with"})
_LEAVING: Final = frozenset({"throw", "break", "continue"})
_UNKNOWN: Final = frozenset({"do", "else", "case", "default", "catch", "finally"})
# What begins a new statement after a line end, where a semicolon is left out.
_CONTINUING_WORDS: Final = frozenset({"in", "instanceof"})
_STARTING_MARKS: Final = frozenset({"{", "!", "~", "++", "--", "@", "#"})


class _Script:
    """Walks over the spans of a script that run at once; `_spans` is what is left to do, the next last."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._text = tokens.text
        self._partner = tokens.partner
        self._operands = Operands(tokens)
        self._declared = {self._text(i + 1) for i in range(len(tokens)) if self._text(i) in _DECLARERS}
        self._positions = {
            word: [i for i in range(len(tokens)) if self._text(i) == word] for word in ("throw", "return")
        }
        self._spans = deque([Span(0, len(tokens), "body")])

    def redirect(self) -> str | None:
        """The URL of the last redirect that runs for certain."""
        while self._spans:
            span = self._spans.pop()
            if span.kind == "expression":
                self._expression(span)
            elif span.kind == "unread":
                self._operands.note_unread(span.start, span.end)
            else:
                self._statement(span)
        for root, url in reversed(self._operands.redirects):
            if url is None:
                return None
            if root not in self._declared and url and not url.startswith("#"):
                return url
        return None

    def _statement(self, span: Span) -> None:
        """Look at the first statement of a span; what is behind it, and what in it runs at once, is left to do."""
        start, end = span.start, span.end
        while start < end and self._text(start) == ";":
            start += 1
        text = self._text(start)
        if start == end:
            return
        if text == "{":
            self._then(span, self._partner[start] + 1, self._block(span, start))
        elif text == "try":
            self._try(span, start)
        elif text in _CONDITIONS or text == "switch":
            self._condition(span, start)
        elif self._is_declaration(start):
            self._then(span, self._skip_declaration(start, end))
        elif text in _UNKNOWN or text in _LEAVING or self._text(start + 1) == ":":  # the last is a label
            self._leave(span, start)
        else:
            self._simple_statement(span, start)

    def _simple_statement(self, span: Span, start: int) -> None:
        behind = self._statement_end(start, span.end)
        text = self._text(start)
        if text in _VARIABLES:
            self._declare(start + 1, behind)
            self._then(span, behind, Span(start, behind, "unread"))
        elif text == "import":
            self._declared.update(map(self._text, range(start, behind)))
            self._then(span, behind)
        elif text == "return":
            self._leave(span, behind)
            if behind > start + 1 and not self._tokens.new_line[start + 1]:
                self._spans.append(Span(start + 1, behind, "expression"))
        else:
            self._then(span, behind, Span(start, behind, "expression"))

    def _block(self, span: Span, brace: int) -> Span:
        return Span(brace + 1, self._partner[brace], "block", span.in_function)

    def _condition(self, span: Span, start: int) -> None:
        behind = self._skip(start, span.end)
        self._operands.note_unread(start, behind)
        if self._may_leave(start, behind, span):
            self._leave(span, behind)
        else:
            self._then(span, behind)

    def _is_declaration(self, i: int) -> bool:
        text = self._text(i)
        return text in ("function", "class") or (text == "async" and self._text(i + 1) == "function")

    def _then(self, span: Span, behind: int, *first: Span) -> None:
        """Do these spans, in their order, and then the rest of `span`."""
        self._spans.append(span._replace(start=min(behind, span.end)))
        self._spans.extend(reversed(first))

    def _leave(self, span: Span, start: int) -> None:
        """Walk no further in the function around this span: whether the rest runs is not known."""
        self._operands.note_unread(start, span.end)
        while span.kind != "body":
            span = self._spans.pop()
            self._operands.note_unread(span.start, span.end)

    def _may_leave(self, start: int, end: int, span: Span) -> bool:
        """Whether a statement under a condition may keep the rest of the function from running."""
        return self._holds("throw", start, end) or (span.in_function and self._holds("return", start, end))

    def _holds(self, word: str, start: int, end: int) -> bool:
        positions = self._positions[word]
        first = bisect_left(positions, start)
        return first < len(positions) and positions[first] < end

    def _try(self, span: Span, start: int) -> None:
        block = start + 1
        handler = self._partner[block] + 1 if self._text(block) == "{" else span.end
        behind = self._skip_declaration(handler, span.end) if self._text(handler) == "catch" else handler
        if handler == span.end or self._may_leave(start, behind, span):
            self._leave(span, start)
            return
        if self._text(behind) == "finally":  # its block is walked as any other
            behind += 1
        self._then(span, behind, self._block(span, block))  # what is not known to fail is taken to succeed

    def _skip(self, start: int, end: int) -> int:
        """The end of a statement that begins with a condition, its `else` branches too; the span's end where unknown."""
        i = start
        while i < end:
            text = self._text(i)
            if text == "else" or self._text(i + 1) == ":":
                i += 1 if text == "else" else 2
                continue
            if text in _CONDITIONS:
                i += 2 if self._text(i + 1) == "await" else 1
                if self._text(i) != "(":
                    return end
                i = self._partner[i] + 1
                continue
            if text == "{":
                i = self._partner[i] + 1
            elif text == "switch" or self._is_declaration(i):
                i = self._skip_declaration(i, end)
            elif text in _UNKNOWN or text == "try":
                return end
            else:
                i = self._statement_end(i, end)
                i += self._text(i) == ";" and i < end
            if self._text(i) != "else":
                return i
        return end

    def _skip_declaration(self, start: int, end: int) -> int:
        """The token behind the next block in braces: of a function, class, switch or catch."""
        i = start + 1
        while i < end and self._text(i) != "{":
            i = self._partner[i] + 1 if self._text(i) in OPENERS else i + 1
        return self._partner[i] + 1 if i < end else end

    def _statement_end(self, start: int, end: int) -> int:
        i = start
        while i < end and self._text(i) != ";":
            if i > start and self._tokens.new_line[i] and self._begins_statement(i):
                return i
            i = self._partner[i] + 1 if self._text(i) in OPENERS else i + 1
        return min(i, end)

    def _begins_statement(self, i: int) -> bool:
        """Whether a line's first token begins a statement though no semicolon stands before it (ECMAScript, 12.10)."""
        kind, text = self._tokens.kind(i), self._text(i)
        begins = text not in _CONTINUING_WORDS if kind == "name" else kind != "template"
        return begins and (kind != "mark" or text in _STARTING_MARKS) and self._tokens.ends_operand(i - 1)

    def _declare(self, start: int, end: int) -> None:
        """Note the names that a declaration declares; in a pattern, every name."""
        for first, _ in self._operands.parts(start, end):
            last = self._partner.get(first, first)
            self._declared.update(self._text(i) for i in range(first, last + 1))

    def _expression(self, span: Span) -> None:
        for start, end in self._operands.parts(span.start, span.end):
            operand = self._operands.look(start, end)
            if operand.later:
                self._spans.appendleft(operand.later)
            if operand.inner:
                self._then(span, end + 1, operand.inner, Span(operand.behind, end, "unread"))
                return
            self._operands.note_unread(operand.behind, end)
