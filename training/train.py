"""Build the model's files from labelled drafts: `python -m training.train FOLDER`."""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownParameterType=false

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from coach.labelling.encoder import Encoder
from coach.labelling.labeller import CARD, FOLDER, LANGUAGE_TABLE, MODEL, TOKENIZER, Labeller, raw_log_odds
from coach.labels import Label
from coach.text import readable
from training import metrics
from training.base import PACKED, Base, smaller, unpacked
from training.base_rates import base_rates, typical_log_odds
from training.data import Row, gist, labelled, own_drafts, posts, read_since, training_rows
from training.encoder import THREADS, Net, examples, keep_memory, predict, train
from training.evaluate import report
from training.export import export
from training.pretrain import pretrain
from training.words import language_table

SEED = 7
ASKED = 0.12
"""The share of drafts whose authors may be asked."""

EPOCHS, RATE = 4.0, 1e-4
HELD_BACK = 5
"""One in this many sources is left out of the run that the calibration is based on."""


def pretrained(folder: Path | None, texts: Sequence[str], labelled_texts: Sequence[str]) -> Base:
    """The encoder to fine-tune: the pretrained one after reading posts without labels.

    Args:
        folder: where it is kept, and read from if it is already there; None to make it and not keep it.
        texts: the posts to read.
        labelled_texts: labelled drafts, whose word pieces it has to know too.
    """
    if folder is not None and folder.exists():
        return Base.load(folder)
    base = smaller(unpacked(PACKED.read_bytes()), map(readable, (*texts, *labelled_texts)))
    torch.manual_seed(SEED)
    net = Net(base)
    pretrain(net, texts, seed=SEED)
    base = Base(base.sizes, net.encoder.state_dict(), base.tokenizer)
    if folder is not None:
        base.save(folder)
    return base


def fine_tuned(base: Base, rows: Sequence[Row], note: str) -> Net:
    """An encoder fine-tuned on labelled rows."""
    torch.manual_seed(SEED)
    net = Net(base)
    train(net, examples(rows), epochs=EPOCHS, rate=RATE, seed=SEED, note=note)
    return net


def fitted_temperature(log_odds: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The number to divide log-odds by to calibrate them (temperature scaling, Guo et al., 2017).

    No offset is fitted: it would only reflect how much conversation the left-out sources happen to have.
    """
    slope = LogisticRegression(C=1e6, fit_intercept=False).fit(log_odds[:, None], truth).coef_[0, 0]
    return 1 / float(slope)


def calibration(
    base: Base, rows: Sequence[Row], hard: Sequence[Row], left_out: frozenset[str]
) -> tuple[float, float]:
    """Temperature, and half the width of the unsure band, from drafts of sources that a model has not seen.

    The sources are new to the model, as the bot's users will be. This prints how good the model is on them.
    """
    unseen = [row for row in rows if row.source in left_out]
    learned = [row for row in (*rows, *hard) if row.source not in left_out]
    judge = fine_tuned(base, learned, "sources left out")
    log_odds = raw_log_odds(predict(judge, [row.text for row in unseen]))
    truth = np.array([row.label is Label.CONVERSATION for row in unseen])
    temperature = fitted_temperature(log_odds, truth)
    predicted = 1 / (1 + np.exp(-log_odds / temperature))
    width, others = metrics.asked(truth, predicted, ASKED)
    print(
        f"{len(unseen)} drafts of {len(left_out)} sources left out: "
        f"accuracy {metrics.accuracy(truth, predicted):.3f}, AUC {metrics.auc(truth, predicted):.3f}, "
        f"ECE {metrics.calibration_error(truth, predicted):.3f}, temperature {temperature:.3f}; "
        f"{ASKED:.0%} asked (within {width:.3f} of a half), others right {others:.3f}"
    )
    for source in sorted(left_out):
        mine = np.array([row.source == source for row in unseen])
        print(
            f"  {source}: {mine.sum()} drafts, accuracy {metrics.accuracy(truth[mine], predicted[mine]):.3f}",
            flush=True,
        )
    return temperature, width


def main() -> None:
    """Train, calibrate on left-out sources, write the files, and print how good the model is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, metavar="FOLDER", help="the folder of labelled public posts")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder of the model's files")
    parser.add_argument(
        "--base",
        type=Path,
        metavar="FOLDER",
        help="where to keep the encoder that has read the posts but learned no labels; if it is there, it is used "
        "as it is, so give another folder once the posts or their sources have changed",
    )
    arguments = parser.parse_args()
    keep_memory()
    torch.set_num_threads(THREADS)
    began = time.monotonic()

    gold = labelled(arguments.data / "gold_dev.jsonl")
    # The model learns from nothing that it is judged by, nor from a copy of it with other mentions or links.
    judged = {gist(row.text) for row in gold}
    rows = [row for row in training_rows(arguments.data) if gist(row.text) not in judged]
    hard = [row for row in read_since(arguments.data) if gist(row.text) not in judged]
    print(f"{len(rows)} drafts of {len({row.source for row in rows})} sources, and {len(hard)} hard ones")

    left_out = frozenset(sorted({row.source for row in rows})[::HELD_BACK])
    # What the judge hasn't learned from, it hasn't read without labels either.
    unlabelled = [
        text
        for text, source in posts(arguments.data)
        if source.lower() not in left_out and gist(text) not in judged
    ]
    base = pretrained(arguments.base, unlabelled, [row.text for row in rows])
    temperature, width = calibration(base, rows, hard, left_out)
    net = fine_tuned(base, rows + hard, "all")
    arguments.out.mkdir(parents=True, exist_ok=True)
    export(net, [row.text for row in own_drafts()[::40]], arguments.out / MODEL, arguments.out / TOKENIZER)
    language_table().tofile(arguments.out / LANGUAGE_TABLE)
    sums = {
        name: hashlib.sha256((arguments.out / name).read_bytes()).hexdigest()
        for name in (MODEL, TOKENIZER, LANGUAGE_TABLE)
    }
    # A band that asks about a larger share of the gold posts is narrowed: the judge knew less than this network.
    encoder = Encoder(arguments.out / MODEL, arguments.out / TOKENIZER)
    log_odds = raw_log_odds(encoder.run([row.text for row in gold]))
    truth = np.array([row.label is Label.CONVERSATION for row in gold])
    width = min(width, metrics.asked(truth, 1 / (1 + np.exp(-log_odds / temperature)), ASKED)[0])
    card = {
        "version": sums[MODEL][:8],
        "temperature": temperature,
        "unsure": [0.5 - width, 0.5 + width],
        "sha256": sums,
        "common": base_rates(own_drafts()).tolist(),
        "typical": typical_log_odds(encoder, temperature),
    }
    (arguments.out / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"{arguments.out}: written after {time.monotonic() - began:.0f} s")
    print(report(gold, Labeller.load(arguments.out).label([row.text for row in gold])))


if __name__ == "__main__":
    main()
