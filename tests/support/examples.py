"""How many examples a property is tried with, if the profile's number does not suit it."""

from __future__ import annotations

from hypothesis import settings


def examples(times: float) -> settings:
    """Settings with a multiple of the profile's number of examples."""
    return settings(max_examples=max(1, round(times * settings().max_examples)))
