"""What personal models need to know about the shared one: base rates of drafts, and how sure it typically is.

`python -m training.base_rates` writes both into the model's card again, which is needed after cues have changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach.labelling.encoder import KINDS, Encoder
from coach.labelling.labeller import CARD, FOLDER, Labeller, raw_log_odds
from coach.labelling.personal import contexts, features_of
from training.data import OWN_DRAFTS, Row, labelled, own_drafts


def base_rates(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Share of drafts that are of a kind and in a context, shape (kinds, contexts), to four decimals."""
    kinds = np.eye(len(KINDS), dtype=np.float32)[[KINDS.index(row.kind) for row in rows]]
    features = np.array([features_of(row.text, kind, row.language) for row, kind in zip(rows, kinds, strict=True)])
    shares: NDArray[np.float64] = kinds.T @ contexts(features.astype(np.float64)) / len(rows)
    return shares.round(4)


def typical_log_odds(encoder: Encoder, temperature: float) -> float:
    """The median size of a model's log-odds on 200 drafts, always the same ones, to two decimals."""
    scores = encoder.run([row.text for row in labelled(OWN_DRAFTS / "authored.jsonl")[::16]])
    return round(float(np.median(np.abs(raw_log_odds(scores)))) / temperature, 2)


def main() -> None:
    """Write both into the card of the shipped model."""
    card = json.loads((FOLDER / CARD).read_text(encoding="utf-8"))
    card["common"] = base_rates(own_drafts()).tolist()
    labeller = Labeller.load()
    card["typical"] = typical_log_odds(labeller.encoder, labeller.temperature)
    (FOLDER / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
