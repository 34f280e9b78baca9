"""Numbered parts of threads, and drafts that say that they are another version."""

from __future__ import annotations
