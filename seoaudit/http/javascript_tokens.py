"""JavaScript as tokens: as much of ECMAScript's lexical grammar as it takes to tell code from text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["name", "number", "string", "template", "regex", "mark"]

_SPACE = re.compile(r"(?:[\s\ufeff]++|//[^\n\r\u2028\u2029]*+|/\*(?:[^*]++|\*(?!/))*+\*/|<!--[^\n\r\u2028\u2029]*+)*+")
_BEFORE_TOKENS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f /<-")  # what _SPACE may begin with, besides what is not ASCII
_LINE_END = re.compile(r"[\n\r\u2028\u2029]")
_HTML_CLOSE = re.compile(r"-->[^\n\r\u2028\u2029]*+")
_TOKEN = re.compile(
    r"""(?P<name>[A-Za-z_$\u0080-\U0010ffff][\w$]*+)
    |(?P<number>\.?[0-9][\w.]*+)
    |(?P<string>"(?:[^"\\\n\r]++|\\(?:\r\n|[\s\S]))*+"|'(?:[^'\\\n\r]++|\\(?:\r\n|[\s\S]))*+')
    |(?P<mark>=>|={2,3}|!={0,2}|\+\+|--|\?\.(?![0-9])|&&=?|\|\|=?|\?\?=?|<<=?|>>>?=?|\*\*=?|[-+*%&|^<>]=|\.{3}|[^"'`\\])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?:[^\\/\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*+\])++/[A-Za-z]*+")
_TEMPLATE_CHUNK = re.compile(r"(?:[^`\\$]|\\[\s\S]|\$(?!\{))*+(`|\$\{)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_SINGLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_SINGLE_ESCAPES |= dict.fromkeys(("\n", "\r", "\r\n", "\u2028", "\u2029"), "")

_CLOSERS: Final = {")": "(", "]": "[", "}": "{"}
_HEADS: Final = frozenset({"if", "while", "for", "with"})
# Words after which an operand comes, so that a slash begins a regular expression.
_OPERATORS: Final = frozenset(
    (
        "return",
        "typeof",
        "case",
        "in",
        "of",
        "delete",
        "void",
        "throw",
        "new",
        "else",
        "do",
        "instanceof",
        "yield",
        "await",
    )
)


class UnreadableError(ValueError):
    """The text is no script that we can read."""


@dataclass(slots=True)
class Tokens:
    """A script's tokens side by side: what each is, its text, whether a line ends before it, and its partner bracket."""

    kinds: list[Kind] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    new_line: list[bool] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def text(self, index: int) -> str:
        """The text of a token that is neither string nor template; '' for those, and past the end."""
        return (
            self.texts[index]
            if 0 <= index < len(self.texts) and self.kinds[index] not in ("string", "template")
            else ""
        )

    def string(self, index: int) -> str:
        """The value of a string; '' for any other token, and past the end."""
        return self.texts[index] if 0 <= index < len(self.texts) and self.kinds[index] == "string" else ""

    def kind(self, index: int) -> Kind | None:
        """What a token is; None past the end."""
        return self.kinds[index] if 0 <= index < len(self.kinds) else None

    def ends_operand(self, index: int) -> bool:
        """Whether a value may end here, so that an operator or the statement's end follows."""
        if index < 0:
            return False
        kind, text = self.kinds[index], self.texts[index]
        if kind == "name":
            return text not in _OPERATORS
        return kind != "mark" or text in (")", "]", "}", "++", "--")

    def regex_may_follow(self) -> bool:
        """Whether a slash after the last token begins a regular expression rather than divides."""
        last = len(self.texts) - 1
        text = self.text(last)
        if text == ")":  # if (x) /y/.test(z)
            return self.text(self.partner[last] - 1) in _HEADS
        return text == "}" or not self.ends_operand(last)


def tokenize(source: str) -> Tokens:
    """Split a script into tokens in linear time; raises UnreadableError for what is no script.

    Whether a slash divides is guessed from the token before it, as no parser runs along: a wrong guess costs the reading
    or hides a token, both of which make us miss.
    """
    tokens = Tokens()
    opened: list[int] = []
    position = 0
    while position < len(source):
        new_line = False
        if source[position] in _BEFORE_TOKENS or not source[position].isascii() or position == 0:
            position, new_line = _skip_space(source, position)
            if position >= len(source):
                break
        position = _read_token(source, position, tokens, opened)
        tokens.new_line.append(new_line)
        if len(tokens) > len(tokens.new_line):  # a template went on behind its substitution
            tokens.new_line.append(False)
    if opened:
        raise UnreadableError("a bracket stays open")
    return tokens


def _skip_space(source: str, position: int) -> tuple[int, bool]:
    new_line = position == 0
    while True:
        match = _SPACE.match(source, position)
        assert match is not None
        new_line = new_line or _LINE_END.search(source, position, match.end()) is not None
        position = match.end()
        close = _HTML_CLOSE.match(source, position) if new_line else None
        if close is None:
            return position, new_line
        position = close.end()


def _read_token(source: str, position: int, tokens: Tokens, opened: list[int]) -> int:
    character = source[position]
    if character == "`":
        return _read_template(source, position, tokens, opened)
    if character == "/":
        return _read_slash(source, position, tokens)
    match = _TOKEN.match(source, position)
    if match is None:
        raise UnreadableError("a string that does not end, or a stray backslash")
    kind: Kind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
    text = match[0]
    if kind == "string":
        text = unescape(text[1:-1])
    tokens.kinds.append(kind)
    tokens.texts.append(text)
    if kind == "mark":
        if character in "([{":
            opened.append(len(tokens) - 1)
        elif character in ")]}":
            return _close(source, match.end(), tokens, opened)
    return match.end()


def _close(source: str, position: int, tokens: Tokens, opened: list[int]) -> int:
    last = len(tokens) - 1
    opener = opened.pop() if opened else -1
    text = tokens.text(opener)
    if text == "${" and tokens.texts[last] == "}":
        _pair(tokens, opener, last)
        return _read_chunk(source, position, tokens, opened)
    if text != _CLOSERS[tokens.texts[last]]:
        raise UnreadableError("brackets that do not match")
    _pair(tokens, opener, last)
    return position


def _pair(tokens: Tokens, opener: int, closer: int) -> None:
    tokens.partner[opener] = closer
    tokens.partner[closer] = opener


def _read_slash(source: str, position: int, tokens: Tokens) -> int:
    if source.startswith("/*", position):
        raise UnreadableError("a comment that does not end")
    regex = tokens.regex_may_follow()
    match = _REGEX.match(source, position) if regex else None
    if regex and match is None:
        raise UnreadableError("a regular expression that does not end")
    end = match.end() if match else position + 1 + source.startswith("=", position + 1)
    tokens.kinds.append("regex" if match else "mark")
    tokens.texts.append(source[position:end])
    return end


def _read_template(source: str, position: int, tokens: Tokens, opened: list[int]) -> int:
    """A template without substitutions is one token; one with them is a bracket pair for each, between parts."""
    return _read_chunk(source, position + 1, tokens, opened, start=position + 1)


def _read_chunk(source: str, position: int, tokens: Tokens, opened: list[int], *, start: int | None = None) -> int:
    match = _TEMPLATE_CHUNK.match(source, position)
    if match is None:
        raise UnreadableError("a template that does not end")
    if match[1] == "${":
        tokens.kinds.append("mark")
        tokens.texts.append("${")
        opened.append(len(tokens) - 1)
    elif start is not None:
        tokens.kinds.append("template")
        tokens.texts.append(unescape(source[start : match.end() - 1]))
    return match.end()


def unescape(text: str) -> str:
    """The value of a string literal's inside; a lone surrogate becomes U+FFFD, as in a URL."""
    if "\\" not in text:
        return text
    value = _ESCAPE.sub(_character, text)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"
    return _SINGLE_ESCAPES.get(match[4], match[4])
