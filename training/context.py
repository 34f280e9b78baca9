"""How much a draft's place says about its label: `python -m training.context` prints a table.

The drafts of `context.jsonl` are in threads for answers, or below a post that their author pasted. Half of them
are answers; whoever labelled them knew where they were. They are never trained on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from coach.labelling.labeller import FOLDER, Labeller
from coach.labels import Label
from training.data import labelled

DRAFTS = Path(__file__).resolve().parent / "context.jsonl"
SHIFTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


def main() -> None:
    """Read the arguments and print what each shift of the log-odds makes of the drafts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=FOLDER, help="the folder of the model's files")
    labeller = Labeller.load(parser.parse_args().model)
    rows = labelled(DRAFTS)
    answers = np.array([row.label is Label.CONVERSATION for row in rows])
    log_odds = labeller.read([row.text for row in rows])[0]
    print(f"{len(rows)} drafts, model {labeller.version}\n")
    print("| shift | accuracy | answers found | others found | log loss | asked | right where not asked |")
    print("|---|---|---|---|---|---|---|")
    for shift in SHIFTS:
        chance = 1 / (1 + np.exp(-(log_odds + shift)))
        right = (chance >= 0.5) == answers
        asked = (chance >= labeller.unsure_from) & (chance <= labeller.unsure_to)
        loss = -np.log(np.where(answers, chance, 1 - chance)).mean()
        print(
            f"| {shift:+.1f} | {right.mean():.3f} | {right[answers].mean():.2f} | {right[~answers].mean():.2f} "
            f"| {loss:.3f} | {asked.mean():.3f} | {right[~asked].mean():.3f} |"
        )


if __name__ == "__main__":
    main()
