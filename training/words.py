"""The bitmap of English words that shows a draft's language, from the words of the training texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from coach.labelling.language import BITS, bit, is_english, words

FEWEST_SIGHTINGS = 3


def known_words(labelled: Sequence[str], others: Iterable[str]) -> NDArray[np.uint8]:
    """The bitmap of words that occur often enough in the labelled drafts and in other English posts."""
    counts: Counter[str] = Counter()
    for text in labelled:
        counts.update(set(words(text)))
    bitmap = _bitmap(counts)
    for text in others:
        if is_english(text, bitmap):
            counts.update(set(words(text)))
    return _bitmap(counts)


def _bitmap(counts: Counter[str]) -> NDArray[np.uint8]:
    bitmap = np.zeros(BITS // 8, np.uint8)
    for word, count in counts.items():
        if count >= FEWEST_SIGHTINGS:
            place = bit(word)
            bitmap[place >> 3] |= 1 << (place & 7)
    return bitmap
