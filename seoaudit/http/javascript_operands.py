"""The operand that a JavaScript expression begins with: a redirect, or a function called where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seoaudit.http.javascript_tokens import Tokens

OPENERS: Final = frozenset({"(", "[", "{", "${"})
_ROOTS: Final = frozenset({"window", "self", "top", "parent", "globalThis", "document", "location"})
_EQUALITIES: Final = frozenset({"==", "===", "!=", "!==", "<=", ">="})
_PREFIXES: Final = frozenset({"!", "+", "-", "~", "void"})


class Span(NamedTuple):
    """Tokens that run at once.

    `body`: of a function (or the script), which `return` leaves; `block`; `expression`: no statements; `unread`: it may run
    or not, and in an order or with values that are not known.
    """

    start: int
    end: int
    kind: Literal["body", "block", "expression", "unread"]
    in_function: bool = False


class Redirect(NamedTuple):
    """A redirect: its URL, None where that or whether it happens is not known, and the global name it was reached by."""

    root: str
    url: str | None


class Operand(NamedTuple):
    """What runs inside an operand, what runs after the whole script, and from where on nothing has been looked at."""

    inner: Span | None
    later: Span | None
    behind: int


class _Function(NamedTuple):
    """A function expression: where its parameters are, its body, and the token behind it."""

    parameters: tuple[int, int]
    body: Span
    end: int


class Operands:
    """Looks at operands of one script and gathers the redirects that it finds."""

    def __init__(self, tokens: Tokens) -> None:
        self.redirects: list[Redirect] = []
        self._tokens = tokens
        self._text = tokens.text
        self._partner = tokens.partner

    def parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """What commas separate between two tokens, inner brackets aside."""
        i = start
        while start < end:
            while i < end and self._text(i) != ",":
                i = self._partner[i] + 1 if self._text(i) in OPENERS else i + 1
            yield start, min(i, end)
            i = start = i + 1

    def look(self, start: int, end: int) -> Operand:
        """Look at the operand that an expression begins with, the one that is always evaluated."""
        i = start
        while i < end and self._text(i) in _PREFIXES:
            i += 1
        behind = self._find_redirect(i, end)
        if behind is not None:
            return Operand(None, None, behind)
        later = self._at_next_step(i)
        inner = self._called(self._function(i, end)) if self._text(i) == "function" else None
        if self._text(i) == "(":
            inner = self._parenthesised(i)
        return Operand(inner, later, max((span.end for span in (inner, later) if span), default=start))

    def note_unread(self, start: int, end: int) -> None:
        """Note that a redirect may happen between two tokens, if one is there; functions that nobody calls there aside."""
        i = start
        while i < end:
            if "location" in (self._text(i), self._tokens.string(i)) and self._changes(i + 1):
                self.redirects.append(Redirect("location", None))
                return
            body = i + 1 if self._text(i) == "=>" else i
            if self._text(body) == "{" and (body > i or self._begins_body(i)) and not self._is_called(body):
                i = self._partner[body]
            i += 1

    def _changes(self, i: int) -> bool:
        """Whether what follows `location` or `["location"` may lead elsewhere."""
        if self._text(i) == "]":
            i += 1
        if self._text(i) in (".", "?."):
            name, i = self._text(i + 1), i + 2
            if name in ("replace", "assign", "hash"):
                return name != "hash"
        text = self._text(i)
        return text == "[" or (text.endswith("=") and text not in _EQUALITIES)

    def _begins_body(self, brace: int) -> bool:
        """Whether a brace begins the body of `function name(parameters) {`."""
        close = brace - 1
        if self._text(close) != ")":
            return False
        before = self._partner[close] - 1
        return "function" in (self._text(before), self._text(before - 1))

    def _is_called(self, brace: int) -> bool:
        behind = self._partner[brace] + 1
        if self._text(behind) == ")":
            behind += 1
        return self._text(behind) == "(" or (self._text(behind) == "." and self._text(behind + 1) in ("call", "apply"))

    def _parenthesised(self, i: int) -> Span | None:
        close = self._partner[i]
        function = self._function(i + 1, close)
        if function:
            return self._called(function._replace(end=close + 1) if function.end == close else function)
        return None if self._text(close + 1) == "=>" else Span(i + 1, close, "expression")

    def _function(self, i: int, end: int) -> _Function | None:
        if self._text(i) == "function":
            i += 2 if self._tokens.kind(i + 1) == "name" else 1
            if self._text(i) != "(" or self._text(self._partner[i] + 1) != "{":
                return None
            parameters = (i + 1, self._partner[i])
            body = self._partner[i] + 1
        else:
            parameters = (i + 1, self._partner[i]) if self._text(i) == "(" else (i, i + 1)
            arrow = self._partner[i] + 1 if self._text(i) == "(" else i + 1
            if self._text(arrow) != "=>" or arrow >= end:
                return None
            body = arrow + 1
        if self._text(body) == "{":
            close = self._partner[body]
            return _Function(parameters, Span(body + 1, close, "body", in_function=True), close + 1)
        _, close = next(self.parts(body, end), (body, body))
        return _Function(parameters, Span(body, close, "expression"), close)

    def _called(self, function: _Function | None) -> Span | None:
        """The body of a function that is called where it stands, with the names that we trust meaning what they mean."""
        if function is None:
            return None
        call, bound = function.end, False
        if self._text(call) == "." and self._text(call + 1) in ("call", "apply"):
            call, bound = call + 2, True
        if self._text(call) != "(":
            return None
        arguments = [] if bound else list(self.parts(call + 1, self._partner[call]))
        return function.body if self._keeps_names(function, arguments) else None

    def _keeps_names(self, function: _Function, arguments: list[tuple[int, int]]) -> bool:
        for position, (start, end) in enumerate(self.parts(*function.parameters)):
            names = [self._text(i) for i in range(start, end) if self._text(i) in _ROOTS]
            given = arguments[position] if position < len(arguments) else (0, 0)
            same = given[1] - given[0] == end - start == 1 and self._text(given[0]) == self._text(start)
            if names and not same:
                return False
        return True

    def _at_next_step(self, i: int) -> Span | None:
        """The function in `setTimeout(function, 0)`, or with no delay."""
        if self._text(i) == "window" and self._text(i + 1) == ".":
            i += 2
        if self._text(i) != "setTimeout" or self._text(i + 1) != "(":
            return None
        close = self._partner[i + 1]
        function = self._function(i + 2, close)
        if function is None or not self._keeps_names(function, []):
            return None
        delay = [self._tokens.texts[k] for k in range(function.end, min(close, function.end + 3))]
        return function.body if delay in ([], [","], [",", "0"]) else None

    def _find_redirect(self, i: int, end: int) -> int | None:
        """Note a redirect: a call, or one assignment or several (`window.location = document.location = "/x"`).

        Returns the token behind it, None where there is none with a known URL.
        """
        while (root := self._text(i)) in _ROOTS:
            name, i = self._member_path(i)
            if name in ("replace", "assign") and self._text(i) == "(":
                close = self._partner[i]
                url, behind = self._literal(i + 1, close)
                if url is None or not (behind == close or self._text(behind) == ","):
                    return None
                self.redirects.append(Redirect(root, url))
                return behind
            if name not in ("location", "href") or self._text(i) != "=":
                return None
            i += 1
            url, behind = self._literal(i, end)
            if url is not None and behind == end:
                self.redirects.append(Redirect(root, url))
                return end
        return None

    def _member_path(self, i: int) -> tuple[str | None, int]:
        """The last name of `window.document.location.href` and the like, and the token behind; None for another path."""
        name: str | None = self._text(i)
        i += 1
        while name in _ROOTS:
            if self._text(i) in (".", "?.") and self._tokens.kind(i + 1) == "name":
                member, behind = self._text(i + 1), i + 2
            elif self._text(i) == "[" and self._tokens.string(i + 1) and self._text(i + 2) == "]":
                member, behind = self._tokens.string(i + 1), i + 3
            else:
                return name, i
            known = {"href", "replace", "assign", "hash"} if name == "location" else _ROOTS
            name, i = member if member in known else None, behind
        return name, i

    def _literal(self, i: int, end: int) -> tuple[str | None, int]:
        """The text of string literals joined by `+`, and the token behind them; None for anything else.

        `location.hash` may stand among them: it is empty for a crawler, which asks without fragments.
        """
        parts = []
        while i < end:
            if self._tokens.kind(i) in ("string", "template"):
                parts.append(self._tokens.texts[i])
                i += 1
            else:
                name, i = self._member_path(i)
                if name != "hash":
                    break
            if self._text(i) != "+" or i >= end:
                return "".join(parts), i
            i += 1
        return None, i
