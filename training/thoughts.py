"""Fit how the sketches of two drafts show that they say the same: `python -m training.thoughts`.

It reads the pairs in `tests/intake/` that are there to choose on and fits the two logistic regressions of
`coach.intake.sketch`. It prints what they are worth on authors that they were not fitted on, and without each of
their features, and their weights, to be put there by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.intake.sketch import FEATURES_IF_ALIKE, FEATURES_OF_OTHERS, comparison, sketch
from tests.support.thought_pairs import MORE, TUNE, Pair, read

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

PRECISION = 0.98
"""What the thresholds are chosen for, of all pairs that are called the same."""

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
    """A number for the author of each pair, told by a name in the id, or else by hashtags and sites."""
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
    features: list[tuple[float, float, float]] = []
    for pair in pairs:
        found = comparison(sketch(pair.first, _KEY), sketch(pair.second, _KEY))
        if isinstance(found, bool):
            kinds.append(RULED_SAME if found else RULED_OTHER)
            features.append((0.0, 0.0, 0.0))
        else:
            kinds.append(ALIKE if found.alike else OTHERS)
            features.append(found.values)
    same = np.array([pair.same for pair in pairs])
    return Compared(same, np.array(authors(pairs)), np.array(kinds), np.array(features))


def fit(features: Floats, same: Booleans) -> Floats:
    """The weights of a logistic regression and its constant, by Newton's method, with a penalty on squares."""
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
    """The score of each pair by weights that were fitted without its author, a mean over some divisions."""
    scores = np.zeros(len(same))
    everyone = np.unique(author)
    for seed in range(_SHUFFLES):
        shuffled = np.random.default_rng(seed).permutation(everyone)
        for fold in range(_FOLDS):
            out = np.isin(author, shuffled[fold::_FOLDS])
            weights = fit(features[~out], same[~out])
            scores[out] += (features[out] @ weights[:-1] + weights[-1]) / _SHUFFLES
    return scores


def thresholds(of: Compared, scores: Floats, precision: float) -> tuple[float, ...]:
    """The lowest score of each kind that is called the same, for the most recall that has a precision."""
    ruled = of.kind == RULED_SAME
    right, called = np.array([[(ruled & of.same).sum()]]), np.array([[ruled.sum()]])
    cuts: list[Floats] = []
    for axis, kind in enumerate(FEATURES):
        rows = of.kind == kind
        order = np.argsort(-scores[rows], kind="stable")
        cuts.append(np.append(np.inf, scores[rows][order]))
        right = right + np.expand_dims(np.append(0, np.cumsum(of.same[rows][order])), 1 - axis)
        called = called + np.expand_dims(np.arange(len(order) + 1), 1 - axis)
    best = np.argmax(np.where(right >= precision * called, right, -1))
    return tuple(float(cut[at]) for cut, at in zip(cuts, np.unravel_index(best, right.shape), strict=True))


def cross_validated_scores(of: Compared, without: tuple[int, int] | None = None) -> Floats:
    """The score of each pair that is judged by weights, fitted without its author, and without a feature."""
    scores = np.zeros(len(of.same))
    for kind in FEATURES:
        rows = of.kind == kind
        features = of.features[rows]
        if without and without[0] == kind:
            features = np.delete(features, without[1], axis=1)
        scores[rows] = cross_validated(features, of.same[rows], of.author[rows])
    return scores


def called_same(of: Compared, scores: Floats, precision: float = PRECISION) -> Booleans:
    """Which pairs are called the same, with thresholds that are chosen for a precision."""
    called = of.kind == RULED_SAME
    for kind, needed in zip(FEATURES, thresholds(of, scores, precision), strict=True):
        called |= (of.kind == kind) & (scores >= needed)
    return called


def constants(of: Compared) -> list[Floats]:
    """The weights of each kind, and its constant less its threshold."""
    found: list[Floats] = []
    for kind, needed in zip(FEATURES, thresholds(of, cross_validated_scores(of), PRECISION), strict=True):
        rows = of.kind == kind
        weights = fit(of.features[rows], of.same[rows])
        weights[-1] -= needed
        found.append(weights)
    return found


def called_by(of: Compared, weights: Sequence[Floats]) -> Booleans:
    """Which pairs are called the same by the weights of each kind."""
    called = of.kind == RULED_SAME
    for kind, of_kind in zip(FEATURES, weights, strict=True):
        called |= (of.kind == kind) & (of.features @ of_kind[:-1] + of_kind[-1] >= 0)
    return called


def _line(name: str, called: Booleans, same: Booleans) -> str:
    right = (called & same).sum()
    return f"| {name} | {right / max(called.sum(), 1):.3f} | {right / same.sum():.3f} |"


def main() -> None:
    """Fit, and print tables in Markdown and the constants."""
    files = [read(TUNE), read(MORE)]
    pairs = [pair for file in files for pair in file]
    of = compared(pairs)
    scores = cross_validated_scores(of)
    called = called_same(of, scores)

    print("| family | pairs | say the same | called the same | rightly |\n|---|---|---|---|---|")
    families = np.array([pair.family for pair in pairs])
    for family in dict.fromkeys(families.tolist()):
        rows = families == family
        right = (called & of.same)[rows].sum()
        print(f"| {family} | {rows.sum()} | {of.same[rows].sum()} | {called[rows].sum()} | {right} |")

    print("\n| | precision | recall |\n|---|---|---|")
    print(_line("cross-validated", called, of.same))
    for precision in (0.985, 0.95, 0.9):
        print(_line(f"… for a precision of {precision}", called_same(of, scores, precision), of.same))
    for kind, names in FEATURES.items():
        for at, name in enumerate(names):
            print(_line(f"without *{name}*", called_same(of, cross_validated_scores(of, (kind, at))), of.same))
    first, second = map(compared, files)
    print(
        _line("fitted on the first file, tested on the second", called_by(second, constants(first)), second.same)
    )
    print(_line("fitted on the second file, tested on the first", called_by(first, constants(second)), first.same))

    print()
    for name, weights in zip(("_ALIKE", "_OTHERS"), constants(of), strict=True):
        print(f"{name} = ({', '.join(f'{weight:.2f}' for weight in weights)})")


if __name__ == "__main__":
    main()
