"""The labeller: a trained model that reads a draft and says content or conversation, how sure, and why."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.english import is_english
from coach.features import LINK, SIZE, Features, extract
from coach.labels import CONVERSATION_KINDS, Kind, Label, Verdict

MODEL = Path(__file__).resolve().parent / "model" / "labeller.npz"

KINDS: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.NONE)
"""The kinds in the order of the model's columns: those of conversation first."""

_TALK = np.array([kind in CONVERSATION_KINDS for kind in KINDS])
_MOST_REASONS = 3
_LEAST_PUSH = 0.08
"""Logits that a cue or phrase has to move the label by to be named as a reason."""


class ModelError(Exception):
    """The model file is missing or damaged; the message says what to do."""


@dataclass(frozen=True)
class Labeller:
    """Hashed n-grams and cues, multinomial logistic regression over the kinds, calibrated.

    Attributes:
        version: of the model file.
        weights: shape (SIZE, 8).
        bias: shape (8,).
        scale: slope and offset that turn the log-odds of conversation into calibrated ones (Platt, 1999).
        unsure_from: probability of conversation from which the author is asked.
        unsure_to: probability up to which the author is asked.
        known: bitmap of known words, see `coach.english`.
    """

    version: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    scale: tuple[float, float]
    unsure_from: float
    unsure_to: float
    known: NDArray[np.uint8]

    @classmethod
    def load(cls, path: Path = MODEL) -> Labeller:
        """Read the model file.

        Raises:
            ModelError: the file is missing, cut short, or of another shape.
        """
        try:
            # Opened here: numpy leaves a file of its own open where it turns out to be no archive.
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                weights = file["weights"].astype(np.float32)
                if weights.shape != (SIZE, len(KINDS)) or not np.isfinite(weights).all():
                    raise ValueError("another shape")
                slope, offset = map(float, file["scale"])
                low, high = map(float, file["unsure"])
                return cls(
                    version=str(file["version"]),
                    weights=weights,
                    bias=file["bias"].astype(np.float32),
                    scale=(slope, offset),
                    unsure_from=low,
                    unsure_to=high,
                    known=file["known"],
                )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"{path}: the labeller's model is missing or damaged; get it again from the project"
            ) from error

    def label(self, texts: Sequence[str]) -> list[Verdict]:
        """Label drafts.

        Args:
            texts: any strings; of a very long one the beginning and the end are read.

        Returns:
            A verdict for each text, in order. A text that is not English, or holds no words, gets
            `Kind.NONE` and is unsure.
        """
        return [self._verdict(text) for text in texts]

    def _verdict(self, text: str) -> Verdict:
        features = extract(text)
        rows = self.weights[features.index] * features.value[:, None]
        kinds = softmax(rows.sum(axis=0) + self.bias)
        probability = self.calibrated(kinds)
        label = Label.CONVERSATION if probability >= 0.5 else Label.CONTENT
        if not is_english(text, self.known) or not features.grams:
            # The model has learned from English alone: a guess on anything else stays near the middle.
            return Verdict(label, 0.5 + (probability - 0.5) / 10, Kind.NONE, True, ())
        side = _TALK if label is Label.CONVERSATION else ~_TALK
        return Verdict(
            label=label,
            probability=probability,
            kind=KINDS[int(np.argmax(np.where(side, kinds, -1.0)))],
            unsure=self.unsure_from <= probability <= self.unsure_to,
            reasons=_reasons(features, self._pushes(rows, kinds, label)),
        )

    def calibrated(self, kinds: NDArray[np.float32]) -> float:
        """The calibrated probability of conversation from the kinds' probabilities, shape (8,)."""
        talk = float(np.clip(kinds[_TALK].sum(), 1e-6, 1 - 1e-6))
        slope, offset = self.scale
        return float(1 / (1 + np.exp(-(slope * np.log(talk / (1 - talk)) + offset))))

    @staticmethod
    def _pushes(rows: NDArray[np.float32], kinds: NDArray[np.float32], label: Label) -> NDArray[np.float32]:
        """How far each feature moves the log-odds towards the label: its row against their gradient."""
        talk = float(np.clip(kinds[_TALK].sum(), 1e-6, 1 - 1e-6))
        gradient = np.where(_TALK, kinds / talk, kinds / (talk - 1)).astype(np.float32)
        pushes: NDArray[np.float32] = rows @ gradient
        return pushes if label is Label.CONVERSATION else -pushes


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities from scores, shape (8,)."""
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _reasons(features: Features, pushes: NDArray[np.float32]) -> tuple[str, ...]:
    """The cues and phrases that pushed most, strongest first; of overlapping ones the stronger."""
    first = len(pushes) - len(features.cues)
    grams = zip(pushes.tolist(), features.grams, strict=False)
    candidates = [(push, gram, f"“{gram}”") for push, gram in grams if _quotable(gram)]
    cues = zip(pushes[first:].tolist(), features.cues, strict=True)
    candidates += [(push, found.words, found.says) for push, found in cues]
    chosen: list[str] = []
    taken: set[str] = set()
    for push, words, says in sorted(candidates, reverse=True):
        mine = set(words.lower().split())
        if push < _LEAST_PUSH or len(chosen) == _MOST_REASONS:
            break
        if not mine & taken:
            taken |= mine
            chosen.append(says)
    return tuple(chosen)


def _quotable(gram: str) -> bool:
    """Whether a phrase makes sense in quotation marks: words only, one of them of some length."""
    words = gram.split()
    whole = all(word[0].isalnum() and word != LINK for word in words)
    return whole and any(len(word) > 2 for word in words)
