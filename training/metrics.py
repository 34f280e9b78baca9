"""Figures of merit for predicted probabilities of conversation, with bootstrap intervals.

In all of them `truth` says which drafts are conversation, and `predicted` is the probability that each one is.
"""

# scikit-learn has no types.
# pyright: reportMissingImports=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def accuracy(truth: Flags, predicted: Floats) -> float:
    """Share of drafts whose more probable label is the true one."""
    return float(np.mean((predicted >= 0.5) == truth))


def macro_f1(truth: Flags, predicted: Floats) -> float:
    """Mean of the two labels' F1."""
    return float(f1_score(truth, predicted >= 0.5, average="macro"))


def auc(truth: Flags, predicted: Floats) -> float:
    """Area under the ROC curve; not a number if only one label occurs."""
    return float(roc_auc_score(truth, predicted)) if 0 < truth.sum() < len(truth) else float("nan")


def calibration_error(truth: Flags, predicted: Floats, bins: int = 10) -> float:
    """Expected calibration error of P(conversation) over `bins` bins of equal width (Naeini et al., 2015)."""
    places = np.minimum((predicted * bins).astype(int), bins - 1)
    gaps = [
        np.mean(places == place) * abs(np.mean(truth[places == place]) - np.mean(predicted[places == place]))
        for place in np.unique(places)
    ]
    return float(np.sum(gaps))


def interval(
    figure: Callable[[Flags, Floats], float], truth: Flags, predicted: Floats, rounds: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """A 95% percentile bootstrap interval of a figure (Efron, 1979), minus the bootstrap's mean bias.

    The bias matters for the calibration error, which resampling can only increase.
    """
    rng = np.random.default_rng(seed)
    values: list[float] = []
    for _ in range(rounds):
        drawn = rng.integers(0, len(truth), len(truth))
        values.append(figure(truth[drawn], predicted[drawn]))
    low, high = np.nanpercentile(values, [2.5, 97.5]) - (np.nanmean(values) - figure(truth, predicted))
    return max(0.0, float(low)), min(1.0, float(high))


def asked(truth: Flags, predicted: Floats, share: float) -> tuple[float, float]:
    """Ask about the least certain `share` of drafts.

    Returns:
        Half the width of the band around 0.5 that holds that share, and the accuracy on the others.
    """
    distance = np.abs(predicted - 0.5)
    width = float(np.quantile(distance, share))
    others = distance > width
    return width, accuracy(truth[others], predicted[others])
