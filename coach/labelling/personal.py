"""An author's personal model: what their corrections teach about drafts like those, on top of the shared model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach.labelling.cues import CUES, find
from coach.labels import Label, Lesson
from coach.layout import plain
from coach.text import HEAD, TAIL, excerpt

_KINDS = 8
FEATURES = _KINDS + 1 + len(CUES)
"""How many features a draft has: the square roots of its kinds' probabilities, its length, and its cues."""

_QUESTIONS = [index for index, cue in enumerate(CUES) if cue.name.startswith("question")]
_LENGTHS = np.geomspace(27, 362, 16)
_SOFTNESS = 0.1
"""How gradually a draft near one of these lengths goes from shorter to longer, in logarithms of characters."""
_LONGEST = np.log(HEAD + TAIL + 1)

CONTEXTS = 1 + len(CUES) + 1 + 2 * len(_LENGTHS)
"""What drafts of a kind may share: the kind alone, a cue, a question anywhere, being long, or being short."""

# Tuned on house rules other than those of `benchmarks.house_rules`, except `_ALONE` and `_OWN_WEIGHT`, which were
# tuned with those in view too. Within wide bounds they only trade errors under a rule for errors outside it.
_ROUNDS = 10
_SHARPNESS = 2.5
_RAREST = 0.001
_ALONE = 3
"""How much likelier a kind alone is, to begin with, than that kind in all other contexts together.

There are so many of those that a few corrections have some in common by chance.
"""
# A correction may be about its own draft alone: it takes this many lessons with a context in common to outweigh
# that. `_OWN_DECAY` is how sharply this weight falls off for other drafts.
_OWN_WEIGHT, _OWN_DECAY = 2.5, 500.0
_PENALTY = 0.1
_MARGIN = 1.8
"""Log-odds at which a corrected draft should end up on its author's side."""

Floats = NDArray[np.float64]


class PersonalModel:
    """What an author's lessons have in common, and how far off the shared model's log-odds are on such drafts.

    Authors relabel drafts for a reason, and the reason is taken to be a kind in one context: thanks, a question
    that the draft answers, a single line. The lessons are a mixture with one component for each kind in each
    context, fitted by expectation-maximisation. Of two components that fit a lesson, the one that fits fewer
    drafts in general explains it better (the size principle: Tenenbaum and Griffiths, 2001), so what the lessons
    share with most drafts changes none of those. Kernel ridge regression then carries the correction over from
    the lessons to drafts of the same components; the corrected draft itself follows its author in any case.

    Args:
        lessons: one or more; those that another version stored with another number of features are ignored.
        base_rates: share of all drafts that are of a kind and in a context, shape (8, CONTEXTS).
    """

    def __init__(self, lessons: Sequence[Lesson], base_rates: Floats) -> None:
        lessons = [lesson for lesson in lessons if len(lesson.features) == FEATURES]
        self._lessons = np.array([_dequantised(lesson.features) for lesson in lessons]).reshape(-1, FEATURES)
        signs = np.array([1.0 if lesson.label is Label.CONVERSATION else -1.0 for lesson in lessons])
        log_odds = np.array([lesson.log_odds for lesson in lessons])
        residuals = np.where(signs * log_odds < _MARGIN, signs * _MARGIN - log_odds, 0.0)
        memberships = _memberships(self._lessons)
        self._weights = _mixture_weights(memberships[residuals != 0], base_rates.ravel())
        kernel = self._kernel(self._lessons) + _PENALTY * np.eye(len(lessons))
        self._dual_coefficients = np.linalg.solve(kernel, residuals)

    def logit_shift(self, features: NDArray[np.float32]) -> Floats:
        """How far the log-odds of drafts move, shape (n,).

        Args:
            features: the drafts' features, shape (n, FEATURES).
        """
        return self._kernel(features.astype(np.float64)) @ self._dual_coefficients

    def _kernel(self, features: Floats) -> Floats:
        """The similarity of drafts to the lessons, shape (n, lessons)."""
        squares = (features**2).sum(axis=1)[:, None] + (self._lessons**2).sum(axis=1)
        distances = np.maximum(0, squares - 2 * features @ self._lessons.T)
        # Computed each time, as keeping the lessons' memberships would cost a quarter of a megabyte an author.
        shared: Floats = _memberships(features) * self._weights @ _memberships(self._lessons).T
        return shared + _OWN_WEIGHT * np.exp(-_OWN_DECAY * distances)


def features_of(text: str, kinds: NDArray[np.float32], language: str = "en") -> NDArray[np.float32]:
    """What a draft is compared by, shape (FEATURES,), each between 0 and 1.

    Args:
        text: the draft.
        kinds: probabilities of its kinds, shape (8,).
        language: the ISO 639 code of its language.
    """
    text = excerpt(plain(text))
    present = {found.cue.name for found in find(text, language)}
    features = np.zeros(FEATURES, np.float32)
    # Square roots, so that small probabilities survive being quantised.
    features[:_KINDS] = np.sqrt(kinds)
    features[_KINDS] = np.log(max(1, len(text))) / _LONGEST
    features[_KINDS + 1 :] = [cue.name in present for cue in CUES]
    return features


def contexts(features: Floats) -> Floats:
    """How much each context applies to drafts, 0 to 1, shape (n, CONTEXTS).

    Args:
        features: the drafts' features, shape (n, FEATURES).
    """
    cues = features[:, _KINDS + 1 :]
    beyond = features[:, _KINDS, None] * _LONGEST - np.log(_LENGTHS)
    long = 1 / (1 + np.exp(-beyond / _SOFTNESS))
    question = cues[:, _QUESTIONS].max(axis=1, keepdims=True)
    return np.hstack([np.ones((len(features), 1)), cues, question, long, 1 - long])


def quantised(features: NDArray[np.float32]) -> bytes:
    """Features as one byte each, as they are stored."""
    return np.rint(features * 255).astype(np.uint8).tobytes()


def _dequantised(features: bytes) -> Floats:
    return np.frombuffer(features, np.uint8).astype(np.float64) / 255


def _memberships(features: Floats) -> Floats:
    """How far drafts belong to each component, that is a kind in a context: shape (n, 8 * CONTEXTS)."""
    kinds = features[:, :_KINDS] ** (2 * _SHARPNESS)
    return (kinds[:, :, None] * contexts(features)[:, None, :]).reshape(len(features), _KINDS * CONTEXTS)


def _mixture_weights(memberships: Floats, base_rates: Floats) -> Floats:
    """How many lessons each component explains, shape (8 * CONTEXTS,).

    Args:
        memberships: how far each lesson belongs to each component, shape (lessons, 8 * CONTEXTS).
        base_rates: share of all drafts that belong to each component, shape (8 * CONTEXTS,).
    """
    likelihood = memberships / np.maximum(base_rates, _RAREST)
    start = np.full((_KINDS, CONTEXTS), 1 / (CONTEXTS - 1))
    start[:, 0] = _ALONE
    weights = start.ravel()
    for _ in range(_ROUNDS):
        # A component's new weight is the sum of its responsibilities for the lessons.
        weights = weights * (likelihood.T @ (1 / np.maximum(likelihood @ weights, np.finfo(np.float64).tiny)))
    return weights
