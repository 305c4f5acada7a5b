from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from runs import facts_of, moved

from seoaudit.classify.caching import lasting, with_freshness

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "1.5 minutes"),
        (3600, "1 hour"),
        (86400, "1 day"),
        (31536000, "365 days"),
    ],
)
def test_a_lifetime_is_said_in_the_largest_unit_that_it_fills(seconds: float, words: str) -> None:
    assert lasting(pd.Series([seconds], dtype="Float64")).tolist() == [words]


def test_only_answers_that_speak_of_caching_are_judged(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b"), moved("/c", "/b", cache_control="max-age=5")])
    rows = with_freshness(facts.redirects)
    assert rows["url"].tolist() == ["https://example.com/c"]
    assert rows["says"].tolist() == ["Cache-Control: max-age=5"]


def test_the_longest_lifetime_counts_shared_caches_too(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, [moved("/a", "/b", 302, cache_control="max-age=0, s-maxage=60")])
    assert with_freshness(facts.redirects)["longest_s"].tolist() == [60.0]


def test_without_redirects_there_is_nothing_and_every_column(tmp_path: Path) -> None:
    rows = with_freshness(facts_of(tmp_path).redirects)
    assert rows.empty
    assert {"storable", "explicit", "no_store", "longest_s", "says"} <= set(rows.columns)
