"""Nudging: when to nudge, with which tip, and one next step from the draft's own words."""
