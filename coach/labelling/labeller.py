"""The labeller: a trained model that reads a draft and says content or conversation, how surely, and why."""

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
from coach.labelling.encoder import IS_CONVERSATION, KINDS, Encoder
from coach.labelling.language import Table, language_of, rarity
from coach.labelling.personal import CONTEXTS, PersonalModel, features_of, quantised
from coach.labelling.reasons import most_reasons, without_parts
from coach.labelling.stock_tags import without_stock_tag
from coach.labels import Kind, Label, Lesson, Verdict
from coach.text import has_words, on_one_line

FOLDER = Path(__file__).resolve().parent / "model"
MODEL, TOKENIZER, LANGUAGE_TABLE, CARD = "encoder.onnx", "tokenizer.json", "languages.bin", "model.json"

LESSON_SCALE = 4.02
"""Typical size of the log-odds of one model, which gives the log-odds of stored lessons their scale.

Some models are surer than others, by much the same factor on all sorts of drafts. With the log-odds of all lessons
on one scale, each model understands what authors taught the others.
"""

Floats = NDArray[np.float32]

ANSWERING = 1.0
"""What a place for answers adds to the log-odds of conversation; chosen with `training.context`."""

TAG_ADDS, WITH_TAG_AT_MOST = 1.5, -0.1
"""What a stock question at the end may add to the log-odds of a draft that is content without it, and their limit.

So the label stays content, as the guideline has it, and the author is asked where the draft alone is less sure. Of
the 15 labelled public posts that end in such a question it turns none (`gold_dev.jsonl` has none of them): where
readers are really asked, the draft is conversation without the tag too.
"""


@dataclass(frozen=True)
class Labeller:
    """A small fine-tuned sentence encoder with a head over the kinds, calibrated.

    Attributes:
        version: the version of the model's files.
        encoder: the network.
        temperature: what the log-odds of conversation are divided by to calibrate them (Guo et al., 2017).
        unsure_from: lowest probability of conversation at which the author is asked.
        unsure_to: highest probability of conversation at which the author is asked.
        languages: the words of each language, see `coach.labelling.language`.
        base_rates: share of all drafts that are of a kind and in a context, see `coach.labelling.personal`,
            shape (8, CONTEXTS).
        typical: the median size of its log-odds on the drafts of `training.base_rates`.
    """

    version: str
    encoder: Encoder
    temperature: float
    unsure_from: float
    unsure_to: float
    languages: Table
    base_rates: NDArray[np.float64]
    typical: float

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Labeller:
        """Read the model's files and check them against the checksums in their card.

        Args:
            folder: the folder of the model's files.

        Raises:
            ModelError: a file is missing, cut short, or not the one that the card describes.
        """
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            for name in (MODEL, TOKENIZER, LANGUAGE_TABLE):
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != card["sha256"][name]:
                    raise ValueError(name)
            low, high = map(float, card["unsure"])
            # Sketches of drafts need it on the event loop, which reading it would hold up.
            rarity(())
            return cls(
                version=str(card["version"]),
                encoder=Encoder(folder / MODEL, folder / TOKENIZER),
                temperature=float(card["temperature"]),
                unsure_from=low,
                unsure_to=high,
                languages=np.fromfile(folder / LANGUAGE_TABLE, np.uint32),
                base_rates=np.array(card["common"], np.float64).reshape(len(KINDS), CONTEXTS),
                # The card of the model that gave lessons their scale has no such entry.
                typical=float(card.get("typical", LESSON_SCALE)),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{folder}: the labeller's model is missing or damaged; get it again from the project"
            ) from error

    def label(
        self,
        texts: Sequence[str],
        personal: Sequence[PersonalModel | None] = (),
        answering: Sequence[bool] = (),
    ) -> list[Verdict]:
        """Label drafts, without reasons: every draft is labelled this way, and reasons cost several times more.

        Args:
            texts: any strings; of a very long one the beginning and the end are read.
            personal: the personal model of each text's author, None if they have none; empty if nobody has one.
            answering: whether each text is in a place for answers; empty if none is.

        Returns:
            A verdict for each text, in order. A text without words, or in a language that the labeller does not
            know, gets `Kind.NONE` and is unsure.
        """
        scores, languages = self.encoder.run(texts), [self._language(text) for text in texts]
        shifts = np.zeros(len(texts))
        for index, model in enumerate(personal):
            if model is not None:
                one = slice(index, index + 1)
                shifts[index] = model.logit_shift(_features(texts[one], scores[one], languages[one]))[0]
        log_odds = self._tagged(texts, self._log_odds(scores))
        if answering:
            log_odds += ANSWERING * np.array(answering)
        each = zip(languages, scores, log_odds.tolist(), shifts.tolist(), strict=True)
        return [self._verdict(*of_one) for of_one in each]

    def explain(self, text: str, personal: PersonalModel | None = None, answering: bool = False) -> Verdict:
        """Label one draft and say what moved the label most, by leaving out cues and phrases in turn.

        Args:
            text: any string.
            personal: its author's personal model; None if they have none.
            answering: whether it is in a place for answers.
        """
        scores, language = self.encoder.run([text]), self._language(text)
        log_odds = float(self._log_odds(scores)[0])
        shift = 0.0
        if personal is not None:
            shift = float(personal.logit_shift(_features([text], scores, [language]))[0])
        tagged = float(self._tagged([text], np.array([log_odds]))[0])
        verdict = self._verdict(language, scores[0], tagged + ANSWERING * answering, shift)
        if language is None:
            return verdict
        # What plainly speaks for the other label can't be a reason, whatever the model makes of it.
        parts = [part for part in without_parts(text, language) if part.side is not verdict.label.other]
        sign = 1 if verdict.label is Label.CONVERSATION else -1
        # Its lines stay, as in the draft itself: on one line, a remark on a quotation would be a part of it.
        rests = {on_one_line(part.rest): part.rest for part in parts}
        without = dict(zip(rests, self._log_odds(self.encoder.run(list(rests.values()))).tolist(), strict=True))
        pushes = [(log_odds - without[on_one_line(part.rest)]) * sign for part in parts]
        return replace(verdict, reasons=most_reasons(parts, pushes, shift * sign, ANSWERING * answering * sign))

    def lesson(self, text: str, label: Label) -> Lesson | None:
        """What an author teaches by setting a draft's label; None if the draft can't be read."""
        if self._language(text) is None:
            return None
        log_odds, features = self.read([text])
        return Lesson(quantised(features[0]), float(log_odds[0]) / self.typical * LESSON_SCALE, label)

    def personal_model(self, lessons: Sequence[Lesson]) -> PersonalModel:
        """The personal model that an author's lessons make, for `label` and `explain`.

        Args:
            lessons: one or more, perhaps from earlier models; all models understand them alike.
        """
        rescaled = [replace(lesson, log_odds=lesson.log_odds / LESSON_SCALE * self.typical) for lesson in lessons]
        return PersonalModel(rescaled, self.base_rates)

    def asks(self, log_odds: float, shift: float = 0.0) -> bool:
        """Whether the author of a draft is asked about it.

        Corrections may answer a question, but they never raise one: the author is not asked about a draft that
        the shared model is sure of, wherever corrections move it.

        Args:
            log_odds: calibrated log-odds of conversation from the shared model.
            shift: how far the author's personal model moves them.
        """
        return all(
            self.unsure_from <= _probability(odds) <= self.unsure_to for odds in (log_odds, log_odds + shift)
        )

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], Floats]:
        """What the shared model makes of drafts, for a personal model to build on.

        Returns:
            Calibrated log-odds of conversation, shape (n,), and features, shape (n, FEATURES).
        """
        scores = self.encoder.run(texts)
        return self._log_odds(scores), _features(texts, scores, [self._language(text) for text in texts])

    def _language(self, text: str) -> str | None:
        """The language of a draft; None if it has no words, or if the labeller does not know its language."""
        return language_of(text, self.languages) if has_words(text) else None

    def _log_odds(self, scores: Floats) -> NDArray[np.float64]:
        """Calibrated log-odds of conversation, shape (n,), from scores of the kinds, shape (n, 8)."""
        return raw_log_odds(scores) / self.temperature

    def _tagged(self, texts: Sequence[str], log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log-odds of drafts, shape (n,), lowered where only a stock question speaks for conversation.

        Args:
            texts: the drafts.
            log_odds: calibrated log-odds of conversation by all of their words, shape (n,).
        """
        rests = {place: rest for place, text in enumerate(texts) if (rest := without_stock_tag(text))}
        if not rests:
            return log_odds
        alone, lowered = self._log_odds(self.encoder.run(list(rests.values()))), log_odds.copy()
        for place, of_rest in zip(rests, alone.tolist(), strict=True):
            if of_rest < 0:
                lowered[place] = min(lowered[place], max(of_rest, min(of_rest + TAG_ADDS, WITH_TAG_AT_MOST)))
        return lowered

    def _verdict(self, language: str | None, scores: Floats, log_odds: float, shift: float) -> Verdict:
        """The verdict from the shared model's log-odds and the shift that the author's corrections give them."""
        probability = _probability(log_odds + shift)
        label = Label.CONVERSATION if probability >= 0.5 else Label.CONTENT
        if language is None:
            # Nobody has tested the model on anything else, so its guess is kept near the middle.
            return Verdict(label, 0.5 + (probability - 0.5) / 10, Kind.NONE, True, ())
        of_label = (label is Label.CONVERSATION) == IS_CONVERSATION
        return Verdict(
            label=label,
            probability=probability,
            kind=KINDS[int(np.argmax(np.where(of_label, scores, -np.inf)))],
            unsure=self.asks(log_odds, shift),
            reasons=(),
            language=language,
        )


def raw_log_odds(scores: Floats) -> NDArray[np.float64]:
    """Log-odds of conversation, shape (n,), from scores of the kinds before softmax, shape (n, 8)."""
    wide = scores.astype(np.float64)
    conversation, content = wide[:, IS_CONVERSATION], wide[:, ~IS_CONVERSATION]
    return np.logaddexp.reduce(conversation, axis=1) - np.logaddexp.reduce(content, axis=1)


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


def _features(texts: Sequence[str], scores: Floats, languages: Sequence[str | None]) -> Floats:
    kinds = np.exp(scores - scores.max(axis=1, keepdims=True))
    kinds /= kinds.sum(axis=1, keepdims=True)
    known = [language or "en" for language in languages]
    return np.array([features_of(*of_one) for of_one in zip(texts, kinds, known, strict=True)], np.float32)
