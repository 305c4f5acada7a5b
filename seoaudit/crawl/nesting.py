"""HTML that would cost a parser time or memory without bound is simplified before it is parsed."""

from __future__ import annotations

import re
from collections import Counter

MAX_DEPTH = 512
"""Open elements, as in Chromium's and Safari's parsers (maximumHTMLParserDOMTreeDepth)."""

# Below these the cost is never more than a moment; nearly all documents are.
_FEW_TAGS = 10_000
_FEW_FORMATTING_TAGS = 2_500

_FORMATTING = re.compile(r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Void elements, those that the next of their kind closes or is ignored in, and those that hold text only.
_NOT_NESTING = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr
    html head body p li dt dd tr td th thead tbody tfoot colgroup caption option optgroup a button form
    script style title textarea iframe xmp noembed noframes
    """.split()  # noqa: SIM905 - words read best so
)
# What they hold reads differently when they are gone: they stay up to twice the depth.
_KEPT = frozenset(("noscript", "template", "video", "audio"))


def simplify(text: str) -> str:
    """The same document as far as URLs and texts go; ordinary documents come back as they are.

    Formatting elements become spans: one left open is opened again in every later paragraph (HTML, "reconstruct the active
    formatting elements"), so that 37 KB take 1.8 GB. Start tags deeper than MAX_DEPTH become the void `embed`: time grows
    with the square of the depth.
    """
    tags = text.count("<")
    if tags > _FEW_FORMATTING_TAGS:
        text = _FORMATTING.sub(r"<\1span", text)
    return _flatten(text) if tags > _FEW_TAGS else text


def _flatten(text: str) -> str:
    """Rename tags too deep, and make their end tags comments; what HTML closes by itself counts as open."""
    opened: Counter[str] = Counter()
    flattened: Counter[str] = Counter()

    def tag(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in _NOT_NESTING:
            return match[0]
        if match[1]:
            if flattened[name]:
                flattened[name] -= 1
                return "</!"
            if opened[name]:
                opened[name] -= 1
                opened[""] -= 1
            return match[0]
        depth = opened[""]
        if depth >= MAX_DEPTH and (name not in _KEPT or depth >= 2 * MAX_DEPTH):
            flattened[name] += 1
            return "<embed"
        opened[name] += 1
        opened[""] += 1
        return match[0]

    return _TAG.sub(tag, text)
