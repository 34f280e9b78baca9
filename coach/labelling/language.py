"""Whether a draft is English: how many of its words English drafts have, and how many other languages have."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from coach.layout import plain
from coach.text import LINK, excerpt, masked

BITS = 1 << 18
"""Length of the bitmap of known words."""

# At least this share of the words must be known, and more in a short text. Names, jargon and typing errors are not
# known; foreign words that English shares ("me", "no", "die") are, so the threshold lies between the two.
_KNOWN_SHARE = 0.5
_SHORT = 4
# The share of the words by which English must lead each other language. Most words of an English draft belong to
# no other; a short foreign post may consist of words that English drafts have too ("De winter is er").
_AHEAD = 0.3
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_NO_WORD = re.compile(rf"[@#]\w+|\b{LINK}\b")
_LANGUAGES = Path(__file__).with_name("languages.txt")


def words(text: str) -> list[str]:
    """The words of a draft that show its language: no mentions, addresses, hashtags or numbers."""
    return [_folded(word) for word in _written(text)]


def bit(word: str) -> int:
    """A word's place in the bitmap."""
    return crc32(word.encode("utf-8", "surrogatepass")) % BITS


def is_english(text: str, known: NDArray[np.uint8]) -> bool:
    """Whether a draft is in English.

    Args:
        text: a draft.
        known: a packed bitmap of `BITS` bits, shape (BITS // 8,), of the words in the training drafts.

    Returns:
        False if most letters are of another script, too few words are known, or nearly as many are everyday words
        of another language.
    """
    text = unicodedata.normalize("NFC", excerpt(plain(text)))
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
    if latin * 2 < len(letters):
        return False
    written = _written(text)
    if not written:
        return True
    found = [_folded(word) for word in written]
    knows = [_knows(known, word) for word in found]
    # An unknown word with a capital letter inside a text is usually a name, and shows nothing.
    counted = [
        is_known
        for at, (word, is_known) in enumerate(zip(written, knows, strict=True))
        if is_known or not (at and word[0].isupper())
    ]
    share = sum(counted) / len(counted)
    if share < _KNOWN_SHARE or (share == _KNOWN_SHARE and len(found) <= _SHORT):
        return False
    return sum(counted) - _most_in_another_language(found, knows) > _AHEAD * len(counted)


def _written(text: str) -> list[str]:
    return _WORD.findall(_NO_WORD.sub(" ", masked(text)))


def _folded(word: str) -> str:
    return word.lower().replace("’", "'")


def _knows(known: NDArray[np.uint8], word: str) -> bool:
    """Whether a word is a known one, drawn out ("sooo", "gooood") or not."""
    drawn = _DRAWN_OUT.search(word) is not None
    spellings = (word, _DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)) if drawn else (word,)
    places = [bit(spelling) for spelling in spellings]
    return any((known[place >> 3] >> (place & 7)) & 1 for place in places)


def _most_in_another_language(found: list[str], knows: list[bool]) -> int:
    """How many of the words are everyday words of one other language, the one that has most of them.

    Those that are not also English count twice.
    """
    languages, counts = _languages_of_words(), Counter[str]()
    for word, is_known in zip(found, knows, strict=True):
        for language in languages.get(word, ()):
            counts[language] += 1 if is_known else 2
    return max(counts.values(), default=0)


@lru_cache(maxsize=1)
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    """The languages other than English that each everyday word belongs to."""
    languages: dict[str, tuple[str, ...]] = {}
    for line in _LANGUAGES.read_text(encoding="utf-8").splitlines():
        language, colon, its_words = line.partition(": ")
        if colon and not line.startswith("#"):
            for word in dict.fromkeys(its_words.split()):
                languages[word] = (*languages.get(word, ()), language)
    return languages
