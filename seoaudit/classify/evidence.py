"""Evidence in words: sentences for many rows at once, chains drawn hop by hop, and what findings share."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from seoaudit.classify import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DRAWN = 12
"""Steps of a chain that a sentence shows; the tables have them all."""

MECHANISM = {"refresh-header": "Refresh header", "meta-refresh": "meta refresh", "javascript": "JavaScript"}


def say(rows: pd.DataFrame, template: str, **more: pd.Series[str] | str) -> pd.Series[str]:
    """One sentence a row: `{name}` in the template stands for that column of `rows`, or of `more`; `?` where it is missing."""
    text = pd.Series("", index=rows.index, dtype=frames.TEXT)
    for literal, name, _, _ in Formatter().parse(template):
        text = text + literal
        if name is not None:
            value = more[name] if name in more else rows[name]
            text = text + (
                value if isinstance(value, str) else value.reindex(rows.index).astype(frames.TEXT).fillna("?")
            )
    return text


def count_of(numbers: pd.Series[int], noun: str) -> pd.Series[str]:
    """Numbers with their noun: `1 link`, `7 links`."""
    return numbers.astype("str") + np.where(numbers == 1, f" {noun}", f" {noun}s")


def drawn(chains: pd.DataFrame) -> pd.Series[str]:
    """Each chain in one line: `https://x/a 301 → https://x/b 302 → https://x/c 200`."""
    lines = [draw(*row) for row in zip(chains["url_list"], chains["statuses"], chains["mechanisms"], strict=True)]
    return pd.Series(lines, index=chains.index, dtype=frames.TEXT)


def draw(url_list: Sequence[str], statuses: Sequence[int | None], mechanisms: Sequence[str]) -> str:
    """One chain in one line; a long one keeps its beginning and its end."""
    answers = [
        _answer(status, mechanism) for status, mechanism in zip(statuses, [*mechanisms, "location"], strict=False)
    ]
    steps = [f"{url}{answer}" for url, answer in zip(url_list, answers, strict=False)]
    if len(steps) > MAX_DRAWN:
        steps[MAX_DRAWN - 2 : -1] = [f"… {len(steps) - MAX_DRAWN + 1} more …"]
    return " → ".join(steps)


def _answer(status: int | None, mechanism: str) -> str:
    code = "" if status is None or pd.isna(status) else f" {status}"
    return f"{code} ({MECHANISM[mechanism]})" if mechanism in MECHANISM else code
