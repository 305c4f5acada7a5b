"""Fuzzing says what holds, not how fast: on a busy machine a deadline would fail by chance."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
