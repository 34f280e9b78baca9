"""The labeller: a trained model that reads a draft and says content or conversation, how sure, and why."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.errors import ModelError
from coach.labelling.encoder import KINDS, TALK, Encoder
from coach.labelling.language import is_english
from coach.labelling.personal import ASPECTS, Touch, packed, traits_of
from coach.labelling.reasons import most_reasons, without_parts
from coach.labels import Kind, Label, Lesson, Verdict
from coach.text import has_words

FOLDER = Path(__file__).resolve().parent / "model"
MODEL, TOKENIZER, WORDS, CARD = "encoder.onnx", "tokenizer.json", "words.bin", "model.json"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Labeller:
    """A small fine-tuned sentence encoder with a head over the kinds, calibrated.

    Attributes:
        version: of the model's files.
        encoder: the network.
        temperature: what the log-odds of conversation are divided by to be calibrated (Guo et al., 2017).
        unsure_from: probability of conversation from which the author is asked.
        unsure_to: probability up to which the author is asked.
        known: bitmap of known words, see `coach.labelling.language`.
        common: share of drafts that are of a kind and have an aspect, see `personal`, shape (8, ASPECTS).
    """

    version: str
    encoder: Encoder
    temperature: float
    unsure_from: float
    unsure_to: float
    known: NDArray[np.uint8]
    common: NDArray[np.float64]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Labeller:
        """Read the model's files and compare them with the sums that their card names.

        Raises:
            ModelError: a file is missing, cut short, or not the one that the card speaks of.
        """
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            for name in (MODEL, TOKENIZER, WORDS):
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != card["sha256"][name]:
                    raise ValueError(name)
            low, high = map(float, card["unsure"])
            return cls(
                version=str(card["version"]),
                encoder=Encoder(folder / MODEL, folder / TOKENIZER),
                temperature=float(card["temperature"]),
                unsure_from=low,
                unsure_to=high,
                known=np.fromfile(folder / WORDS, np.uint8),
                common=np.array(card["common"], np.float64).reshape(len(KINDS), ASPECTS),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder}: the labeller's model is missing or damaged; get it again from the project"
            ) from error

    def label(self, texts: Sequence[str], touches: Sequence[Touch | None] | None = None) -> list[Verdict]:
        """Label drafts, without reasons: this is the way of every draft, and reasons cost several times more.

        Args:
            texts: any strings; of a very long one the beginning and the end are read.
            touches: for each, what the corrections of its author have taught; None where nothing.

        Returns:
            A verdict for each text, in order. A text that is not English, or holds no words, gets
            `Kind.NONE` and is unsure.
        """
        scores = self.encoder.run(texts)
        moves = np.zeros(len(texts))
        for place, touch in enumerate(touches or ()):
            if touch is not None:
                moves[place] = touch.moves(_traits(texts[place : place + 1], scores[place : place + 1]))[0]
        odds = self._log_odds(scores)
        each = zip(texts, scores, odds.tolist(), moves.tolist(), strict=True)
        return [self._verdict(*of_one) for of_one in each]

    def explain(self, text: str, touch: Touch | None = None) -> Verdict:
        """Label one draft and say what moved the label most, by leaving out cues and phrases in turn."""
        parts = without_parts(text)
        scores = self.encoder.run([text, *(part.rest for part in parts)])
        odds = self._log_odds(scores)
        moved = float(touch.moves(_traits([text], scores[:1]))[0]) if touch is not None else 0.0
        verdict = self._verdict(text, scores[0], float(odds[0]), moved)
        if verdict.kind is Kind.NONE:
            return verdict
        sign = 1 if verdict.label is Label.CONVERSATION else -1
        pushes = (odds[0] - odds[1:]) * sign
        # What speaks for the other label by its nature is no reason for this one, whatever the model owes to it.
        speaking = [
            0.0 if part.side is verdict.label.other else push
            for part, push in zip(parts, pushes.tolist(), strict=True)
        ]
        return replace(verdict, reasons=most_reasons(parts, speaking, moved * sign))

    def lesson(self, text: str, label: Label) -> Lesson | None:
        """What an author teaches by saying which label a draft has; None where the draft cannot be read."""
        if not self._readable(text):
            return None
        odds, traits = self.read([text])
        return Lesson(packed(traits[0]), float(odds[0]), label)

    def touch(self, lessons: Sequence[Lesson]) -> Touch:
        """What an author's lessons come to, for `label` and `explain`."""
        return Touch(lessons, self.common)

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], Floats]:
        """What the shared model makes of drafts, for an author's touch to build on.

        Returns:
            Calibrated log-odds of conversation, shape (n,), and traits, shape (n, TRAITS).
        """
        scores = self.encoder.run(texts)
        return self._log_odds(scores), _traits(texts, scores)

    def _readable(self, text: str) -> bool:
        return has_words(text) and is_english(text, self.known)

    def _log_odds(self, scores: Floats) -> NDArray[np.float64]:
        """Calibrated log-odds of conversation, shape (n,), from scores of the kinds, shape (n, 8)."""
        return raw_log_odds(scores) / self.temperature

    def _asks(self, probability: float) -> bool:
        return self.unsure_from <= probability <= self.unsure_to

    def _verdict(self, text: str, scores: Floats, odds: float, moved: float) -> Verdict:
        """The verdict from log-odds of the shared model and by how far the author's corrections move them.

        Corrections may move the label and its probability, and they may settle a question, but they never raise
        one: a draft of which the shared model is sure is not asked about, wherever they move it.
        """
        probability = _probability(odds + moved)
        label = Label.CONVERSATION if probability >= 0.5 else Label.CONTENT
        if not self._readable(text):
            # The model has learned from English alone: a guess on anything else stays near the middle.
            return Verdict(label, 0.5 + (probability - 0.5) / 10, Kind.NONE, True, ())
        mine = (label is Label.CONVERSATION) == TALK
        return Verdict(
            label=label,
            probability=probability,
            kind=KINDS[int(np.argmax(np.where(mine, scores, -np.inf)))],
            unsure=self._asks(probability) and self._asks(_probability(odds)),
            reasons=(),
        )


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def _traits(texts: Sequence[str], scores: Floats) -> Floats:
    kinds = np.exp(scores - scores.max(axis=1, keepdims=True))
    kinds /= kinds.sum(axis=1, keepdims=True)
    return np.array([traits_of(*of_one) for of_one in zip(texts, kinds, strict=True)], np.float32)


def raw_log_odds(scores: Floats) -> NDArray[np.float64]:
    """Log-odds of conversation, shape (n,), from scores of the kinds before softmax, shape (n, 8)."""
    wide = scores.astype(np.float64)
    return np.logaddexp.reduce(wide[:, TALK], axis=1) - np.logaddexp.reduce(wide[:, ~TALK], axis=1)
