"""Fit how the sketches of two drafts show that they say the same: `python -m training.thoughts`.

It reads the pairs in `tests/intake/` that are there to choose on and fits the two logistic regressions of
`coach.intake.sketch`. It prints what they are worth on authors that they were not fitted on, and without each of their
features, and their weights, to be put there by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.intake.sketch import FEATURES_IF_ALIKE, FEATURES_OF_OTHERS, comparison, same_thought, sketch
from tests.support.thought_pairs import MORE, TUNE, Pair, read

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

PRECISION = 0.985
"""What the threshold is chosen for."""

# How far weights are drawn towards 0, in standard deviations of their features.
_PENALTY = 1.0
_FOLDS, _SHUFFLES = 10, 4
_KEY = b"key"
_MARK = re.compile(r"#\w+|[\w-]+(?=\.example)")


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs of some files as they are compared, one row each.

    Attributes:
        same: whether they say the same.
        author: who wrote them, as a number.
        kind: how they are judged: `ALIKE` or `OTHERS` by weights, `RULED_SAME` or `RULED_OTHER` by a rule.
        features: shape (n, 3).
    """

    same: Booleans
    author: NDArray[np.int64]
    kind: NDArray[np.int64]
    features: Floats


ALIKE, OTHERS, RULED_SAME, RULED_OTHER = range(4)
FEATURES = {ALIKE: FEATURES_IF_ALIKE, OTHERS: FEATURES_OF_OTHERS}


def authors(pairs: Sequence[Pair]) -> list[int]:
    """A number for the author of each pair; pairs with a name in the id, a hashtag or a site in common have one."""
    found: dict[str, int] = {}
    numbers: list[int] = []
    for at, pair in enumerate(pairs):
        _, _, named = pair.id.partition("-")
        marks = [named.partition("-")[0]] if named else _MARK.findall(f"{pair.first} {pair.second}".lower())
        number = next((found[mark] for mark in marks if mark in found), at)
        found.update(dict.fromkeys(marks, number))
        numbers.append(number)
    return numbers


def compared(pairs: Sequence[Pair]) -> Compared:
    """How pairs compare by their sketches."""
    kinds: list[int] = []
    features: list[tuple[float, ...]] = []
    for pair in pairs:
        first, second = sketch(pair.first, _KEY), sketch(pair.second, _KEY)
        found = comparison(first, second)
        if found:
            kinds.append(ALIKE if found[0] else OTHERS)
        else:
            kinds.append(RULED_SAME if same_thought(first, second) else RULED_OTHER)
        features.append(found[1] if found else (0.0,) * len(FEATURES_IF_ALIKE))
    same = np.array([pair.same for pair in pairs])
    return Compared(same, np.array(authors(pairs)), np.array(kinds), np.array(features))


def fit(features: Floats, same: Booleans) -> Floats:
    """The weights of a logistic regression and its constant, by Newton's method, with a penalty on their squares."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    weights = np.zeros(rows.shape[1])
    penalty = np.diag([_PENALTY] * features.shape[1] + [1e-3])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T * (chance * (1 - chance) + 1e-9) @ rows + penalty
        weights -= np.linalg.solve(slope, rows.T @ (chance - same) + penalty @ weights)
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ mean)


def cross_validated(features: Floats, same: Booleans, author: NDArray[np.int64]) -> Floats:
    """The score of each pair by weights that were fitted without its author, a mean over some ways to divide them."""
    scores = np.zeros(len(same))
    everyone = np.unique(author)
    for seed in range(_SHUFFLES):
        shuffled = np.random.default_rng(seed).permutation(everyone)
        for fold in range(_FOLDS):
            out = np.isin(author, shuffled[fold::_FOLDS])
            weights = fit(features[~out], same[~out])
            scores[out] += (features[out] @ weights[:-1] + weights[-1]) / _SHUFFLES
    return scores


def threshold(scores: Floats, same: Booleans, precision: float) -> float:
    """The lowest score from which on a share of the pairs, `precision`, say the same; infinite if there is none."""
    order = np.argsort(-scores, kind="stable")
    enough = np.flatnonzero(np.cumsum(same[order]) / np.arange(1, len(order) + 1) >= precision)
    return float(scores[order[enough[-1]]]) if len(enough) else float("inf")


def called_same(of: Compared, without: int | None = None, precision: float = PRECISION) -> Booleans:
    """Which pairs are called the same by weights that were fitted without their author.

    Args:
        of: the pairs.
        without: a feature to leave out.
        precision: what the thresholds, one for each kind, are chosen for.
    """
    called = of.kind == RULED_SAME
    for kind in FEATURES:
        rows = of.kind == kind
        features = of.features[rows] if without is None else np.delete(of.features[rows], without, axis=1)
        scores = cross_validated(features, of.same[rows], of.author[rows])
        called[rows] = scores >= threshold(scores, of.same[rows], precision)
    return called


def called_by(of: Compared, learned: Booleans) -> Booleans:
    """Which pairs are called the same by weights and thresholds from some of them."""
    called = of.kind == RULED_SAME
    for kind in FEATURES:
        rows = of.kind == kind
        scores = of.features[rows] @ (weights := constants(of, kind, learned))[:-1] + weights[-1]
        called[rows] = scores >= 0
    return called


def constants(of: Compared, kind: int, learned: Booleans) -> Floats:
    """The weights of a kind and its constant, less its threshold, from some of the pairs."""
    rows = (of.kind == kind) & learned
    weights = fit(of.features[rows], of.same[rows])
    scores = cross_validated(of.features[rows], of.same[rows], of.author[rows])
    weights[-1] -= threshold(scores, of.same[rows], PRECISION)
    return weights


def _line(name: str, called: Booleans, same: Booleans) -> str:
    right = (called & same).sum()
    return f"| {name} | {right / max(called.sum(), 1):.3f} | {right / same.sum():.3f} |"


def main() -> None:
    """Fit, and print tables in Markdown and the constants."""
    tune, more = read(TUNE), read(MORE)
    of = compared(tune + more)
    families = np.array([pair.family for pair in tune + more])
    older, everything = np.arange(len(families)) < len(tune), np.ones(len(families), bool)
    called = called_same(of)

    print("| family | pairs | say the same | called the same | rightly |\n|---|---|---|---|---|")
    for family in dict.fromkeys(families.tolist()):
        rows = families == family
        right = (called & of.same)[rows].sum()
        print(f"| {family} | {rows.sum()} | {of.same[rows].sum()} | {called[rows].sum()} | {right} |")

    print("\n| | precision | recall |\n|---|---|---|")
    print(_line("cross-validated", called, of.same))
    for precision in (0.95, 0.9):
        print(_line(f"… for a precision of {precision}", called_same(of, precision=precision), of.same))
    for without in range(len(FEATURES_IF_ALIKE)):
        names = " and ".join(f"*{names[without]}*" for names in FEATURES.values())
        print(_line(f"without {names}", called_same(of, without), of.same))
    for name, learned in (("fitted on the first file, tested on the second", older), ("the other way", ~older)):
        print(_line(name, called_by(of, learned)[~learned], of.same[~learned]))

    print()
    for name, kind in (("_ALIKE", ALIKE), ("_OTHERS", OTHERS)):
        print(f"{name} = ({', '.join(f'{weight:.2f}' for weight in constants(of, kind, everything))})")


if __name__ == "__main__":
    main()
