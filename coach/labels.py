"""What a label is: the two labels, the eight kinds, the labeller's verdict on a text, and an author's lesson."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The two halves of the deal."""

    CONTENT = "content"
    CONVERSATION = "conversation"

    @property
    def other(self) -> Label:
        """The opposite label."""
        return Label.CONVERSATION if self is Label.CONTENT else Label.CONTENT


class Kind(StrEnum):
    """What a draft does, in more detail than its label.

    `NONE`: it is in a language that the labeller does not know, or has no words to go by.
    """

    REPLY = "reply"
    APPRECIATE = "appreciate"
    ASK = "ask"
    BANTER = "banter"
    INFORM = "inform"
    PROMOTE = "promote"
    ENTERTAIN = "entertain"
    SHARE = "share"
    NONE = "none"


CONVERSATION_KINDS = frozenset({Kind.REPLY, Kind.APPRECIATE, Kind.ASK, Kind.BANTER})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The labeller's view of one text.

    Attributes:
        label: the more probable label.
        probability: calibrated probability of *conversation*, 0 to 1.
        kind: the most probable kind under `label`, or `Kind.NONE`.
        unsure: whether the author should be asked: the probability lies in the band for that, both with the
            author's corrections and without.
        reasons: at most three short phrases about cues in the text, strongest first.
        language: its ISO 639-1 code; None if the labeller does not know it.
    """

    label: Label
    probability: float
    kind: Kind
    unsure: bool
    reasons: tuple[str, ...]
    language: str | None = None

    @property
    def counted(self) -> Label | None:
        """What a draft counts as by this verdict; None if it can't be read, so that only its author can say."""
        return None if self.kind is Kind.NONE else self.label


MOST_LESSONS = 64
"""How many of an author's newest corrections their personal model is made of."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A draft whose label its author has set: its features and what the shared model made of it.

    Attributes:
        features: its features, one byte each, from `coach.labelling.personal.quantised`.
        log_odds: calibrated log-odds of conversation from the shared model that shipped at the time, on the scale
            that all stored lessons have, see `coach.labelling.labeller.LESSON_SCALE`.
        label: what the author says it is.
    """

    features: bytes
    log_odds: float
    label: Label
