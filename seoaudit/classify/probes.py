"""What the audit asked of its own accord: which of those answers speak for the site, and which only for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MADE_UP = frozenset({"slash", "doubled-slash", "case", "index"})
"""Other ways to write a page's URL: the audit made them up, so nobody meets what they lead to."""

NOT_MET = MADE_UP | {"form"}
"""Probes that stand for no visit by GET: made-up spellings, and URLs that only a form sends to."""


def met(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows with a column `probe` are URLs that a visitor or crawler may come to: the site's own, and its entry points."""
    return ~rows["probe"].isin(NOT_MET)


def mentioned_by_site(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows with a column `probe` are the site's own: only these count where URLs are counted."""
    return rows["probe"].isna()
