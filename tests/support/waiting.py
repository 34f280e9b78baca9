"""How long a test waits for what is to happen."""

from __future__ import annotations

LONGEST_WAIT = 120.0
"""Seconds after which nothing more is expected on the busiest machine: only a program that hangs takes longer."""
