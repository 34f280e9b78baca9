"""Learning from its author, by simulation: `python -m benchmarks.house_rules FILE.jsonl [FILE.jsonl …]`.

Members have a house rule that differs from the shared model, correct ten drafts that it covers, and go on
writing. For each rule it prints, before and after, the error on other drafts under the rule, and the accuracy and
the share asked about on drafts that the rule does not touch. With `--taught FOLDER` members corrected the model in
that folder, and the shipped one uses what they taught.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from coach.labelling.labeller import FOLDER, LESSON_SCALE, Labeller
from coach.labelling.personal import quantised
from coach.labels import Kind, Label, Lesson
from training.data import Row, labelled

CORRECTIONS = 10
MEMBERS = 40


@dataclass(frozen=True, slots=True)
class Rule:
    """A member's house rule: drafts that it covers have this label."""

    says: str
    label: Label
    covers: Callable[[Row], bool]


# In the seven languages of the drafts.
_THANKS = re.compile(
    r"\b(?:thank|thx\b|ty\b|cheers\b|dank|merci|gracias|agradec|obrigad|valeu\b|grazie|ringrazi|bedankt)",
    re.IGNORECASE,
)

RULES = (
    Rule(
        "a post that opens with a question it answers is conversation",
        Label.CONVERSATION,
        lambda row: row.kind in (Kind.INFORM, Kind.PROMOTE) and "?" in row.text[:100],
    ),
    Rule(
        "thanks are content",
        Label.CONTENT,
        lambda row: row.kind is Kind.APPRECIATE and _THANKS.search(row.text) is not None,
    ),
    Rule(
        "a status of one line is conversation",
        Label.CONVERSATION,
        lambda row: row.kind is Kind.SHARE and len(row.text) <= 80,
    ),
    Rule("greetings and banter are content", Label.CONTENT, lambda row: row.kind is Kind.BANTER),
    Rule(
        "a joke is conversation",
        Label.CONVERSATION,
        lambda row: row.kind is Kind.ENTERTAIN,
    ),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of all drafts: log-odds, shape (n,), and features, shape (n, FEATURES)."""

    labeller: Labeller
    log_odds: NDArray[np.float64]
    features: NDArray[np.float32]

    @classmethod
    def of(cls, labeller: Labeller, rows: Sequence[Row]) -> Reading:
        """The reading of some drafts."""
        return cls(labeller, *labeller.read([row.text for row in rows]))

    def lesson(self, place: int, label: Label) -> Lesson:
        """The lesson that a correction of a draft is stored as; `Labeller.lesson` would read the draft again."""
        log_odds = float(self.log_odds[place]) / self.labeller.typical * LESSON_SCALE
        return Lesson(quantised(self.features[place]), log_odds, label)

    def asked(self, places: Sequence[int], shift: NDArray[np.float64]) -> float:
        """The share of some drafts that their author is asked about."""
        pairs = zip(self.log_odds[places].tolist(), shift[places].tolist(), strict=True)
        return fmean(self.labeller.asks(*pair) for pair in pairs)


def simulate(rule: Rule, rows: Sequence[Row], taught: Reading, used: Reading, seed: int) -> tuple[float, ...]:
    """One member: error under the rule, accuracy elsewhere and share asked elsewhere, each before and after."""
    rng = random.Random(seed)
    wanted = rule.label is Label.CONVERSATION
    covered = [place for place, row in enumerate(rows) if rule.covers(row)]
    wrong = [place for place in covered if (taught.log_odds[place] >= 0) != wanted]
    corrected = rng.sample(wrong, min(CORRECTIONS, len(wrong) // 2))
    personal = used.labeller.personal_model([taught.lesson(place, rule.label) for place in corrected])
    shift = personal.logit_shift(used.features)
    before, after = used.log_odds >= 0, used.log_odds + shift >= 0
    others = sorted(set(covered) - set(corrected))
    elsewhere = sorted(set(range(len(rows))) - set(covered))
    truth = np.array([rows[place].label is Label.CONVERSATION for place in elsewhere])
    return (
        _share(before[others] != wanted),
        _share(after[others] != wanted),
        _share(before[elsewhere] == truth),
        _share(after[elsewhere] == truth),
        used.asked(elsewhere, np.zeros(len(rows))),
        used.asked(elsewhere, shift),
    )


def _share(flags: NDArray[np.bool_]) -> float:
    return float(np.mean(flags))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled drafts, JSON lines")
    parser.add_argument("--taught", type=Path, metavar="FOLDER", default=FOLDER, help="the model they corrected")
    arguments = parser.parse_args()
    rows = [row for file in arguments.files for row in labelled(file)]
    used = Reading.of(Labeller.load(), rows)
    taught = used if arguments.taught == FOLDER else Reading.of(Labeller.load(arguments.taught), rows)
    print(f"{len(rows)} drafts, {MEMBERS} members a rule, {CORRECTIONS} corrections each\n")
    print("| house rule | drafts under it | error before | after | accuracy elsewhere before | after", end="")
    print(" | asked elsewhere before | after |")
    print("|---" * 8 + "|")
    for rule in RULES:
        found = [simulate(rule, rows, taught, used, seed) for seed in range(MEMBERS)]
        means = " | ".join(f"{fmean(values):.3f}" for values in zip(*found, strict=True))
        print(f"| {rule.says} | {sum(map(rule.covers, rows))} | {means} |")


if __name__ == "__main__":
    main()
