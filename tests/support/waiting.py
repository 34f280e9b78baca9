"""How long a test waits for something to happen."""

from __future__ import annotations

LONGEST_WAIT = 120.0
"""Seconds that are enough even on the busiest machine: only a program that hangs takes longer."""
