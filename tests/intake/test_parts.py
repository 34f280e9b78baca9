"""Numbered parts of threads, and drafts that say that they are another version."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.intake.parts import named_version, numbered_part
from tests.support import odd_text
