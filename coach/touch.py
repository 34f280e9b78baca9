"""An author's own touch: what their corrections teach, on top of the shared model, about drafts like those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.cues import CUES, find
from coach.labels import Label
from coach.text import window

MOST_LESSONS = 64
"""An author's newest corrections that are kept in mind."""

_KINDS = 8
_LENGTHS = (40, 90, 250)
TRAITS = _KINDS + len(CUES) + len(_LENGTHS) + 1
"""Length of a draft's traits: kinds, cues, and which of four lengths it has."""

# Drafts are alike where their kinds are, and the more so the more cues, and the length, they share. Chosen on
# simulated house rules (`benchmarks.house_rules`): errors under a rule against errors beside it.
_SHARPNESS = 6
_KIND_ALONE, _CUES, _LENGTH = 0.1, 0.6, 0.3
_MARGIN = 1.8
"""Log-odds by which a corrected draft should end on its author's side."""
_PENALTY = 0.3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A draft whose label its author has set: its traits and what the shared model said of it.

    Attributes:
        traits: as `packed` gives them.
        odds: the shared model's calibrated log-odds of conversation, of the model that was shipped at the time.
        label: what the author says it is.
    """

    traits: bytes
    odds: float
    label: Label


class Touch:
    """Kernel ridge regression over an author's lessons, of how far the shared model's log-odds fell short.

    The kernel vanishes for drafts of another kind, so that those keep the shared model's label (Hastie, Tibshirani
    and Friedman, *The Elements of Statistical Learning*, 2nd ed., 5.8.2).

    Args:
        lessons: one or more; those that an earlier version packed in another length teach nothing.
    """

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        lessons = [lesson for lesson in lessons if len(lesson.traits) == TRAITS]
        self._places = np.array([_unpacked(lesson.traits) for lesson in lessons]).reshape(-1, TRAITS)
        sides = np.array([1.0 if lesson.label is Label.CONVERSATION else -1.0 for lesson in lessons])
        odds = np.array([lesson.odds for lesson in lessons])
        missing = np.where(sides * odds < _MARGIN, sides * _MARGIN - odds, 0.0)
        kernel = _kernel(self._places, self._places) + _PENALTY * np.eye(len(lessons))
        self._weights = np.linalg.solve(kernel, missing)

    def moves(self, traits: NDArray[np.float32]) -> Floats:
        """By how much the log-odds of drafts move, shape (n,), from their traits, shape (n, TRAITS)."""
        return _kernel(traits.astype(np.float64), self._places) @ self._weights


def traits_of(text: str, kinds: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a draft is compared by, shape (TRAITS,).

    Args:
        text: the draft.
        kinds: probabilities of its kinds, shape (8,).
    """
    text = window(text)
    traits = np.zeros(TRAITS, np.float32)
    # Roots of probabilities: their product is the Bhattacharyya coefficient.
    traits[:_KINDS] = np.sqrt(kinds)
    there = {found.cue.name for found in find(text)}
    cues = np.array([cue.name in there for cue in CUES], np.float32)
    traits[_KINDS : _KINDS + len(CUES)] = cues / max(1.0, float(np.linalg.norm(cues)))
    traits[_KINDS + len(CUES) + sum(len(text) > length for length in _LENGTHS)] = 1
    return traits


def packed(traits: NDArray[np.float32]) -> bytes:
    """Traits as one byte each."""
    return np.rint(traits * 255).astype(np.uint8).tobytes()


def _unpacked(traits: bytes) -> Floats:
    return np.frombuffer(traits, np.uint8).astype(np.float64) / 255


def _kernel(these: Floats, those: Floats) -> Floats:
    kinds, cues, length = (
        these[:, part] @ those[:, part].T
        for part in (
            slice(0, _KINDS),
            slice(_KINDS, _KINDS + len(CUES)),
            slice(_KINDS + len(CUES), TRAITS),
        )
    )
    alike: Floats = kinds**_SHARPNESS * (_KIND_ALONE + _CUES * cues**2 + _LENGTH * length)
    return alike
