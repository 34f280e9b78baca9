"""Pairs of drafts, written for this project, and how many of those that say the same are recognised."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coach.intake.sketch import same_thought, sketch

FOLDER = Path(__file__).resolve().parents[1] / "intake"
TUNE, MORE = FOLDER / "thought_pairs_tune.jsonl", FOLDER / "thought_pairs_more.jsonl"
"""The pairs that the weights of `coach.intake.sketch` are fitted on, by two writers."""
HELD = FOLDER / "thought_pairs_held.jsonl"
"""Pairs that are held back from it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two drafts of one author.

    Attributes:
        id: of the pair; a name after a hyphen is that of its author.
        first: the earlier one.
        second: the later one.
        same: whether they say the same.
        family: what sort of pair they are, such as "series".
        language: an ISO 639-1 code.
    """

    id: str
    first: str
    second: str
    same: bool
    family: str
    language: str

    @property
    def called_same(self) -> bool:
        """Whether they say the same by their sketches."""
        return same_thought(sketch(self.first, b"key"), sketch(self.second, b"key"))


@dataclass(frozen=True, slots=True)
class Figures:
    """How many pairs there are, how many of them say the same, are called the same, and both."""

    pairs: int
    same: int
    called: int
    right: int

    @property
    def precision(self) -> float:
        """The share of pairs called the same that are; 1 if none are called so."""
        return self.right / self.called if self.called else 1.0

    @property
    def recall(self) -> float:
        """The share of pairs that say the same that are called so; 1 if there are none."""
        return self.right / self.same if self.same else 1.0


def read(file: Path) -> list[Pair]:
    """The pairs of a file."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Pair(**row) for row in rows]


def figures(pairs: Iterable[Pair]) -> Figures:
    """Compare pairs by their sketches."""
    results = [(pair.same, pair.called_same) for pair in pairs]
    return Figures(
        len(results),
        sum(same for same, _ in results),
        sum(called for _, called in results),
        sum(same and called for same, called in results),
    )
