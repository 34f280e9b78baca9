"""Whether a draft is English, by how many of its words the training drafts know."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from coach.layout import plain
from coach.text import LINK, masked, window

BITS = 1 << 18
"""Length of the bitmap of known words."""

# At least this share of the words must be known. Names, jargon and typing errors are not; foreign words that
# English shares ("me", "no", "die") are, so the line lies between what English and foreign drafts have.
_KNOWN_SHARE = 0.5
_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_WORD = re.compile(rf"[@#]\w+|\b{LINK}\b")


def words(text: str) -> list[str]:
    """The words of a draft that tell its language: no mentions, addresses, hashtags or numbers."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(_NO_WORD.sub(" ", masked(text)))]


def bit(word: str) -> int:
    """A word's place in the bitmap."""
    return crc32(word.encode("utf-8", "surrogatepass")) % BITS


def is_english(text: str, known: NDArray[np.uint8]) -> bool:
    """Whether a draft is in English, or too short to tell.

    Args:
        text: a draft.
        known: a bitmap of `BITS` bits, packed, shape (BITS // 8,), with the words of the training drafts.

    Returns:
        False where most letters are of another script, or most words are unknown.
    """
    text = window(plain(text))
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
    if latin * 2 < len(letters):
        return False
    found = words(text)
    if len(found) < _FEWEST_WORDS:
        return True
    places = np.array([bit(word) for word in found])
    return float(np.mean((known[places >> 3] >> (places & 7)) & 1)) >= _KNOWN_SHARE
