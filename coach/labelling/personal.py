"""An author's own touch: what their corrections teach, on top of the shared model, about drafts like those."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach.labelling.cues import CUES, find
from coach.labelling.layout import plain
from coach.labels import Label, Lesson
from coach.text import HEAD, TAIL, window

_KINDS = 8
TRAITS = _KINDS + 1 + len(CUES)
"""Length of a draft's traits: roots of the probabilities of its kinds, its length, and its cues."""

_QUESTIONS = [place for place, cue in enumerate(CUES) if cue.name.startswith("question")]
_LENGTHS = np.geomspace(27, 362, 16)
_SOFTNESS = 0.1
"""How softly a draft of one of these lengths passes from shorter to longer, in logarithms of characters."""
_LONGEST = np.log(HEAD + TAIL + 1)

ASPECTS = 1 + len(CUES) + 1 + 2 * len(_LENGTHS)
"""What drafts of a kind may have in common: that kind alone, a cue, a question anywhere, being long, or short."""

# Chosen on house rules other than those of `benchmarks.house_rules`, `_APART` in sight of those too; in wide
# bounds they only trade errors under a rule for errors beside it.
_ROUNDS = 10
_SHARPNESS = 2
_RAREST = 0.001
# A correction may mean its own draft alone: so many lessons of a sort speak against that. `_SAME` is how sharply
# other drafts fall off from it.
_APART, _SAME = 2.5, 500.0
_PENALTY = 0.1
_MARGIN = 1.8
"""Log-odds by which a corrected draft should end on its author's side."""

Floats = NDArray[np.float64]


class Touch:
    """What an author's lessons have in common, and how far the shared model's log-odds fall short on such drafts.

    An author relabels drafts for a reason, and reasons are taken to be a kind with one aspect: thanks, a question
    that the draft answers, a single line. Lessons are a mixture of such sorts of drafts, fitted by expectation and
    maximisation. Of two sorts that hold a lesson, the one that holds fewer drafts in general explains it better
    (Tenenbaum and Griffiths, 2001), so that what the lessons merely share with most drafts moves none of these.
    Kernel ridge regression then carries what is missing from lessons to drafts of the same sorts; a lesson's own
    draft follows its author in any case.

    Args:
        lessons: one or more; those that another version packed in another length teach nothing.
        common: share of drafts in general that are of a kind and have an aspect, shape (8, ASPECTS).
    """

    def __init__(self, lessons: Sequence[Lesson], common: Floats) -> None:
        lessons = [lesson for lesson in lessons if len(lesson.traits) == TRAITS]
        self._places = np.array([_unpacked(lesson.traits) for lesson in lessons]).reshape(-1, TRAITS)
        sides = np.array([1.0 if lesson.label is Label.CONVERSATION else -1.0 for lesson in lessons])
        odds = np.array([lesson.odds for lesson in lessons])
        missing = np.where(sides * odds < _MARGIN, sides * _MARGIN - odds, 0.0)
        held = _sorts(self._places)
        self._weights = _weights(held[missing != 0], common.ravel())
        kernel = self._kernel(self._places) + _PENALTY * np.eye(len(lessons))
        self._pulls = np.linalg.solve(kernel, missing)

    def moves(self, traits: NDArray[np.float32]) -> Floats:
        """By how much the log-odds of drafts move, shape (n,), from their traits, shape (n, TRAITS)."""
        return self._kernel(traits.astype(np.float64)) @ self._pulls

    def _kernel(self, places: Floats) -> Floats:
        squares = (places**2).sum(axis=1)[:, None] + (self._places**2).sum(axis=1)
        apart = np.maximum(0, squares - 2 * places @ self._places.T)
        # The lessons' sorts are worked out anew: kept, they would take a quarter of a megabyte an author.
        alike: Floats = _sorts(places) * self._weights @ _sorts(self._places).T + _APART * np.exp(-_SAME * apart)
        return alike


def traits_of(text: str, kinds: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a draft is compared by, shape (TRAITS,).

    Args:
        text: the draft.
        kinds: probabilities of its kinds, shape (8,).
    """
    text = window(plain(text))
    there = {found.cue.name for found in find(text)}
    traits = np.zeros(TRAITS, np.float32)
    # Roots, so that small probabilities outlast being packed.
    traits[:_KINDS] = np.sqrt(kinds)
    traits[_KINDS] = np.log(max(1, len(text))) / _LONGEST
    traits[_KINDS + 1 :] = [cue.name in there for cue in CUES]
    return traits


def aspects(traits: Floats) -> Floats:
    """To what degree drafts have each aspect, shape (n, ASPECTS), from their traits, shape (n, TRAITS)."""
    cues = traits[:, _KINDS + 1 :]
    beyond = traits[:, _KINDS, None] * _LONGEST - np.log(_LENGTHS)
    long = 1 / (1 + np.exp(-beyond / _SOFTNESS))
    question = cues[:, _QUESTIONS].max(axis=1, keepdims=True)
    return np.hstack([np.ones((len(traits), 1)), cues, question, long, 1 - long])


def packed(traits: NDArray[np.float32]) -> bytes:
    """Traits as one byte each."""
    return np.rint(traits * 255).astype(np.uint8).tobytes()


def _unpacked(traits: bytes) -> Floats:
    return np.frombuffer(traits, np.uint8).astype(np.float64) / 255


def _sorts(traits: Floats) -> Floats:
    """To what degree drafts belong to each sort, that is a kind with an aspect: shape (n, 8 * ASPECTS)."""
    kinds = traits[:, :_KINDS] ** (2 * _SHARPNESS)
    return (kinds[:, :, None] * aspects(traits)[:, None, :]).reshape(len(traits), _KINDS * ASPECTS)


def _weights(held: Floats, common: Floats) -> Floats:
    """How many lessons each sort explains, shape (8 * ASPECTS,).

    Args:
        held: to what degree each lesson belongs to each sort.
        common: share of drafts in general that belong to each sort.
    """
    likelihood = held / np.maximum(common, _RAREST)
    # At first a kind alone is as likely a reason as that kind with any of the other aspects.
    begin = np.full((_KINDS, ASPECTS), 1 / (ASPECTS - 1))
    begin[:, 0] = 1
    weights = begin.ravel()
    for _ in range(_ROUNDS):
        weights = weights * (likelihood.T @ (1 / np.maximum(likelihood @ weights, np.finfo(np.float64).tiny)))
    return weights
