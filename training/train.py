"""Build the model file from labelled drafts: `python -m training.train [DATA]`."""

# scikit-learn and scipy come without types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import argparse
import hashlib
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from coach import english
from coach.features import SIZE, extract
from coach.labeller import KINDS, MODEL, Labeller
from coach.labels import CONVERSATION_KINDS
from training import metrics
from training.data import Row, labelled, plain_texts, training_rows
from training.evaluate import report

FOLDS = 5
ASKED = 0.12
"""Share of drafts whose authors may be asked."""

INVERSE_PENALTY = 8.0
UNSURE_WEIGHT = 0.5
FEWEST_SIGHTINGS = 3
TALK = np.array([kind in CONVERSATION_KINDS for kind in KINDS])


def matrix(texts: Sequence[str]) -> csr_matrix:
    """The features of texts, shape (len(texts), SIZE)."""
    found = [extract(text) for text in texts]
    starts = np.cumsum([0] + [len(features.index) for features in found])
    index = np.concatenate([features.index for features in found])
    value = np.concatenate([features.value for features in found])
    return csr_matrix((value, index, starts), shape=(len(texts), SIZE))


def fit(inputs: csr_matrix, rows: Sequence[Row]) -> LogisticRegression:
    """Multinomial logistic regression over the kinds; what its reader was unsure of weighs less."""
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, tol=1e-3)
    kinds = [KINDS.index(row.kind) for row in rows]
    model.fit(inputs, kinds, sample_weight=[UNSURE_WEIGHT if row.unsure else 1.0 for row in rows])
    return model


def log_odds(kinds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of conversation from the kinds' probabilities, shape (n, 8)."""
    talk = np.clip(kinds[:, TALK].sum(axis=1), 1e-6, 1 - 1e-6)
    return np.log(talk / (1 - talk))


def calibrate(odds: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of Platt's scaling."""
    platt = LogisticRegression(C=1e6).fit(odds[:, None], truth)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def known_words(rows: Sequence[Row], data: Path) -> NDArray[np.uint8]:
    """The bitmap of English words: those of the labelled drafts, then those of unread posts that are English."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(set(english.words(row.text)))
    bitmap = _bitmap(counts)
    for text in plain_texts(data):
        if english.is_english(text, bitmap):
            counts.update(set(english.words(text)))
    return _bitmap(counts)


def _bitmap(counts: Counter[str]) -> NDArray[np.uint8]:
    bitmap = np.zeros(english.BITS // 8, np.uint8)
    for word, count in counts.items():
        if count >= FEWEST_SIGHTINGS:
            place = english.bit(word)
            bitmap[place >> 3] |= 1 << (place & 7)
    return bitmap


def main() -> None:
    """Train, calibrate on drafts of sources left out, write the file, and print how good it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"), help="the data folder")
    parser.add_argument("--out", type=Path, default=MODEL, help="the model file to write")
    arguments = parser.parse_args()
    began = time.monotonic()

    rows = training_rows(arguments.data)
    truth = np.array([row.kind in CONVERSATION_KINDS for row in rows])
    inputs = matrix([row.text for row in rows])
    print(f"{len(rows)} drafts of {len({row.source for row in rows})} sources")

    # Each draft is judged by a model that has not seen its author, as it will be for those who use the bot.
    held_back = np.zeros((len(rows), len(KINDS)))
    groups = [row.source for row in rows]
    for seen, unseen in GroupKFold(FOLDS).split(inputs, groups=groups):
        model = fit(inputs[seen], [rows[place] for place in seen])
        held_back[unseen] = model.predict_proba(inputs[unseen])
    slope, offset = calibrate(log_odds(held_back), truth)
    talk = 1 / (1 + np.exp(-(slope * log_odds(held_back) + offset)))
    width, others = metrics.asked(truth, talk, ASKED)
    print(
        f"sources left out: accuracy {metrics.accuracy(truth, talk):.3f}, AUC {metrics.auc(truth, talk):.3f}, "
        f"ECE {metrics.calibration_error(truth, talk):.3f}; {ASKED:.0%} asked, others right {others:.3f}"
    )

    model = fit(inputs, rows)
    weights = model.coef_.T.astype(np.float16)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        arguments.out,
        weights=weights,
        bias=np.asarray(model.intercept_, np.float32),
        scale=np.array([slope, offset]),
        unsure=np.array([0.5 - width, 0.5 + width]),
        known=known_words(rows, arguments.data),
        version=np.array(hashlib.sha256(weights.tobytes()).hexdigest()[:8]),
    )
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.1f} MB in {time.monotonic() - began:.0f} s")

    gold = labelled(arguments.data / "gold_dev.jsonl")
    print(report(gold, Labeller.load(arguments.out).label([row.text for row in gold])))


if __name__ == "__main__":
    main()
