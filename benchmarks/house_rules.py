"""Learning from its author, by simulation: `python -m benchmarks.house_rules FILE.jsonl [FILE.jsonl …]`.

Members have a house rule that differs from the shared model, correct ten drafts that it covers, and go on
writing. For each rule it prints the error on other drafts under the rule before and after, and the accuracy on
drafts that the rule does not touch.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from coach.labelling.labeller import Labeller
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


RULES = (
    Rule(
        "a post that opens with a question it answers is conversation",
        Label.CONVERSATION,
        lambda row: row.kind in (Kind.INFORM, Kind.PROMOTE) and "?" in row.text[:100],
    ),
    Rule(
        "thanks are content",
        Label.CONTENT,
        lambda row: row.kind is Kind.APPRECIATE and "thank" in row.text.lower(),
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


def simulate(
    labeller: Labeller,
    rule: Rule,
    rows: list[Row],
    log_odds: NDArray[np.float64],
    features: NDArray[np.float32],
    seed: int,
) -> tuple[float, float, float, float]:
    """One member: error under the rule before and after, accuracy elsewhere before and after."""
    rng = random.Random(seed)
    covered = [place for place, row in enumerate(rows) if rule.covers(row)]
    wrong = [place for place in covered if (log_odds[place] >= 0) != (rule.label is Label.CONVERSATION)]
    taught = rng.sample(wrong, min(CORRECTIONS, len(wrong) // 2))
    personal = labeller.personal_model(
        [Lesson(quantised(features[place]), float(log_odds[place]), rule.label) for place in taught]
    )
    moved = log_odds + personal.logit_shift(features)
    others = sorted(set(covered) - set(taught))
    elsewhere = sorted(set(range(len(rows))) - set(covered))
    wanted = rule.label is Label.CONVERSATION
    truth = np.array([rows[place].label is Label.CONVERSATION for place in elsewhere])
    return (
        _share((log_odds[others] >= 0) != wanted),
        _share((moved[others] >= 0) != wanted),
        _share((log_odds[elsewhere] >= 0) == truth),
        _share((moved[elsewhere] >= 0) == truth),
    )


def _share(flags: NDArray[np.bool_]) -> float:
    return float(np.mean(flags))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled drafts, JSON lines")
    rows = [row for file in parser.parse_args().files for row in labelled(file)]
    labeller = Labeller.load()
    log_odds, features = labeller.read([row.text for row in rows])
    print(f"{len(rows)} drafts, {MEMBERS} members a rule, {CORRECTIONS} corrections each\n")
    print("| house rule | drafts under it | error before | after | accuracy elsewhere before | after |")
    print("|---|---|---|---|---|---|")
    for rule in RULES:
        found = [simulate(labeller, rule, rows, log_odds, features, seed) for seed in range(MEMBERS)]
        means = " | ".join(f"{fmean(values):.3f}" for values in zip(*found, strict=True))
        print(f"| {rule.says} | {sum(map(rule.covers, rows))} | {means} |")


if __name__ == "__main__":
    main()
