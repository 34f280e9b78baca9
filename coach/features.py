"""From a draft to numbers: hashed word and character n-grams and the named cues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from coach.cues import CUES, MENTION, URL, Found, find

BUCKETS = 1 << 17
"""Buckets for hashed n-grams; the cues stand behind them."""

SIZE = BUCKETS + len(CUES)

LINK = "http"
"""What stands for an address in a masked draft."""

_HEAD, _TAIL = 1500, 1500
_WORD_GRAMS = 3
_CHAR_GRAMS = range(2, 6)
_TOKEN = re.compile(r"@user|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")

# The groups are scaled to equal length, so that a long draft's many n-grams do not drown its few cues.
_WORD_SCALE, _CHAR_SCALE, _CUE_SCALE = 1.0, 1.0, 0.5


@dataclass(frozen=True, slots=True)
class Features:
    """A draft in numbers.

    Attributes:
        index: places in a weight vector of `SIZE`, shape (n,).
        value: the features' values there, shape (n,).
        grams: the word n-grams at the first places, as they are written in the draft.
        cues: the cues at the last places.
    """

    index: NDArray[np.int32]
    value: NDArray[np.float32]
    grams: tuple[str, ...]
    cues: tuple[Found, ...]


def window(text: str) -> str:
    """The part of a draft that is read: all of it up to 3,000 characters, else its beginning and its end."""
    if len(text) <= _HEAD + _TAIL:
        return text
    return f"{text[:_HEAD]} {text[-_TAIL:]}"


def masked(text: str) -> str:
    """A draft with each address as `LINK` and each mention as `@user`, so that no name is learned."""
    return MENTION.sub("@user", URL.sub(f" {LINK} ", text))


def tokens(text: str) -> list[str]:
    """Words and marks of a masked draft, as they are written."""
    return _TOKEN.findall(text)


def extract(text: str) -> Features:
    """The features of a draft; time is linear in its length up to `window`, and constant beyond."""
    text = window(text)
    words = tokens(masked(text))
    grams: dict[int, str] = {}
    for size in range(1, _WORD_GRAMS + 1):
        for start in range(len(words) - size + 1):
            gram = " ".join(words[start : start + size])
            grams.setdefault(_bucket("w", gram.lower()), gram)
    # Words apart by one space, so that character n-grams see where a word begins and ends.
    running = f"^{' '.join(words).lower()}$"
    chars = {
        _bucket("c", running[start : start + size])
        for size in _CHAR_GRAMS
        for start in range(len(running) - size + 1)
    }
    cues = tuple(find(text))
    places = {cue.name: place for place, cue in enumerate(CUES)}
    index = [*grams, *chars, *(BUCKETS + places[found.cue.name] for found in cues)]
    value = np.concatenate(
        [
            np.full(len(grams), _WORD_SCALE / max(1, len(grams)) ** 0.5),
            np.full(len(chars), _CHAR_SCALE / max(1, len(chars)) ** 0.5),
            np.full(len(cues), _CUE_SCALE),
        ]
    )
    return Features(np.array(index, np.int32), value.astype(np.float32), tuple(grams.values()), cues)


def _bucket(group: str, gram: str) -> int:
    return crc32(f"{group}{gram}".encode("utf-8", "surrogatepass")) % BUCKETS
