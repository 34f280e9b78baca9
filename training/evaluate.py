"""How good the shipped model is on a labelled file: `python -m training.evaluate FILE.jsonl [FILE.jsonl …]`."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coach.labelling.labeller import FOLDER, Labeller
from coach.labels import Kind, Label, Verdict
from coach.layout import plain
from coach.text import readable
from training import metrics
from training.data import Row, labelled
from training.layouts import HASHTAGS, LAYOUTS

ASKED_SHARES = (0.02, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20)


def report(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> str:
    """Markdown tables with the figures of some verdicts.

    Args:
        rows: labelled drafts.
        verdicts: the labeller's verdict on each.
    """
    truth = np.array([row.label is Label.CONVERSATION for row in rows])
    predicted = np.array([verdict.probability for verdict in verdicts])
    kinds = np.array([row.kind == verdict.kind for row, verdict in zip(rows, verdicts, strict=True)])
    lines = ["| figure | value | 95% interval |", "|---|---|---|"]
    for name, figure in (
        ("accuracy", metrics.accuracy),
        ("macro F1", metrics.macro_f1),
        ("AUC", metrics.auc),
        ("ECE", metrics.calibration_error),
    ):
        low, high = metrics.interval(figure, truth, predicted)
        lines.append(f"| {name} | {figure(truth, predicted):.3f} | {low:.3f} to {high:.3f} |")
    low, high = metrics.interval(lambda hit, _: float(hit.mean()), kinds, predicted)
    lines.append(f"| kind, eight ways | {kinds.mean():.3f} | {low:.3f} to {high:.3f} |")

    lines += ["", "| kind | drafts | right label | right kind |", "|---|---|---|---|"]
    for kind in Kind:
        mine = np.array([row.kind is kind for row in rows])
        if mine.any():
            right = metrics.accuracy(truth[mine], predicted[mine])
            lines.append(f"| {kind} | {mine.sum()} | {right:.3f} | {kinds[mine].mean():.3f} |")

    lines += ["", "| source | drafts | accuracy | 95% interval |", "|---|---|---|---|"]
    sources: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        sources[row.source].append(place)
    for source, places in sorted(sources.items()):
        low, high = metrics.interval(metrics.accuracy, truth[places], predicted[places])
        right = metrics.accuracy(truth[places], predicted[places])
        lines.append(f"| {source} | {len(places)} | {right:.3f} | {low:.3f} to {high:.3f} |")

    unsure = np.array([verdict.unsure for verdict in verdicts])
    lines += ["", "| asked about | accuracy on the others |", "|---|---|"]
    for share in ASKED_SHARES:
        lines.append(f"| {share:.0%} | {metrics.asked(truth, predicted, share)[1]:.3f} |")
    others = metrics.accuracy(truth[~unsure], predicted[~unsure])
    lines.append(f"| {unsure.mean():.1%} (the shipped band) | {others:.3f} |")
    return "\n".join(lines)


def layouts_report(rows: Sequence[Row], labeller: Labeller) -> str:
    """A Markdown table of what the layout of the drafts changes, which ought to be nothing.

    Args:
        rows: labelled drafts.
        labeller: labels each draft in each layout, unless the layout makes no difference to how it is read.
    """
    texts = [row.text for row in rows]
    truth = np.array([row.label is Label.CONVERSATION for row in rows])
    without = np.array([verdict.probability for verdict in labeller.label(texts)])
    right = metrics.accuracy(truth, without)
    lines = [
        f"| layout | accuracy (without: {right:.3f}) | change | other labels | mean change of probability |",
        "|---|---|---|---|---|",
    ]
    read = [(plain(text), readable(text)) for text in texts]
    for name, laid_out in (LAYOUTS | HASHTAGS).items():
        variants = [laid_out(text) for text in texts]
        others = [place for place, text in enumerate(variants) if (plain(text), readable(text)) != read[place]]
        found = without.copy()
        found[others] = [verdict.probability for verdict in labeller.label([variants[place] for place in others])]
        change = metrics.accuracy(truth, found) - right
        other = int(((found >= 0.5) != (without >= 0.5)).sum())
        moved = np.abs(found - without).mean()
        lines.append(f"| {name} | {right + change:.3f} | {change:+.3f} | {other} | {moved:.4f} |")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, label the files and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="labelled drafts, JSON lines")
    parser.add_argument(
        "--model", type=Path, default=FOLDER, help="the folder of the model's files (default: the shipped ones)"
    )
    parser.add_argument("--layouts", action="store_true", help="also print what the layout of the drafts changes")
    arguments = parser.parse_args()
    labeller = Labeller.load(arguments.model)
    for file in arguments.files:
        rows = labelled(file)
        print(f"\n## {file.name}: {len(rows)} drafts, model {labeller.version}\n")
        print(report(rows, labeller.label([row.text for row in rows])))
        if arguments.layouts:
            print(f"\n{layouts_report(rows, labeller)}")


if __name__ == "__main__":
    main()
