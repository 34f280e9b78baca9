"""How common each kind of draft is with each aspect: what an author's corrections are compared with.

`python -m training.common` writes it into the model's card anew, as is due when cues have changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coach.labelling.encoder import KINDS
from coach.labelling.labeller import CARD, FOLDER
from coach.labelling.personal import aspects, traits_of
from training.data import Row, own_drafts


def commonness(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Share of drafts that are of a kind and have an aspect, shape (kinds, aspects), to four decimals."""
    kinds = np.eye(len(KINDS), dtype=np.float32)[[KINDS.index(row.kind) for row in rows]]
    traits = np.array([traits_of(*of_one) for of_one in zip((row.text for row in rows), kinds, strict=True)])
    shares: NDArray[np.float64] = kinds.T @ aspects(traits.astype(np.float64)) / len(rows)
    return shares.round(4)


def main() -> None:
    """Write the shares into the card of the shipped model."""
    card = json.loads((FOLDER / CARD).read_text(encoding="utf-8"))
    card["common"] = commonness(own_drafts()).tolist()
    (FOLDER / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
