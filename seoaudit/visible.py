"""What a site wrote, fit to be shown: characters without a shape, and those that turn the text around them, made seen."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with each unseen character written as its code point, such as ⟨U+202E⟩; tabs and newlines stay."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def on_one_line(text: str, longest: int | None = None) -> str:
    """The same on one line, cut where it is longer than `longest` characters."""
    line = visible(" ".join(text.split()))
    return line if longest is None or len(line) <= longest else f"{line[: longest - 1]}…"
