"""Audits that start by themselves: which site is due when, one run of a site at a time, whatever ends in between."""
