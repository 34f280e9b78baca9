"""Fit how the sketches of two drafts show that they say the same: `python -m training.thoughts`.

It reads the pairs in `tests/intake/` that are there to choose on, fits the two logistic regressions of
`coach.intake.sketch`, and prints their weights, to be put there by hand, with what they are worth on authors that they
were not fitted on, and without each of the features.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.intake.sketch import FEATURES, comparison, same_thought, sketch
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
        ruled: 1 or -1 for pairs that a rule calls the same or different, 0 for those that are judged by weights.
        alike: whether they look alike.
        features: shape (n, features).
    """

    same: Booleans
    author: NDArray[np.int64]
    ruled: NDArray[np.int64]
    alike: Booleans
    features: Floats


def authors(pairs: Sequence[Pair]) -> list[int]:
    """A number for the author of each pair; who uses the same hashtag or site, or is named in the id, is the same."""
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
    ruled: list[int] = []
    alike: list[bool] = []
    features: list[tuple[float, ...]] = []
    for pair in pairs:
        first, second = sketch(pair.first, _KEY), sketch(pair.second, _KEY)
        found = comparison(first, second)
        ruled.append(0 if found else 1 if same_thought(first, second) else -1)
        alike.append(found is not None and found[0])
        features.append(found[1] if found else (0.0,) * len(FEATURES))
    return Compared(
        np.array([pair.same for pair in pairs]),
        np.array(authors(pairs)),
        np.array(ruled),
        np.array(alike),
        np.array(features),
    )


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


def judged(of: Compared, fitted_on: Booleans, rows: Booleans, columns: Sequence[int]) -> Floats:
    """The scores of some rows by weights that were fitted on others."""
    scores = np.where(of.ruled > 0, 99.0, -99.0)
    for alike in (True, False):
        kind = (of.ruled == 0) & (of.alike == alike)
        weights = fit(of.features[fitted_on & kind][:, columns], of.same[fitted_on & kind])
        scores[kind] = of.features[kind][:, columns] @ weights[:-1] + weights[-1]
    return scores[rows]


def cross_validated(of: Compared, columns: Sequence[int]) -> Floats:
    """The score of each pair by weights that were fitted without its author, a mean over some ways to divide them."""
    scores = np.zeros(len(of.same))
    everyone = np.unique(of.author)
    for seed in range(_SHUFFLES):
        shuffled = np.random.default_rng(seed).permutation(everyone)
        for fold in range(_FOLDS):
            left_out = np.isin(of.author, shuffled[fold::_FOLDS])
            scores[left_out] += judged(of, ~left_out, left_out, columns) / _SHUFFLES
    return scores


def recall_at(scores: Floats, same: Booleans, precision: float) -> tuple[float, float]:
    """The greatest recall that has a precision, and the score that it takes."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(same[order])
    enough = np.flatnonzero(right / np.arange(1, len(order) + 1) >= precision)
    if not len(enough):
        return 0.0, float("inf")
    return float(right[enough[-1]] / same.sum()), float(scores[order[enough[-1]]])


def _line(name: str, scores: Floats, same: Booleans) -> str:
    recalls = " ".join(f"{recall_at(scores, same, precision)[0]:.3f} |" for precision in (PRECISION, 0.95, 0.9))
    return f"| {name} | {recalls}"


def main() -> None:
    """Fit, and print tables in Markdown and the constants."""
    tune, more = read(TUNE), read(MORE)
    pairs = tune + more
    of = compared(pairs)
    columns = range(len(FEATURES))
    scores = cross_validated(of, columns)
    print(f"| recall at a precision of | {PRECISION} | 0.95 | 0.9 |\n|---|---|---|---|")
    print(_line("all features", scores, of.same))
    for left_out, name in enumerate(FEATURES):
        print(_line(f"without {name}", cross_validated(of, [at for at in columns if at != left_out]), of.same))
    older = np.arange(len(pairs)) < len(tune)
    for name, fitted_on in (("fitted on the first file, tested on the second", older), ("the other way", ~older)):
        print(_line(name, judged(of, fitted_on, ~fitted_on, columns), of.same[~fitted_on]))

    _, needed = recall_at(scores, of.same, PRECISION)
    print("\n| family | pairs | say the same | called the same | rightly |\n|---|---|---|---|---|")
    families = np.array([pair.family for pair in pairs])
    for family in [*dict.fromkeys(families.tolist()), "all"]:
        rows = (families == family) | (family == "all")
        called = scores[rows] >= needed
        same = of.same[rows]
        print(f"| {family} | {rows.sum()} | {same.sum()} | {called.sum()} | {(called & same).sum()} |")

    print(f"\n_NEEDED = {needed:.2f}")
    for name, alike in (("_ALIKE", True), ("_OTHERS", False)):
        kind = (of.ruled == 0) & (of.alike == alike)
        weights = ", ".join(f"{weight:.2f}" for weight in fit(of.features[kind], of.same[kind]))
        print(f"{name} = ({weights})")


if __name__ == "__main__":
    main()
