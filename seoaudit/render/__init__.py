"""Findings become files: one view of a run, and the outputs that show it."""
